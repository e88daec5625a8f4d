"""Claim an alert, judge it, open what was said: each by an authorised member, each in the audit log."""

from datetime import datetime

from django.db import transaction

from seta.events.operations import publish
from seta.houses.queries import member_of
from seta.oversight import queries
from seta.oversight.events import AlertReviewed
from seta.oversight.models import Alert, Review
from seta.oversight.operations.audit import append_audit
from seta.oversight.queries import AlertView, ConversationView
from seta.oversight.rules.archive import clean
from seta.oversight.rules.review import REASON_CHARS_MAX, REVIEWERS, Purpose, Refusal, Refused, purpose_of


def claim_alert(*, house_id: int, alert_id: int, user_id: int, now: datetime) -> None:
    """Take an alert for oneself; raises Refused when it is closed or another's."""
    _authorise(house_id, user_id, f"alert {alert_id}", now)
    with transaction.atomic():
        alert = _locked(house_id, alert_id, user_id)
        alert.state, alert.assignee_id = Alert.State.CLAIMED, user_id
        alert.save()
        details = {"alert": alert_id, "user": user_id}
        append_audit(house_id=house_id, kind="alert.claimed", details=details, now=now)


def release_alert(*, house_id: int, alert_id: int, user_id: int, now: datetime) -> None:
    """Put a claimed alert back in the queue; raises Refused."""
    _authorise(house_id, user_id, f"alert {alert_id}", now)
    with transaction.atomic():
        alert = _locked(house_id, alert_id, user_id)
        alert.state, alert.assignee_id = Alert.State.OPEN, None
        alert.save()
        details = {"alert": alert_id, "user": user_id}
        append_audit(house_id=house_id, kind="alert.released", details=details, now=now)


def review_alert(
    *, house_id: int, alert_id: int, user_id: int, verdict: str, reason: str, now: datetime
) -> None:
    """Judge an alert and close it; raises Refused. Says so to the log and to whoever hears AlertReviewed."""
    _authorise(house_id, user_id, f"alert {alert_id}", now)
    reason = clean(reason).strip()
    if verdict not in Review.Verdict.values:
        raise Refused(Refusal.UNKNOWN_VERDICT)
    if not 1 <= len(reason) <= REASON_CHARS_MAX:
        raise Refused(Refusal.NO_REASON)
    with transaction.atomic():
        alert = _locked(house_id, alert_id, user_id)
        Review.objects.create(alert=alert, verdict=verdict, reason=reason, reviewer_id=user_id, at=now)
        alert.state, alert.assignee_id, alert.closed_at = Alert.State.CLOSED, user_id, now
        alert.save()
        details = {"alert": alert_id, "user": user_id, "verdict": verdict}
        append_audit(house_id=house_id, kind="alert.reviewed", details=details, now=now)
        publish(
            AlertReviewed(
                house_id=house_id,
                occurred_at=now,
                person_id=alert.message.person_id,
                alert_id=alert.pk,
                rule=alert.rule,
                severity=alert.severity,
                verdict=verdict,
                userid=alert.message.userid,
            )
        )


def open_alert(*, house_id: int, alert_id: int, user_id: int, purpose: str, now: datetime) -> AlertView:
    """An alert with the conversation around it; the reading is logged with its purpose. Raises Refused."""
    why = purpose_of(purpose)
    _authorise(house_id, user_id, f"alert {alert_id}", now)
    view = queries.alert_view(house_id=house_id, alert_id=alert_id, now=now)
    if view is None:
        raise Refused(Refusal.UNKNOWN)
    _log_reading(house_id, user_id, view.alert.conversation, why, len(view.context), now)
    return view


def read_conversation(
    *, house_id: int, conversation: str, user_id: int, purpose: str, now: datetime
) -> ConversationView:
    """A whole conversation, newest last; the reading is logged with its purpose. Raises Refused."""
    why = purpose_of(purpose)
    _authorise(house_id, user_id, "conversation", now)
    view = queries.conversation_view(house_id=house_id, conversation=conversation)
    if view is None:
        raise Refused(Refusal.UNKNOWN)
    _log_reading(house_id, user_id, conversation, why, len(view.messages), now)
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


def _authorise(house_id: int, user_id: int, what: str, now: datetime) -> None:
    member = member_of(user_id)
    if member is not None and member.house_id == house_id and member.role in REVIEWERS:
        return
    details = {"user": user_id, "what": what}
    append_audit(house_id=house_id, kind="access.refused", details=details, now=now)
    raise Refused(Refusal.NOT_ALLOWED)


def _locked(house_id: int, alert_id: int, user_id: int) -> Alert:
    alert = (
        Alert.objects.select_for_update(of=("self",))
        .select_related("message")
        .filter(pk=alert_id, house_id=house_id)
        .first()
    )
    if alert is None:
        raise Refused(Refusal.UNKNOWN)
    if alert.state == Alert.State.CLOSED:
        raise Refused(Refusal.CLOSED)
    if alert.state == Alert.State.CLAIMED and alert.assignee_id not in (None, user_id):
        raise Refused(Refusal.CLAIMED)
    return alert


def _log_reading(
    house_id: int, user_id: int, conversation: str, purpose: Purpose, messages: int, now: datetime
) -> None:
    # The conversation's name holds the client's id, which the log could never forget: its digest will do.
    details = {
        "user": user_id,
        "conversation": queries.conversation_digest(conversation),
        "purpose": purpose.value,
        "messages": messages,
    }
    append_audit(house_id=house_id, kind="conversation.read", details=details, now=now)
