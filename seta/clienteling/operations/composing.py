"""A message to one client: judged while it is written, held for a supervisor, and sent by the associate's own hand."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from seta.clienteling.models import Associate, ClientBookEntry, MessageDraft
from seta.clienteling.operations.contacting import must_supervise, note_contact
from seta.clienteling.operations.preparing import cover_of, may_write, mini_program_of, template_media
from seta.clienteling.operations.shares import keep_share, own_client, words_in_force
from seta.clienteling.rules import Refusal, Refused
from seta.clienteling.rules.composing import (
    UNAPPROVED,
    Attachment,
    fits,
    handed_messages,
    page_of,
    template_attachments,
)
from seta.content import queries as content
from seta.houses import queries as houses
from seta.oversight.operations import append_audit, clear_to_send, judge_draft
from seta.oversight.queries import advice
from seta.oversight.rules import Action, Piece, Verdict, pieces
from seta.people.queries import current_id
from seta.platforms.core.errors import ErrorKind, PlatformError

CHANNEL = "composer"
ROLE = "associate"
REASON_CHARS_MAX = 500
State = MessageDraft.State
READY = (State.CLEARED, State.RELEASED)


@dataclass(frozen=True)
class DraftCheck:
    """What policy says of words that are being written: the text in marked pieces and what to write instead."""

    action: str
    pieces: tuple[Piece, ...]
    rules: tuple[str, ...]
    advice: tuple[str, ...]


@dataclass(frozen=True)
class DraftCard:
    """A draft after it was judged: its state, the rules that stopped it and what they say to do."""

    id: int
    state: str
    rules: tuple[str, ...]
    advice: tuple[str, ...]


@dataclass(frozen=True)
class Handing:
    """What WeCom's client is asked to send, bubble by bubble, for the associate to press."""

    draft_id: int
    messages: list[dict[str, Any]]


def check_draft(
    *, house_id: int, text: str, version_id: int | None, language: str, now: datetime, channel: str = CHANNEL
) -> DraftCheck:
    """Judge what stands in the composer now; nothing is kept and nothing is logged."""
    verdict = judge_draft(
        house_id=house_id,
        channel=channel,
        text=text,
        role=ROLE,
        approved=_approved(house_id, version_id, now),
    )
    found = sorted({hit.rule for hit in verdict.hits})
    said = advice(found, house_id=house_id, language=language)
    return DraftCheck(verdict.action.word, tuple(pieces(text, verdict.hits)), tuple(found), tuple(said))


def submit_draft(
    *,
    house_id: int,
    associate_id: int,
    person_id: int,
    text: str,
    attachment: Attachment,
    version_id: int | None,
    key: str,
    language: str,
    now: datetime,
) -> DraftCard:
    """Ask leave for a message: cleared, held for a supervisor, or blocked for good; the same `key` asks once.

    Raises Refused: UNKNOWN, INACTIVE, NOT_YOURS, EMPTY, TEXT_TOO_LONG, NOT_APPROVED, BAD_CHOICE, NO_CONSENT,
    BLACKOUT. Ask outside a transaction: a refusal stays in the audit log.
    """
    associate, entry = own_client(house_id=house_id, associate_id=associate_id, person_id=person_id, now=now)
    kept = MessageDraft.objects.filter(associate=associate, key=key).first()
    if kept is not None:
        return _card(kept, language)
    if not (text or attachment.kind):
        raise Refused(Refusal.EMPTY)
    if not fits(text):
        raise Refused(Refusal.TEXT_TOO_LONG)
    may_write(house_id=house_id, person_id=entry.person_id, associate_id=associate.pk, now=now)
    attachment, words = _complete(house_id, attachment, now)
    approved = [*_approved(house_id, version_id, now), *([words] if words else [])]
    verdict = clear_to_send(
        house_id=house_id, channel=CHANNEL, text=f"{text}\n{attachment.title}", role=ROLE,
        approved=approved, now=now,
    )  # fmt: skip
    draft = _keep(associate, entry, text, attachment, version_id, verdict, key, now)
    return _card(draft, language)


def _approved(house_id: int, version_id: int | None, now: datetime) -> list[str]:
    """The words of the version that a draft was made from; Refused (NOT_APPROVED) once it is out of force."""
    if version_id is None:
        return []
    row = content.version(house_id, version_id, now=now)
    if row is None or not row.is_in_force:
        raise Refused(Refusal.NOT_APPROVED)
    return [row.text] if row.text else []


def _complete(house_id: int, attachment: Attachment, now: datetime) -> tuple[Attachment, str]:
    """The attachment with its page, and a product's approved words."""
    if attachment.kind == "product":
        row = words_in_force(house_id, attachment.code, now)
        return Attachment("product", attachment.code, row.title, "", ""), row.text
    if attachment.kind in ("place", "appointment", "card"):
        page = page_of(attachment.kind, attachment.code)
        if not page or not attachment.title:
            raise Refused(Refusal.BAD_CHOICE)
        return Attachment(attachment.kind, attachment.code, attachment.title, page, ""), ""
    if attachment.kind == "image":
        if content.picture(house_id, attachment.picture) is None:
            raise Refused(Refusal.NO_PICTURE)
        return Attachment("image", "", "", "", attachment.picture), ""
    if attachment.kind:
        raise Refused(Refusal.BAD_CHOICE)
    return attachment, ""


def is_approved_picture(house_id: int, sha256: str, now: datetime) -> bool:
    """Whether a kept picture is an approved version in force."""
    image = content.picture(house_id, sha256)
    return image is not None and content.match(house_id, image=image, now=now).outcome == "approved"


@transaction.atomic
def _keep(
    associate: Associate,
    entry: ClientBookEntry,
    text: str,
    attachment: Attachment,
    version_id: int | None,
    verdict: Verdict,
    key: str,
    now: datetime,
) -> MessageDraft:
    stopped = [hit.rule for hit in verdict.hits if hit.action >= Action.HOLD]
    state = State.CLEARED
    if verdict.refused:
        state = State.BLOCKED if verdict.action is Action.BLOCK else State.HELD
    unread = attachment.picture and not is_approved_picture(associate.house_id, attachment.picture, now)
    if unread and state == State.CLEARED:
        state = State.HELD
    found = sorted({*stopped, *([UNAPPROVED] if unread else [])})
    draft = MessageDraft.objects.create(
        house_id=associate.house_id,
        associate=associate,
        person_id=entry.person_id,
        text=text,
        attachment=attachment.dump(),
        version_id=version_id,
        state=state,
        rules=found,
        key=key,
        made_at=now,
    )
    if state != State.CLEARED:
        details = {"draft": draft.pk, "associate": associate.pk, "rules": found}
        append_audit(house_id=associate.house_id, kind=f"draft.{state}", details=details, now=now)
    return draft


def _card(draft: MessageDraft, language: str) -> DraftCard:
    said = advice(draft.rules, house_id=draft.house_id, language=language)
    return DraftCard(draft.pk, draft.state, tuple(draft.rules), tuple(said))


@transaction.atomic
def decide_draft(
    *, house_id: int, user_id: int, draft_id: int, release: bool, reason: str, now: datetime
) -> None:
    """A supervisor lets a held message go or refuses it, and says why.

    Raises Refused: SUPERVISOR_ONLY, UNKNOWN, NOT_HELD, OWN_DRAFT, NO_REASON.
    """
    must_supervise(house_id, user_id)
    draft = (
        MessageDraft.objects.select_for_update(of=("self",))
        .select_related("associate")
        .filter(pk=draft_id, house_id=house_id)
        .first()
    )
    if draft is None:
        raise Refused(Refusal.UNKNOWN)
    if draft.state != State.HELD:
        raise Refused(Refusal.NOT_HELD)
    if draft.associate.user_id == user_id:
        raise Refused(Refusal.OWN_DRAFT)
    if not reason.strip():
        raise Refused(Refusal.NO_REASON)
    draft.state = State.RELEASED if release else State.REFUSED
    draft.decided_by, draft.decided_at, draft.reason = user_id, now, reason.strip()[:REASON_CHARS_MAX]
    draft.save()
    details = {"draft": draft.pk, "user": user_id, "reason": draft.reason}
    append_audit(house_id=house_id, kind=f"draft.{draft.state}", details=details, now=now)


def hand_over(*, house_id: int, associate_id: int, draft_id: int, origin: str, now: datetime) -> Handing:
    """What WeCom's client shall send for a draft that may leave; `origin` is this server's own address.

    Asks policy once more; raises Refused (UNKNOWN, NOT_READY, NO_CONSENT, BLACKOUT, BLOCKED) and PlatformError. Call
    outside a transaction. `note_handed` follows once the associate has sent it.
    """
    draft = _ready(house_id, associate_id, draft_id, now)
    attachment = _with_share(draft, now)
    media = ""
    if attachment.picture:
        media = template_media(house_id, [attachment.picture])[0]
    messages = handed_messages(
        text=draft.text,
        attachment=attachment,
        appid=mini_program_of(house_id) if attachment.is_card else "",
        cover_url=f"{origin}/desk/composer/covers/{house_id}.png",
        media_id=media,
    )
    return Handing(draft.pk, messages)


def _ready(house_id: int, associate_id: int, draft_id: int, now: datetime) -> MessageDraft:
    draft = (
        MessageDraft.objects.select_related("associate")
        .filter(pk=draft_id, house_id=house_id, associate_id=associate_id)
        .first()
    )
    if draft is None:
        raise Refused(Refusal.UNKNOWN)
    if draft.state not in READY:
        raise Refused(Refusal.HELD if draft.state == State.HELD else Refusal.NOT_READY)
    own_client(house_id=house_id, associate_id=associate_id, person_id=draft.person_id, now=now)
    may_write(house_id=house_id, person_id=draft.person_id, associate_id=associate_id, now=now)
    title = Attachment.load(draft.attachment).title
    approved = _approved(house_id, draft.version_id, now)
    verdict = clear_to_send(
        house_id=house_id,
        channel=CHANNEL,
        text=f"{draft.text}\n{title}",
        role=ROLE,
        approved=approved,
        now=now,
    )
    # What a supervisor has let go stays let go; what may never be sent is stopped even then.
    if verdict.action is Action.BLOCK or (verdict.refused and draft.state == State.CLEARED):
        raise Refused(Refusal.BLOCKED, rules=sorted({hit.rule for hit in verdict.hits}))
    return draft


def _with_share(draft: MessageDraft, now: datetime) -> Attachment:
    """The draft's attachment; a product's gets the link that remembers who sent it."""
    attachment = Attachment.load(draft.attachment)
    if attachment.kind != "product" or attachment.page:
        return attachment
    version = words_in_force(draft.house_id, attachment.code, now)
    entry = ClientBookEntry.objects.get(associate_id=draft.associate_id, person_id=draft.person_id)
    with transaction.atomic():
        share = keep_share(draft.associate, entry, version, draft.text[:500], now)
        attachment = Attachment("product", attachment.code, version.title, share.path, "")
        draft.share_id, draft.attachment = share.id, attachment.dump()
        draft.save(update_fields=["share", "attachment"])
    return attachment


@transaction.atomic
def note_handed(*, house_id: int, associate_id: int, draft_id: int, now: datetime) -> None:
    """Keep that the associate has sent a draft in WeCom; once. Raises Refused (UNKNOWN, NOT_READY)."""
    draft = (
        MessageDraft.objects.select_for_update()
        .filter(pk=draft_id, house_id=house_id, associate_id=associate_id)
        .first()
    )
    if draft is None:
        raise Refused(Refusal.UNKNOWN)
    if draft.state == State.SENT:
        return
    if draft.state not in READY:
        raise Refused(Refusal.NOT_READY)
    draft.state, draft.sent_at = State.SENT, now
    draft.save()
    note_contact(
        house_id=house_id, person_id=draft.person_id, associate_id=associate_id, channel=CHANNEL, now=now
    )
    append_audit(house_id=house_id, kind="draft.sent", details={"draft": draft.pk}, now=now)


def prepare_draft(*, house_id: int, associate_id: int, draft_id: int, now: datetime) -> None:
    """Prepare a draft at WeCom as a message to this one client, which the associate confirms on their phone.

    For the desk outside WeCom, where no chat is open. It counts as one of the client's mass messages. Raises Refused
    as `hand_over` and PlatformError; call outside a transaction.
    """
    draft = _ready(house_id, associate_id, draft_id, now)
    entry = ClientBookEntry.objects.get(associate_id=associate_id, person_id=current_id(draft.person_id))
    attachment = _with_share(draft, now)
    media = template_media(house_id, [attachment.picture]) if attachment.picture else []
    if attachment.is_card:
        media = [cover_of(house_id, attachment.code if attachment.kind == "product" else "", now)]
    # The attempt is durable before the first byte: what is not known to have failed is never tried again.
    if not MessageDraft.objects.filter(pk=draft.pk, state=draft.state).update(state=State.HANDING):
        raise Refused(Refusal.NOT_READY)
    try:
        prepared = houses.wecom(house_id).add_msg_template(
            sender=draft.associate.userid,
            text=draft.text,
            customers=[entry.external_userid],
            attachments=template_attachments(
                attachment=attachment,
                appid=mini_program_of(house_id) if attachment.is_card else "",
                media_ids=media,
            ),
        )
    except PlatformError as problem:
        # A refusal is certain: nothing was prepared and the draft is what it was.
        state = State.FAILED if problem.kind is ErrorKind.UNKNOWN_OUTCOME else draft.state
        MessageDraft.objects.filter(pk=draft.pk).update(state=state)
        raise
    with transaction.atomic():
        MessageDraft.objects.filter(pk=draft.pk).update(state=State.PREPARED, platform_id=prepared.msgid)
        note_contact(
            house_id=house_id, person_id=draft.person_id, associate_id=associate_id, channel=CHANNEL, now=now
        )
        append_audit(house_id=house_id, kind="draft.prepared", details={"draft": draft.pk}, now=now)
