"""Facts on their way to a receiver that really listens: signed, in order, again and again until they are taken."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from seta.events.operations import publish
from seta.houses.operations import found_house
from seta.webhooks import queries
from seta.webhooks.courier import Courier
from seta.webhooks.models import Attempt, Delivery, Endpoint, Message
from seta.webhooks.operations import (
    change_facts,
    forget_old,
    open_endpoint,
    ping,
    redeliver,
    redeliver_range,
    rotate_secret,
    switch,
)
from seta.webhooks.operations.sending import claim, record, turn
from seta.webhooks.rules.addresses import Refusal, WebhookRefused
from seta.webhooks.rules.schedule import ATTEMPTS_MAX, LEASE, RETRY_AFTER
from tests.webhooks.conftest import PAID, Bring, bring_all, hear, paid, refunded, tell
from tests.webhooks.receiver import Receiver

NOW = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=12)
"""Later than what the test tells, since a fact is due from the instant it is recorded."""


def states() -> list[str]:
    """How the deliveries stand, in the order of their facts."""
    return list(Delivery.objects.order_by("sequence", "id").values_list("state", flat=True))


def test_a_chosen_fact_arrives_signed_and_is_done(house_id: int, receiver: Receiver, bring: Bring) -> None:
    hear(house_id, receiver, NOW)

    tell(paid(house_id, NOW))
    bring(NOW)

    (one,) = receiver.arrived
    assert one.is_genuine
    assert (one.said["type"], one.said["object"], one.said["data"]["amount"]) == (PAID, "payment:1", 50_000)
    assert one.headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert one.headers["content-type"].startswith("application/json")
    assert states() == ["done"]
    assert Attempt.objects.get().status == 204


def test_a_fact_whose_transaction_fails_is_never_sent(
    house_id: int, receiver: Receiver, bring: Bring
) -> None:
    hear(house_id, receiver, NOW)

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        publish(paid(house_id, NOW))
        raise ZeroDivisionError
    bring(NOW)

    assert (receiver.arrived, Message.objects.count()) == ([], 0)


def test_what_was_not_chosen_and_what_is_another_houses_is_not_sent(
    house_id: int, receiver: Receiver, bring: Bring
) -> None:
    hear(house_id, receiver, NOW, PAID)
    other = found_house(code="altra", name="Altra", kind="maison")

    tell(refunded(house_id, NOW), paid(other, NOW))
    bring(NOW)

    assert (receiver.arrived, Message.objects.count()) == ([], 0)


def test_a_receiver_that_fails_is_tried_again_on_the_published_days_until_the_message_is_dead(
    house_id: int, receiver: Receiver, bring: Bring
) -> None:
    hear(house_id, receiver, NOW)
    receiver.answer = lambda _one, before: None if before % 2 else 500
    tell(paid(house_id, NOW))
    made, at = [bring(NOW)], NOW

    for wait in RETRY_AFTER:
        assert bring(at + wait - timedelta(seconds=1)) == 0
        at += wait
        made.append(bring(at))
    bring(at + timedelta(days=30))

    assert made == [1] * ATTEMPTS_MAX
    assert len(receiver.arrived) == ATTEMPTS_MAX
    assert len({one.code for one in receiver.arrived}) == 1
    assert len({one.body for one in receiver.arrived}) == 1
    assert all(one.is_genuine for one in receiver.arrived)
    assert states() == ["dead"]
    assert set(Attempt.objects.values_list("status", "problem")) == {(500, ""), (None, "broken_answer")}
    assert max(len(each.answer) for each in Attempt.objects.all()) == 500


def test_a_process_that_dies_between_sending_and_marking_sends_the_same_message_again(
    house_id: int, receiver: Receiver, bring: Bring
) -> None:
    hear(house_id, receiver, NOW)
    tell(paid(house_id, NOW))
    (parcel,) = claim(now=NOW, room=lambda _endpoint: 8)
    doomed = Courier(private_allowed=True)
    doomed.send(parcel)
    assert doomed.someone_is_back(timeout=10)
    doomed.close()

    early = bring(NOW + LEASE - timedelta(seconds=1))
    late = bring(NOW + LEASE)

    assert (early, late) == (0, 1)
    assert len(receiver.arrived) == 2
    assert receiver.arrived[0].code == receiver.arrived[1].code
    assert receiver.arrived[0].body == receiver.arrived[1].body
    assert states() == ["done"]


def test_a_refund_waits_for_its_payment_and_other_payments_pass(
    house_id: int, receiver: Receiver, bring: Bring
) -> None:
    hear(house_id, receiver, NOW)
    receiver.answer = lambda one, before: (
        503 if one.said["object"] == "payment:1" and before == 0 and one.said["type"] == PAID else 204
    )

    tell(paid(house_id, NOW), refunded(house_id, NOW), paid(house_id, NOW, 2))
    bring(NOW)
    first = [(one.said["object"], one.said["type"].split(".")[1]) for one in receiver.arrived]
    bring(NOW + timedelta(seconds=5))

    assert sorted(first) == [("payment:1", "payment"), ("payment:2", "payment")]
    assert [one.said["type"].split(".")[1] for one in receiver.arrived[2:]] == ["payment", "refund"]
    assert states() == ["done"] * 3


def test_a_message_that_died_holds_nobody_up(house_id: int, receiver: Receiver, bring: Bring) -> None:
    hear(house_id, receiver, NOW)
    tell(paid(house_id, NOW))
    Delivery.objects.update(state="dead")

    tell(refunded(house_id, NOW))
    bring(NOW)

    assert [one.said["type"] for one in receiver.arrived] == ["payments.refund.succeeded"]


def test_410_switches_the_address_off_and_nothing_more_is_collected(
    house_id: int, receiver: Receiver, bring: Bring
) -> None:
    endpoint_id = hear(house_id, receiver, NOW)
    receiver.answer = lambda _one, _before: 410
    tell(paid(house_id, NOW))
    bring(NOW)

    tell(paid(house_id, NOW, 2))

    assert bring(NOW + timedelta(days=9)) == 0
    assert Endpoint.objects.get(pk=endpoint_id).state == "gone"
    assert states() == ["dead"]


def test_a_redirect_is_not_followed(house_id: int, receiver: Receiver, bring: Bring) -> None:
    hear(house_id, receiver, NOW)
    receiver.answer = lambda _one, _before: 302
    receiver.location = receiver.url
    tell(paid(house_id, NOW))

    bring(NOW)

    assert len(receiver.arrived) == 1
    assert Attempt.objects.get().status == 302
    assert states() == ["waiting"]


def test_a_receiver_that_dawdles_is_given_up_and_holds_no_other_up(house_id: int, receiver: Receiver) -> None:
    slow = Receiver().start()
    slow.answer = lambda _one, _before: 204 if slow.released.wait(20) else 503
    hear(house_id, slow, NOW)
    hear(house_id, receiver, NOW)
    tell(*[paid(house_id, NOW, number) for number in range(1, 31)])
    courier = Courier(private_allowed=True, timeout_seconds=1.5)

    while len(receiver.arrived) < 30:
        turn(courier, now=NOW)
    quick = Delivery.objects.filter(endpoint__url=slow.url).exclude(state="waiting").count()
    while courier.someone_is_back(timeout=10):
        record(courier.come_back(), now=NOW)
    courier.close()
    slow.stop()

    assert quick == 0
    assert {one.problem for one in Attempt.objects.filter(delivery__endpoint__url=slow.url)} == {"timeout"}
    assert Delivery.objects.filter(endpoint__url=receiver.url, state="done").count() == 30


def test_while_secrets_change_both_sign_for_a_day(house_id: int, receiver: Receiver, bring: Bring) -> None:
    endpoint_id = hear(house_id, receiver, NOW)
    old = receiver.secret

    new = rotate_secret(endpoint_id=endpoint_id, house_id=house_id, now=NOW).secret
    with pytest.raises(WebhookRefused, match="rotating"):
        rotate_secret(endpoint_id=endpoint_id, house_id=house_id, now=NOW + timedelta(hours=1))
    tell(paid(house_id, NOW))
    bring(NOW + timedelta(hours=23))
    receiver.secret = new
    tell(paid(house_id, NOW, 2))
    bring(NOW + timedelta(hours=23))
    receiver.secret = old
    tell(paid(house_id, NOW, 3))
    bring(NOW + timedelta(hours=24))

    assert [one.is_genuine for one in receiver.arrived] == [True, True, False]
    stored = Endpoint.objects.get(pk=endpoint_id)
    assert new.encode() not in bytes(stored.sealed_secret)


def test_a_delivery_and_a_span_are_sent_again_under_their_own_ids(
    house_id: int, receiver: Receiver, bring: Bring
) -> None:
    endpoint_id = hear(house_id, receiver, NOW)
    tell(paid(house_id, NOW), paid(house_id, NOW, 2))
    real = datetime.now(UTC)
    bring(NOW + timedelta(days=999))
    span: dict[str, Any] = {"since": real - timedelta(hours=1), "until": real + timedelta(hours=1)}

    redeliver(delivery_id=Delivery.objects.order_by("id")[0].pk, house_id=house_id, now=NOW)
    bring(NOW)
    none = redeliver_range(endpoint_id=endpoint_id, house_id=house_id, **span, now=NOW)
    both = redeliver_range(endpoint_id=endpoint_id, house_id=house_id, **span, now=NOW, also_done=True)
    bring(NOW)

    assert (none, both) == (0, 2)
    assert len(receiver.arrived) == 5
    assert len({one.code for one in receiver.arrived}) == 2


def test_facts_told_while_the_address_was_off_are_sent_by_their_span(
    house_id: int, receiver: Receiver, bring: Bring
) -> None:
    endpoint_id = hear(house_id, receiver, NOW)
    switch(endpoint_id=endpoint_id, house_id=house_id, is_on=False, now=NOW)
    tell(paid(house_id, NOW), refunded(house_id, NOW))
    real = datetime.now(UTC)
    span: dict[str, Any] = {"since": real - timedelta(hours=1), "until": real + timedelta(hours=1)}
    with pytest.raises(WebhookRefused, match="not_active"):
        redeliver_range(endpoint_id=endpoint_id, house_id=house_id, **span, now=NOW)

    switch(endpoint_id=endpoint_id, house_id=house_id, is_on=True, now=NOW)
    found = redeliver_range(endpoint_id=endpoint_id, house_id=house_id, **span, now=NOW)
    bring(NOW)

    assert found == 2
    assert [one.said["type"] for one in receiver.arrived] == [PAID, "payments.refund.succeeded"]


def test_a_test_message_arrives_signed(house_id: int, receiver: Receiver, bring: Bring) -> None:
    endpoint_id = hear(house_id, receiver, NOW)

    delivery_id = ping(endpoint_id=endpoint_id, house_id=house_id, now=NOW)
    bring(NOW)

    assert receiver.arrived[0].is_genuine
    assert receiver.arrived[0].said["type"] == "webhooks.endpoint.pinged"
    assert queries.delivery(house_id, delivery_id).attempts[0].status == 204


def test_another_house_touches_nothing(house_id: int, receiver: Receiver) -> None:
    endpoint_id = hear(house_id, receiver, NOW)
    other = found_house(code="altra", name="Altra", kind="maison")
    tell(paid(house_id, NOW))
    mine = Delivery.objects.get().pk

    for act in (
        lambda: ping(endpoint_id=endpoint_id, house_id=other, now=NOW),
        lambda: rotate_secret(endpoint_id=endpoint_id, house_id=other, now=NOW),
        lambda: switch(endpoint_id=endpoint_id, house_id=other, is_on=False, now=NOW),
        lambda: change_facts(endpoint_id=endpoint_id, house_id=other, facts=[PAID], now=NOW),
        lambda: redeliver(delivery_id=mine, house_id=other, now=NOW),
        lambda: queries.endpoint(other, endpoint_id),
        lambda: queries.delivery(other, mine),
    ):
        with pytest.raises(WebhookRefused) as refused:
            act()
        assert refused.value.code is Refusal.NOT_FOUND


@pytest.mark.parametrize("facts", [[], ["no.such.fact"], [PAID, "people.consent.given"]])
def test_an_address_without_a_known_fact_is_refused(house_id: int, facts: list[str]) -> None:
    with pytest.raises(WebhookRefused, match="no_facts"):
        open_endpoint(house_id=house_id, url="https://erp.example.com/", facts=facts, now=NOW)

    assert Endpoint.objects.count() == 0


def test_a_name_that_leads_into_the_network_is_never_connected_to(house_id: int, receiver: Receiver) -> None:
    hear(house_id, receiver, NOW)
    # The name is a public-looking one when it is written down; what counts is where it leads when it is used.
    Endpoint.objects.update(url=receiver.url.replace("127.0.0.1", "localhost"))
    tell(paid(house_id, NOW))
    strict = Courier(private_allowed=False)

    bring_all(strict, NOW)
    strict.close()

    assert receiver.arrived == []
    assert Attempt.objects.get().problem == "private_address"


def test_old_messages_are_forgotten_and_waiting_ones_kept(
    house_id: int, receiver: Receiver, bring: Bring
) -> None:
    hear(house_id, receiver, NOW)
    tell(paid(house_id, NOW))
    bring(datetime.now(UTC) + timedelta(seconds=1))
    tell(paid(house_id, NOW, 2))

    forget_old(datetime.now(UTC) + timedelta(days=91))

    assert [row.object_key for row in Message.objects.all()] == ["payment:2"]
