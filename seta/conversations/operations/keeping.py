"""Keeps whole batches of messages with few statements, since every follower's text comes through here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from seta.callbacks.rules import Inbound
from seta.conversations import rules
from seta.conversations.models import Conversation, Message
from seta.conversations.operations.bulk import insert_rows, stored, upsert_rows
from seta.conversations.rules import Reply
from seta.oversight.operations import clear_all_to_send
from seta.oversight.rules import Verdict
from seta.people.operations import recognise_many
from seta.people.rules import IdentityKey
from seta.platforms.wechat.messages import text_reply

CHANNEL = "official_account"
"""The channel that oversight knows an account's own words by."""

Row = tuple[Any, ...]
COLUMNS = (
    "house_id",
    "account_id",
    "conversation_id",
    "direction",
    "channel",
    "kind",
    "body",
    "platform_msgid",
    "sent_at",
    "state",
    "reason",
)

VERDICT_LIFETIME = timedelta(seconds=60)
VERDICTS_MAX = 5_000

_verdicts: dict[tuple[int, str], tuple[datetime, str]] = {}


@dataclass(frozen=True, slots=True)
class Kept:
    """A message that was kept: whose it is, where, and the passive reply as XML (None when it was held back)."""

    inbound: Inbound
    person_id: int
    conversation_id: int
    answer: str | None


def keep_batch(batch: Sequence[Inbound], replies: Sequence[Reply | None], now: datetime) -> list[Kept]:
    """Keep messages of one house and the replies they get, in order; must run inside a transaction."""
    assert len(batch) == len(replies) and len({inbound.house_id for inbound in batch}) == 1
    house_id = batch[0].house_id
    people = recognise_many(
        house_id=house_id,
        keys=[[IdentityKey("openid", inbound.app_id, sender(inbound))] for inbound in batch],
        now=now,
    )
    conversations = _conversations(batch, people, now)
    owners = [
        conversations[inbound.account_id, person] for inbound, person in zip(batch, people, strict=True)
    ]
    held = _held_reasons(house_id, replies, now)
    rows: list[Row] = []
    at = stored(now)
    for inbound, owner, reply, reason in zip(batch, owners, replies, held, strict=True):
        rows.append(_inbound_row(inbound, owner))
        if reply is not None:
            rows.append(_reply_row(inbound, owner, reply, reason, at))
    insert_rows(Message, COLUMNS, rows)
    _mark_unanswered(owners, replies, now)
    return [
        Kept(inbound, person, owner, None if reply is None or reason else _xml(inbound, reply, now))
        for inbound, person, owner, reply, reason in zip(batch, people, owners, replies, held, strict=True)
    ]


def sender(inbound: Inbound) -> str:
    """The follower's openid."""
    return str(inbound.fields["FromUserName"])


def _conversations(
    batch: Sequence[Inbound], people: Sequence[int], now: datetime
) -> dict[tuple[int, int], int]:
    """Open what is new and touch what is known, with one statement; ids by (account, person)."""
    wanted = {(inbound.account_id, person): inbound for inbound, person in zip(batch, people, strict=True)}
    at = stored(now)
    found = upsert_rows(
        Conversation,
        ("house_id", "account_id", "person_id", "opened_at", "last_at", "last_inbound_at"),
        [
            (inbound.house_id, account_id, person_id, at, at, at)
            for (account_id, person_id), inbound in sorted(wanted.items(), key=lambda item: item[0])
        ],
        unique=("account_id", "person_id"),
        update=("last_at", "last_inbound_at"),
        returning=("account_id", "person_id", "id"),
    )
    return {(account_id, person_id): row_id for account_id, person_id, row_id in found}


def _inbound_row(inbound: Inbound, conversation_id: int) -> Row:
    return (
        inbound.house_id,
        inbound.account_id,
        conversation_id,
        Message.Direction.IN.value,
        Message.Channel.CALLBACK.value,
        inbound.kind[:24],
        rules.summary_of(inbound.kind, inbound.fields),
        inbound.external_id,
        stored(inbound.received_at),
        Message.State.RECEIVED.value,
        "",
    )


def _reply_row(inbound: Inbound, conversation_id: int, reply: Reply, held: str, at: Any) -> Row:
    state = Message.State.HELD if held else Message.State.SENT
    return (
        inbound.house_id,
        inbound.account_id,
        conversation_id,
        Message.Direction.OUT.value,
        Message.Channel.PASSIVE.value,
        "text",
        reply.text,
        None,
        at,
        state.value,
        held,
    )


def _mark_unanswered(owners: Sequence[int], replies: Sequence[Reply | None], now: datetime) -> None:
    waiting = {
        owner
        for owner, reply in zip(owners, replies, strict=True)
        if reply is not None and reply.needs_person
    }
    if waiting:
        Conversation.objects.filter(pk__in=waiting, unanswered_since=None).update(unanswered_since=now)


def _held_reasons(house_id: int, replies: Sequence[Reply | None], now: datetime) -> list[str]:
    """For each reply, empty when oversight lets it go. Equal texts are asked about once a minute, new ones together."""
    texts = dict.fromkeys(reply.text for reply in replies if reply is not None)
    reasons = {text: known for text in texts if (known := _known_reason(house_id, text, now)) is not None}
    asked = [text for text in texts if text not in reasons]
    if asked:
        verdicts = clear_all_to_send(house_id=house_id, channel=CHANNEL, texts=asked, now=now)
        if len(_verdicts) + len(asked) > VERDICTS_MAX:
            _verdicts.clear()
        for text, verdict in zip(asked, verdicts, strict=True):
            reasons[text] = held_reason(verdict)
            _verdicts[house_id, text] = (now, reasons[text])
    return ["" if reply is None else reasons[reply.text] for reply in replies]


def _known_reason(house_id: int, text: str, now: datetime) -> str | None:
    known = _verdicts.get((house_id, text))
    if known is None or not timedelta(0) <= now - known[0] < VERDICT_LIFETIME:
        return None
    return known[1]


def held_reason(verdict: Verdict) -> str:
    """The rules that keep a text from leaving, or nothing."""
    if not verdict.refused:
        return ""
    return ("policy: " + ", ".join(sorted({hit.rule for hit in verdict.hits})))[:200]


def _xml(inbound: Inbound, reply: Reply, now: datetime) -> str:
    return text_reply(sender(inbound), str(inbound.fields["ToUserName"]), reply.text, int(now.timestamp()))
