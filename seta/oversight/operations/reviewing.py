"""Take an alert, hand it on, judge it alone or by four eyes, close many at once and take that back."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from seta.events.operations import publish
from seta.kit.signing import subkey
from seta.oversight.events import AlertEscalated, AlertReopened, AlertReviewed
from seta.oversight.models import Alert, BulkClosing, QueuePlan, Review
from seta.oversight.operations.audit import append_audit
from seta.oversight.operations.rights import authorise, authorise_alert, reviewers
from seta.oversight.queries.policies import rule_of
from seta.oversight.rules.archive import clean
from seta.oversight.rules.review import (
    BULK_ALERTS_MAX,
    BULK_UNDO,
    NOTE_CHARS_MAX,
    Refusal,
    Refused,
    drawn_by_share,
    standing,
    text_of,
)


def claim_alert(*, house_id: int, alert_id: int, user_id: int, now: datetime, own_userid: str = "") -> None:
    """Take an alert for oneself; raises Refused when it is closed, another's, judged before or about oneself.

    `own_userid` is the name in WeCom under which the reviewer writes to clients, if they do.
    """
    authorise_alert(house_id, alert_id, user_id, own_userid, now)
    with transaction.atomic():
        alert = _locked(house_id, alert_id, user_id)
        _once_each(alert, user_id)
        alert.state, alert.assignee_id = Alert.State.CLAIMED, user_id
        alert.save()
        _log("alert.claimed", alert, user_id, now)


def release_alert(*, house_id: int, alert_id: int, user_id: int, now: datetime, own_userid: str = "") -> None:
    """Put a claimed alert back in the queue; raises Refused."""
    authorise_alert(house_id, alert_id, user_id, own_userid, now)
    with transaction.atomic():
        alert = _locked(house_id, alert_id, user_id)
        alert.state, alert.assignee_id = Alert.State.OPEN, None
        alert.save()
        _log("alert.released", alert, user_id, now)


def assign_alert(
    *, house_id: int, alert_id: int, user_id: int, to_user_id: int, now: datetime, own_userid: str = ""
) -> None:
    """Give an alert to a reviewer, also one that somebody else holds; raises Refused."""
    authorise_alert(house_id, alert_id, user_id, own_userid, now)
    if to_user_id not in {member.user_id for member in reviewers(house_id)}:
        raise Refused(Refusal.UNKNOWN_MEMBER)
    with transaction.atomic():
        alert = _locked(house_id, alert_id, None)
        _once_each(alert, to_user_id)
        alert.state, alert.assignee_id = Alert.State.CLAIMED, to_user_id
        alert.save()
        _log("alert.assigned", alert, user_id, now, to=to_user_id)


def escalate_alert(
    *, house_id: int, alert_id: int, user_id: int, reason: str, now: datetime, own_userid: str = ""
) -> None:
    """Pass an alert up to whoever owns its queue, with a reason; raises Refused."""
    authorise_alert(house_id, alert_id, user_id, own_userid, now)
    why = text_of(clean(reason), chars_max=NOTE_CHARS_MAX)
    with transaction.atomic():
        escalate(_locked(house_id, alert_id, user_id), why, user_id, now)


def escalate(alert: Alert, why: str, user_id: int | None, now: datetime) -> None:
    """Pass a locked alert to its queue's owner, who has not judged it yet; call in a transaction."""
    rule = rule_of(alert.house_id, alert.rule)
    queue = rule.review.queue if rule else ""
    plan = QueuePlan.objects.filter(house_id=alert.house_id, queue=queue).first()
    owner = plan.owner_id if plan else None
    alert.escalated_at, alert.escalation = now, why
    if owner is not None and owner not in _judges(alert):
        alert.state, alert.assignee_id = Alert.State.CLAIMED, owner
    else:
        alert.state, alert.assignee_id = Alert.State.OPEN, None
    alert.save()
    _log("alert.escalated", alert, user_id, now, to=alert.assignee_id)
    publish(
        AlertEscalated(
            house_id=alert.house_id,
            occurred_at=now,
            alert_id=alert.pk,
            rule=alert.rule,
            severity=alert.severity,
            owner_id=alert.assignee_id,
        )
    )


def review_alert(
    *,
    house_id: int,
    alert_id: int,
    user_id: int,
    verdict: str,
    reason: str,
    now: datetime,
    own_userid: str = "",
) -> bool:
    """Judge an alert; returns whether that closes it, or a second or third person must judge too. Raises Refused.

    Says so to the log and, when it closes, to whoever hears AlertReviewed.
    """
    authorise_alert(house_id, alert_id, user_id, own_userid, now)
    if verdict not in Review.Verdict.values:
        raise Refused(Refusal.UNKNOWN_VERDICT)
    why = text_of(clean(reason))
    with transaction.atomic():
        return _judge(_locked(house_id, alert_id, user_id), user_id, verdict, why, None, now)


def close_many(
    *,
    house_id: int,
    alert_ids: Sequence[int],
    user_id: int,
    verdict: str,
    reason: str,
    now: datetime,
    own_userid: str = "",
) -> int:
    """Judge up to a hundred alerts of one rule for one reason; returns the number of the closing, to undo it.

    All or none: raises Refused when any is another's, closed, judged before or about oneself. A second person still
    judges those that four eyes were drawn for.
    """
    authorise(house_id, user_id, "alerts in bulk", now)
    if verdict not in Review.Verdict.values:
        raise Refused(Refusal.UNKNOWN_VERDICT)
    why, wanted = text_of(clean(reason)), sorted(set(alert_ids))
    if not 1 <= len(wanted) <= BULK_ALERTS_MAX:
        raise Refused(Refusal.TOO_MANY)
    for alert_id in wanted:
        authorise_alert(house_id, alert_id, user_id, own_userid, now)
    with transaction.atomic():
        alerts = [_locked(house_id, alert_id, user_id) for alert_id in wanted]
        if len({alert.rule for alert in alerts}) > 1:
            raise Refused(Refusal.MIXED_RULES)
        closing = BulkClosing.objects.create(
            house_id=house_id,
            rule=alerts[0].rule,
            verdict=verdict,
            reason=why,
            reviewer_id=user_id,
            alerts=len(alerts),
            at=now,
        )
        details = {"user": user_id, "closing": closing.pk, "rule": closing.rule, "alerts": wanted}
        append_audit(house_id=house_id, kind="alerts.closed_together", details=details, now=now)
        for alert in alerts:
            _judge(alert, user_id, verdict, why, closing, now)
        return closing.pk


def undo_bulk(*, house_id: int, closing_id: int, user_id: int, now: datetime, own_userid: str = "") -> int:
    """Take back what was closed together, within fifteen minutes; returns how many alerts wait again.

    An alert that a second person has judged since stays as it is. Raises Refused, also when one is about oneself.
    """
    authorise(house_id, user_id, f"closing {closing_id}", now)
    judged = Review.objects.filter(bulk_id=closing_id, bulk__house_id=house_id)
    for alert_id in judged.values_list("alert_id", flat=True):
        authorise_alert(house_id, alert_id, user_id, own_userid, now)
    with transaction.atomic():
        closing = (
            BulkClosing.objects.select_for_update(of=("self",))
            .filter(pk=closing_id, house_id=house_id)
            .first()
        )
        if closing is None:
            raise Refused(Refusal.UNKNOWN)
        if closing.undone_at is not None or now - closing.at > BULK_UNDO:
            raise Refused(Refusal.TOO_LATE)
        reopened = [_reopen(review, now) for review in closing.reviews.filter(withdrawn_at=None)]
        closing.undone_at = now
        closing.save()
        details = {"user": user_id, "closing": closing.pk, "alerts": sum(reopened)}
        append_audit(house_id=house_id, kind="alerts.reopened", details=details, now=now)
        return sum(reopened)


def _reopen(review: Review, now: datetime) -> bool:
    alert = Alert.objects.select_for_update(of=("self",)).select_related("message").get(pk=review.alert_id)
    if alert.reviews.filter(withdrawn_at=None, round__gt=review.round).exists():
        return False
    review.withdrawn_at = now
    review.save()
    was_closed = alert.state == Alert.State.CLOSED
    alert.state, alert.assignee_id, alert.closed_at = Alert.State.OPEN, None, None
    alert.round, alert.verdict = review.round, ""
    alert.save()
    if was_closed:
        publish(
            AlertReopened(
                house_id=alert.house_id,
                occurred_at=now,
                alert_id=alert.pk,
                rule=alert.rule,
                severity=alert.severity,
            )
        )
    return True


def _judge(
    alert: Alert, user_id: int, verdict: str, why: str, bulk: BulkClosing | None, now: datetime
) -> bool:
    """Write one verdict on a locked alert and let it wait again or close."""
    _once_each(alert, user_id)
    Review.objects.create(
        alert=alert, round=alert.round, verdict=verdict, reason=why, reviewer_id=user_id, bulk=bulk, at=now
    )
    verdicts = list(
        alert.reviews.filter(withdrawn_at=None).order_by("round").values_list("verdict", flat=True)
    )
    after = standing(verdicts, wants_second=_wants_second(alert))
    # The log says who judged at once, and what only at the end: a second person who reads the log is not swayed.
    _log("alert.judged", alert, user_id, now, round=alert.round)
    alert.round, alert.verdict = after.round, after.verdict
    if after.is_closed:
        alert.state, alert.assignee_id, alert.closed_at = Alert.State.CLOSED, user_id, now
    else:
        alert.state, alert.assignee_id = Alert.State.OPEN, None
    alert.save()
    if after.is_closed:
        _log("alert.reviewed", alert, user_id, now, verdict=after.verdict, verdicts=verdicts)
        publish(_reviewed(alert, now))
    return after.is_closed


def _reviewed(alert: Alert, now: datetime) -> AlertReviewed:
    return AlertReviewed(
        house_id=alert.house_id,
        occurred_at=now,
        person_id=alert.message.person_id,
        alert_id=alert.pk,
        rule=alert.rule,
        severity=alert.severity,
        verdict=alert.verdict,
        userid=alert.message.userid,
    )


def _wants_second(alert: Alert) -> bool:
    """Whether four eyes were drawn for an alert; a house with one reviewer has no second pair."""
    rule = rule_of(alert.house_id, alert.rule)
    share = rule.review.second_review if rule else 0.0
    if not share or len(reviewers(alert.house_id)) < 2:
        return False
    return drawn_by_share(str(alert.pk), share=share, key=subkey(settings.SECRET_KEY, "oversight.four-eyes"))


def _judges(alert: Alert) -> set[int | None]:
    return set(alert.reviews.filter(withdrawn_at=None).values_list("reviewer_id", flat=True))


def _once_each(alert: Alert, user_id: int) -> None:
    if user_id in _judges(alert):
        raise Refused(Refusal.SECOND_PERSON)


def _locked(house_id: int, alert_id: int, user_id: int | None) -> Alert:
    """The alert, locked; raises Refused when it is closed or held by another than the user (None: by anyone)."""
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
    if (
        user_id is not None
        and alert.state == Alert.State.CLAIMED
        and alert.assignee_id not in (None, user_id)
    ):
        raise Refused(Refusal.CLAIMED)
    return alert


def _log(kind: str, alert: Alert, user_id: int | None, now: datetime, **more: object) -> None:
    details = {"alert": alert.pk, "user": user_id, **more}
    append_audit(house_id=alert.house_id, kind=kind, details=details, now=now)
