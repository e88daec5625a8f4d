"""Whatever a receiver refuses and however often, each object's messages are taken in their order, none is lost."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seta.webhooks.courier import Outcome
from seta.webhooks.models import Delivery, Endpoint, Message
from seta.webhooks.operations.sending import claim, record
from seta.webhooks.rules.schedule import ATTEMPTS_MAX, LEASE, RETRY_AFTER
from tests.webhooks.conftest import hear, paid, refunded, tell
from tests.webhooks.receiver import Receiver

NOW = datetime.now(UTC) + timedelta(hours=12)
PATIENCE = sum(RETRY_AFTER, timedelta()) + LEASE * ATTEMPTS_MAX

FACTS = st.lists(st.integers(1, 3), min_size=1, max_size=10)
# What becomes of each attempt: taken, refused, or its process dies before it can tell.
LUCK = st.lists(st.sampled_from(["taken", "refused", "lost"]), max_size=40)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts=FACTS, luck=LUCK, room=st.integers(1, 4))
def test_each_object_is_heard_in_order_and_everything_arrives_or_is_given_up(
    house_id: int, facts: list[int], luck: list[str], room: int
) -> None:
    Endpoint.objects.all().delete()
    Message.objects.all().delete()
    hear(house_id, Receiver(url="https://erp.example.com/"), NOW)
    for number, intent_id in enumerate(facts):
        tell(refunded(house_id, NOW, intent_id, number) if number % 2 else paid(house_id, NOW, intent_id))
    taken: dict[str, list[int]] = defaultdict(list)
    fate, at = iter(luck), NOW

    while Delivery.objects.filter(state="waiting").exists():
        parcels = claim(now=at, room=lambda _endpoint: room)
        if not parcels:
            at = next_due(at)
        for parcel in parcels:
            one = Delivery.objects.get(pk=parcel.delivery_id)
            what = next(fate, "taken")
            if what == "taken":
                taken[one.object_key].append(one.sequence)
            if what != "lost":
                status = 204 if what == "taken" else 500
                record([Outcome(one.pk, one.endpoint_id, status, "", 1, "")], now=at)

    assert all(heard == sorted(set(heard)) for heard in taken.values())
    given_up = Delivery.objects.filter(state="dead").count()
    assert sum(map(len, taken.values())) + given_up == len(facts)
    assert at - NOW <= PATIENCE * len(facts)


def next_due(at: datetime) -> datetime:
    """When the next wait of any delivery is over."""
    rows = Delivery.objects.filter(state="waiting", due_at__gt=at).order_by("due_at")
    return rows.values_list("due_at", flat=True)[0]
