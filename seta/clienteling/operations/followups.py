"""What an associate should do next for a client."""

from datetime import datetime, timedelta

from django.db import transaction

from seta.clienteling.events import SaleCredited
from seta.clienteling.models import Associate, FollowUp
from seta.clienteling.rules import Refusal, Refused

THANKS_AFTER = timedelta(days=2)
TITLE_CHARS_MAX = 160


@transaction.atomic
def add_follow_up(
    *,
    house_id: int,
    associate_id: int,
    person_id: int,
    kind: str,
    title: str,
    due_at: datetime,
    now: datetime,
    key: str = "",
) -> int:
    """Put a task in an associate's list; with a `key` the same task is made once. Returns its id; raises Refused."""
    if not Associate.objects.filter(pk=associate_id, house_id=house_id).exists():
        raise Refused(Refusal.UNKNOWN)
    fields = {"house_id": house_id, "person_id": person_id, "kind": kind, "due_at": due_at}
    fields["title"] = title[:TITLE_CHARS_MAX]
    if not key:
        return FollowUp.objects.create(associate_id=associate_id, **fields).pk
    return FollowUp.objects.get_or_create(associate_id=associate_id, key=key, defaults=fields)[0].pk


@transaction.atomic
def finish_follow_up(*, house_id: int, associate_id: int, follow_up_id: int, now: datetime) -> None:
    """Tick a task off; doing it twice changes nothing. Raises Refused when it is not this associate's."""
    rows = FollowUp.objects.filter(pk=follow_up_id, house_id=house_id, associate_id=associate_id)
    if not rows.exists():
        raise Refused(Refusal.UNKNOWN)
    rows.filter(done_at__isnull=True).update(done_at=now)


def plan_thanks(fact: SaleCredited, now: datetime) -> None:
    """After a credited sale: remind the associate to thank the client in two days."""
    if fact.person_id is None or fact.associate_id is None:
        return
    add_follow_up(
        house_id=fact.house_id,
        associate_id=fact.associate_id,
        person_id=fact.person_id,
        kind="after_purchase",
        title=f"Thank for order {fact.number}",
        due_at=fact.occurred_at + THANKS_AFTER,
        now=now,
        key=f"thanks:{fact.order_id}",
    )
