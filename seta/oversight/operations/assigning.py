"""Let alerts find a reviewer, and let none be forgotten: turns, workloads, deadlines."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from seta.events.operations import publish
from seta.oversight.events import AlertBreached
from seta.oversight.models import Alert, QueuePlan, Review
from seta.oversight.operations.audit import append_audit
from seta.oversight.operations.reviewing import escalate
from seta.oversight.operations.rights import authorise, reviewers
from seta.oversight.queries.policies import rules_of
from seta.oversight.rules.review import Refusal, Refused, next_reviewer

SWEEP_ALERTS_MAX = 200


def plan_queue(
    *, house_id: int, queue: str, user_id: int, assignment: str, owner_id: int | None, now: datetime
) -> None:
    """Say how a queue's alerts find a reviewer and who answers for it; raises Refused."""
    authorise(house_id, user_id, f"queue {queue}", now)
    if queue not in queues_of(house_id) or assignment not in QueuePlan.Assignment.values:
        raise Refused(Refusal.UNKNOWN_CHOICE)
    if owner_id is not None and owner_id not in {member.user_id for member in reviewers(house_id)}:
        raise Refused(Refusal.UNKNOWN_MEMBER)
    with transaction.atomic():
        QueuePlan.objects.update_or_create(
            house_id=house_id,
            queue=queue,
            defaults={"assignment": assignment, "owner_id": owner_id, "changed_at": now},
        )
        details = {"user": user_id, "queue": queue, "assignment": assignment, "owner": owner_id}
        append_audit(house_id=house_id, kind="queue.planned", details=details, now=now)


def queues_of(house_id: int) -> dict[str, list[str]]:
    """The rules of each queue."""
    found: dict[str, list[str]] = {}
    for rule in rules_of(house_id):
        found.setdefault(rule.review.queue, []).append(rule.id)
    return found


def assign_waiting(now: datetime) -> int:
    """Give open alerts of queues that want it to reviewers, soonest due first; returns how many. For the worker."""
    plans = QueuePlan.objects.exclude(assignment=QueuePlan.Assignment.MANUAL).values_list("pk", flat=True)
    return sum(_assign_queue(plan_id, now) for plan_id in plans)


@transaction.atomic
def _assign_queue(plan_id: int, now: datetime) -> int:
    plan = QueuePlan.objects.select_for_update(of=("self",)).get(pk=plan_id)
    rules = queues_of(plan.house_id).get(plan.queue, [])
    waiting = Alert.objects.select_for_update(of=("self",)).filter(
        house_id=plan.house_id, state=Alert.State.OPEN, rule__in=rules
    )
    alerts = list(waiting.order_by("due_at", "id")[:SWEEP_ALERTS_MAX])
    people = [member.user_id for member in reviewers(plan.house_id)]
    if not alerts or not people:
        return 0
    judged = _judges(alerts)
    loads = _loads(plan.house_id)
    given = 0
    for alert in alerts:
        able = [user_id for user_id in people if user_id not in judged.get(alert.pk, set())]
        chosen = next_reviewer(
            able,
            last=plan.last_turn,
            loads=loads if plan.assignment == QueuePlan.Assignment.WORKLOAD else None,
        )
        if chosen is None:
            continue
        alert.state, alert.assignee_id = Alert.State.CLAIMED, chosen
        alert.save()
        plan.last_turn = chosen
        loads[chosen] += 1
        given += 1
        details = {"alert": alert.pk, "user": None, "to": chosen}
        append_audit(house_id=plan.house_id, kind="alert.assigned", details=details, now=now)
    plan.save()
    return given


def _loads(house_id: int) -> Counter[int]:
    held = Alert.objects.filter(house_id=house_id, state=Alert.State.CLAIMED)
    return Counter(each for each in held.values_list("assignee_id", flat=True) if each is not None)


def _judges(alerts: Sequence[Alert]) -> dict[int, set[int | None]]:
    found: dict[int, set[int | None]] = {}
    rows = Review.objects.filter(alert__in=alerts, withdrawn_at=None)
    for alert_id, reviewer_id in rows.values_list("alert_id", "reviewer_id"):
        found.setdefault(alert_id, set()).add(reviewer_id)
    return found


def sweep_deadlines(now: datetime) -> int:
    """Say of every alert that has just become late that it is, and pass it up; returns how many. For the worker."""
    late = Alert.objects.filter(due_at__lt=now, breached_at=None).exclude(state=Alert.State.CLOSED)
    ids = list(late.order_by("due_at").values_list("pk", flat=True)[:SWEEP_ALERTS_MAX])
    return sum(_breach(alert_id, now) for alert_id in ids)


@transaction.atomic
def _breach(alert_id: int, now: datetime) -> bool:
    alert = Alert.objects.select_for_update(of=("self",)).get(pk=alert_id)
    if alert.state == Alert.State.CLOSED or alert.breached_at is not None:
        return False
    alert.breached_at = now
    alert.save()
    details = {"alert": alert.pk, "due": alert.due_at.isoformat()}
    append_audit(house_id=alert.house_id, kind="alert.breached", details=details, now=now)
    publish(
        AlertBreached(
            house_id=alert.house_id,
            occurred_at=now,
            alert_id=alert.pk,
            rule=alert.rule,
            severity=alert.severity,
            due_at=alert.due_at.isoformat(),
        )
    )
    if alert.escalated_at is None:
        escalate(alert, "not judged in time", None, now)
    return True
