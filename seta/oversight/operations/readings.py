"""Open what was said: only for a named purpose, never without a line in the log and a reading that may be checked."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from seta.oversight import queries
from seta.oversight.models import Alert, Coaching, Reading, Reveal, SampleItem
from seta.oversight.operations.audit import append_audit
from seta.oversight.operations.rights import authorise, authorise_alert, refuse
from seta.oversight.queries import AlertRow, AlertView, ConversationView, SampledView, TrialView
from seta.oversight.rules.archive import clean
from seta.oversight.rules.review import NOTE_CHARS_MAX, Purpose, Refusal, purpose_of, text_of


def open_alert(
    *,
    house_id: int,
    alert_id: int,
    user_id: int,
    purpose: str,
    now: datetime,
    note: str = "",
    own_userid: str = "",
) -> AlertView:
    """An alert with the conversation around it; the reading is logged with its purpose. Raises Refused.

    A verdict that another reviewer must not see yet is not in it.
    """
    authorise_alert(house_id, alert_id, user_id, own_userid, now)
    why = purpose_of(purpose)
    view = queries.alert_view(house_id=house_id, alert_id=alert_id, now=now)
    if view is None:
        refuse(house_id, user_id, f"alert {alert_id}", Refusal.UNKNOWN, now)
    _log_reading(house_id, user_id, view.alert.conversation, why, len(view.context), now, note, alert_id)
    return view


def open_excerpts(
    *,
    house_id: int,
    alert_ids: Collection[int],
    user_id: int,
    purpose: str,
    now: datetime,
    own_userid: str = "",
) -> list[AlertRow]:
    """The found words of a page of alerts, for the queue; one line of the log names the alerts. Raises Refused.

    Alerts about the reader themselves are left out.
    """
    authorise(house_id, user_id, "excerpts", now)
    why = purpose_of(purpose)
    found = queries.alerts_by_id(house_id, alert_ids, now=now)
    rows = [row for row in found if not own_userid or row.userid != own_userid]
    if rows:
        details = {"user": user_id, "purpose": why.value, "alerts": [row.id for row in rows]}
        append_audit(house_id=house_id, kind="excerpts.read", details=details, now=now)
    return rows


def open_sampled(
    *, house_id: int, item_id: int, user_id: int, purpose: str, now: datetime, own_userid: str = ""
) -> SampledView:
    """A message that was drawn, in its conversation; the reading is logged. Raises Refused."""
    what = f"sample {item_id}"
    authorise(house_id, user_id, what, now)
    why = purpose_of(purpose)
    item = SampleItem.objects.filter(pk=item_id, draw__house_id=house_id, message__isnull=False).first()
    if item is None:
        refuse(house_id, user_id, what, Refusal.UNKNOWN, now)
    view = queries.sampled_view(item)
    if own_userid and view.userid == own_userid:
        refuse(house_id, user_id, what, Refusal.OWN, now)
    _log_reading(house_id, user_id, view.conversation, why, len(view.context), now)
    return view


def open_trial_hit(*, house_id: int, hit_id: int, user_id: int, purpose: str, now: datetime) -> TrialView:
    """A message that a rule on trial found, marked; the reading is logged. Raises Refused."""
    authorise(house_id, user_id, f"trial find {hit_id}", now)
    why = purpose_of(purpose)
    view = queries.trial_view(house_id, hit_id)
    if view is None:
        refuse(house_id, user_id, f"trial find {hit_id}", Refusal.UNKNOWN, now)
    _log_reading(house_id, user_id, view.conversation, why, 1, now)
    return view


def read_conversation(
    *, house_id: int, conversation: str, user_id: int, purpose: str, now: datetime, note: str = ""
) -> ConversationView:
    """A whole conversation, newest last; the reading is logged with its purpose. Raises Refused."""
    authorise(house_id, user_id, "conversation", now)
    why = purpose_of(purpose)
    view = queries.conversation_view(house_id=house_id, conversation=conversation)
    if view is None:
        refuse(house_id, user_id, "conversation", Refusal.UNKNOWN, now)
    _log_reading(house_id, user_id, conversation, why, len(view.messages), now, note)
    return view


def read_own_conversation(
    *, house_id: int, userid: str, external_userid: str, user_id: int, purpose: str, now: datetime
) -> ConversationView:
    """What an associate and a client wrote to each other, for that associate; empty when nothing is archived.

    The caller has made sure that the user is the associate and the client theirs; the reading is logged all the same.
    """
    why = purpose_of(purpose)
    conversation = f"{userid}:{external_userid}"
    view = queries.conversation_view(house_id=house_id, conversation=conversation)
    if view is None:
        return ConversationView(conversation, userid, external_userid, None, ())
    _log_reading(house_id, user_id, conversation, why, len(view.messages), now)
    return view


def reveal_names(
    *, house_id: int, alert_id: int, user_id: int, reason: str, now: datetime, own_userid: str = ""
) -> None:
    """Let a reviewer see whose alert it is, for a reason that is kept; raises Refused."""
    authorise_alert(house_id, alert_id, user_id, own_userid, now, f"names of alert {alert_id}")
    why = text_of(clean(reason))
    with transaction.atomic():
        _, made = Reveal.objects.get_or_create(
            alert_id=alert_id, user_id=user_id, defaults={"house_id": house_id, "reason": why, "at": now}
        )
        if made:
            details = {"alert": alert_id, "user": user_id, "reason": why}
            append_audit(house_id=house_id, kind="names.revealed", details=details, now=now)


def coach(
    *, house_id: int, alert_id: int, user_id: int, text: str, now: datetime, own_userid: str = ""
) -> None:
    """Write to the associate of an alert what to do better; that is all they see of it. Raises Refused."""
    authorise_alert(house_id, alert_id, user_id, own_userid, now)
    words = text_of(clean(text))
    alert = Alert.objects.select_related("message").get(pk=alert_id, house_id=house_id)
    with transaction.atomic():
        made = Coaching.objects.create(
            house_id=house_id,
            alert=alert,
            rule=alert.rule,
            userid=alert.message.userid,
            text=words,
            author_id=user_id,
            sent_at=now,
        )
        details = {"alert": alert_id, "user": user_id, "coaching": made.pk}
        append_audit(house_id=house_id, kind="associate.coached", details=details, now=now)


@transaction.atomic
def see_coaching(*, house_id: int, userid: str, user_id: int, now: datetime) -> None:
    """Note that an associate has read what was written to them; the caller knows that the userid is theirs."""
    waiting = Coaching.objects.filter(house_id=house_id, userid=userid, seen_at=None)
    if userid and waiting.update(seen_at=now):
        details = {"user": user_id}
        append_audit(house_id=house_id, kind="coaching.seen", details=details, now=now)


@transaction.atomic
def _log_reading(
    house_id: int,
    user_id: int,
    conversation: str,
    purpose: Purpose,
    messages: int,
    now: datetime,
    note: str = "",
    alert_id: int | None = None,
) -> None:
    # The conversation's name holds the client's id, which the log could never forget: its digest will do.
    digest = queries.conversation_digest(conversation)
    reading = Reading.objects.create(
        house_id=house_id,
        user_id=user_id,
        alert_id=alert_id,
        conversation_digest=digest,
        purpose=purpose.value,
        note=clean(note).strip()[:NOTE_CHARS_MAX],
        messages=messages,
        at=now,
    )
    details = {
        "user": user_id,
        "reading": reading.pk,
        "conversation": digest,
        "purpose": purpose.value,
        "messages": messages,
    }
    append_audit(house_id=house_id, kind="conversation.read", details=details, now=now)
