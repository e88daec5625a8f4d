"""What staff and the machine send: asked of oversight first, kept before the first byte, marked with the outcome."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from seta.callbacks.rules import Inbound
from seta.conversations import rules
from seta.conversations.events import MessageSent
from seta.conversations.models import Conversation, Message, UploadedPicture
from seta.conversations.operations.keeping import CHANNEL, held_reason, sender
from seta.conversations.rules import Touch
from seta.conversations.rules.windows import LONGEST_WINDOW
from seta.events.operations import publish
from seta.houses import queries as houses
from seta.houses.queries import Account
from seta.oversight.operations import clear_to_send
from seta.people import queries as people
from seta.platforms.core.errors import PlatformError
from seta.platforms.core.xml import parse_xml

PICTURE_LIFETIME = timedelta(days=2, hours=12)
"""The platform keeps an upload for three days; ours is renewed well before."""

NOTICE_CHANNEL = "mini_program"


@dataclass(frozen=True, kw_only=True)
class MessageCard:
    """What became of a message: queued, sent, failed or held, and why."""

    id: int
    conversation_id: int
    state: str
    reason: str


def send_text(*, house_id: int, person_id: int, text: str, now: datetime, key: str = "") -> MessageCard:
    """Write to a follower by customer-service message.

    Held when policy says so, failed with `no_window` when WeChat's window is closed, `no_openid` when the person is
    not known in the Official Account. With a `key` the same message is sent once, however often it is asked.
    Raises PlatformError only when sending again later makes sense.
    """
    account = houses.account(house_id, "official_account")

    def call(openid: str) -> None:
        houses.official_account(house_id).custom_send_text(openid, text)

    return _serve(account, person_id, kind="text", body=text, key=key, call=call, now=now)


def send_card(
    *,
    house_id: int,
    person_id: int,
    title: str,
    path: str,
    image_media_id: str,
    now: datetime,
    key: str = "",
) -> MessageCard:
    """Send a card that opens a page of the house's mini program; otherwise like `send_text`."""
    account = houses.account(house_id, "official_account")
    mini_program = houses.account(house_id, "mini_program")

    def call(openid: str) -> None:
        houses.official_account(house_id).custom_send_miniprogrampage(
            openid, title=title, appid=mini_program.app_id, pagepath=path, thumb_media_id=image_media_id
        )

    return _serve(account, person_id, kind="card", body=f"{title}\n{path}", key=key, call=call, now=now)


def notify(
    *,
    house_id: int,
    person_id: int,
    template: str,
    data: dict[str, str],
    page: str,
    now: datetime,
    key: str = "",
) -> MessageCard:
    """Send a subscribe message of the mini program; each acceptance by the client pays for one.

    The template's id is the account's secret `template_<template>`, else `sub_template_id`.
    """
    account = houses.account(house_id, "mini_program")
    template_id = account.secrets.get(f"template_{template}") or account.secrets["sub_template_id"]
    body = "\n".join(data.values())
    row = _open(account, person_id, Message.Channel.SUBSCRIBE, template[:24], body, NOTICE_CHANNEL, key, now)
    if row.state != Message.State.QUEUED:
        return _card(row)

    def call(openid: str) -> None:
        houses.mini_program(house_id).subscribe_send(
            openid=openid, template_id=template_id, data=data, page=page
        )

    return _deliver(row, account, person_id, call, now)


def upload_picture(*, house_id: int, picture: bytes, filename: str, now: datetime) -> str:
    """The account's media_id of a picture, uploaded when the platform has none or has soon forgotten it."""
    account = houses.account(house_id, "official_account")
    digest = hashlib.sha256(picture).hexdigest()
    kept = UploadedPicture.objects.filter(account_id=account.id, digest=digest).first()
    if kept is not None and now - kept.uploaded_at < PICTURE_LIFETIME:
        return kept.media_id
    media = houses.official_account(house_id).media_upload(
        picture, filename=filename, kind="image", media_type="image/png"
    )
    UploadedPicture.objects.update_or_create(
        account_id=account.id, digest=digest, defaults={"media_id": media.media_id, "uploaded_at": now}
    )
    return media.media_id


def answer_late(inbound: Inbound, answer: str, now: datetime) -> None:
    """Pass on a passive reply that came too late for its five seconds, as a customer-service message."""
    text = str(parse_xml(answer.encode()).get("Content", ""))
    person_id = people.find(
        house_id=inbound.house_id, kind="openid", app=inbound.app_id, value=sender(inbound)
    )
    if text and person_id is not None:
        key = f"late:{inbound.callback_id}"
        send_text(house_id=inbound.house_id, person_id=person_id, text=text, now=now, key=key)


def _serve(
    account: Account,
    person_id: int,
    *,
    kind: str,
    body: str,
    key: str,
    call: Callable[[str], None],
    now: datetime,
) -> MessageCard:
    row = _open(account, person_id, Message.Channel.SERVICE, kind, body, CHANNEL, key, now)
    if row.state != Message.State.QUEUED:
        return _card(row)
    if sends_left(row.conversation_id, now) <= 0:
        return _close(row, Message.State.FAILED, "no_window", now)
    return _deliver(row, account, person_id, call, now)


def sends_left(conversation_id: int, now: datetime) -> int:
    """How many customer-service messages the platform still takes in this conversation."""
    since = now - LONGEST_WINDOW
    recent = Message.objects.filter(conversation_id=conversation_id, sent_at__gte=since)
    touches = [
        Touch(touched, at)
        for kind, at in recent.filter(direction=Message.Direction.IN).values_list("kind", "sent_at")
        if (touched := rules.touch_kind_of(kind)) is not None
    ]
    sent = recent.filter(channel=Message.Channel.SERVICE, state=Message.State.SENT)
    return rules.sends_left(touches, list(sent.values_list("sent_at", flat=True)), now)


@transaction.atomic
def _open(
    account: Account,
    person_id: int,
    channel: Message.Channel,
    kind: str,
    body: str,
    policy_channel: str,
    key: str,
    now: datetime,
) -> Message:
    """The row of a message before anything is sent: queued, or held by policy, or what an earlier call made of it."""
    known = Message.objects.filter(account_id=account.id, key=key).first() if key else None
    if known is not None:
        return known
    held = held_reason(clear_to_send(house_id=account.house_id, channel=policy_channel, text=body, now=now))
    conversation, _ = Conversation.objects.get_or_create(
        account_id=account.id,
        person_id=people.current_id(person_id),
        defaults={"house_id": account.house_id, "opened_at": now, "last_at": now},
    )
    return Message.objects.create(
        house_id=account.house_id,
        account_id=account.id,
        conversation=conversation,
        direction=Message.Direction.OUT,
        channel=channel,
        kind=kind,
        body=body,
        key=key or None,
        sent_at=now,
        state=Message.State.HELD if held else Message.State.QUEUED,
        reason=held,
    )


def _deliver(
    row: Message, account: Account, person_id: int, call: Callable[[str], None], now: datetime
) -> MessageCard:
    openid = people.openid(people.current_id(person_id), account.app_id)
    if openid is None:
        return _close(row, Message.State.FAILED, "no_openid", now)
    try:
        call(openid)
    except PlatformError as problem:
        if problem.retryable and row.key:
            raise
        return _close(row, Message.State.FAILED, f"{problem.code} {problem.message}", now)
    return _close(row, Message.State.SENT, "", now)


@transaction.atomic
def _close(row: Message, state: Message.State, reason: str, now: datetime) -> MessageCard:
    row.state, row.reason = state, reason[:200]
    row.save(update_fields=["state", "reason"])
    conversation = Conversation.objects.get(pk=row.conversation_id)
    if state == Message.State.SENT:
        conversation.last_at = now
        if row.channel == Message.Channel.SERVICE and row.key is None:
            conversation.unanswered_since = None
        conversation.save(update_fields=["last_at", "unanswered_since"])
        publish(
            MessageSent(
                house_id=row.house_id,
                occurred_at=now,
                person_id=conversation.person_id,
                conversation_id=row.conversation_id,
                message_id=row.pk,
                kind=row.kind,
                channel=row.channel,
            )
        )
    return _card(row)


def _card(row: Message) -> MessageCard:
    return MessageCard(id=row.pk, conversation_id=row.conversation_id, state=row.state, reason=row.reason)
