"""Notifications that come together are booked together, and each is judged as if it had come alone."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from seta.callbacks.models import Callback
from seta.callbacks.operations import Arrival, Kept, keep
from seta.callbacks.rules import CallbackTable, Inbound, Verified
from seta.events.models import Event
from seta.houses import queries as houses
from seta.houses.models import House
from seta.houses.operations import connect_account
from seta.houses.rules import SECRETS_NEEDED
from seta.ledger import queries as ledger
from seta.ledger.models import Journal
from seta.payments import operations as pay
from seta.payments.cards import IntentCard
from seta.payments.models import Attempt, Break, Intent, ProviderFact
from seta.payments.rules.judging import in_rounds
from seta.payments.rules.refusals import PaymentRefused, Refusal
from tests.payments.selling import NOON, World, make_world

AMOUNT = 93_800
_numbers = count(1)
TABLE = CallbackTable(handlers={("alipay", "trade_status_sync"): pay.receive_alipay})


def opened(
    world: World, many: int, *, minutes: int = 0, reference: str = "", method: str = "alipay_barcode"
) -> list[IntentCard]:
    """Payments that wait for what Alipay says of them."""
    return [
        pay.open_intent(
            house_id=world.house_id,
            person_id=None,
            reference=reference or f"B-{next(_numbers)}",
            amount=AMOUNT,
            description="a bag",
            method=method,
            settle_currency="EUR",
            now=NOON - timedelta(minutes=minutes),
        )
        for _ in range(many)
    ]


def said(card: IntentCard, status: str = "TRADE_SUCCESS", **more: str) -> dict[str, str]:
    """The fields of Alipay's asynchronous notification of a payment."""
    number = Attempt.objects.get(intent_id=card.intent_id).out_trade_no
    fields = {
        "notify_type": "trade_status_sync",
        "out_trade_no": number,
        "trade_no": f"2026{number}"[:64],
        "trade_status": status,
        "total_amount": f"{AMOUNT // 100}.{AMOUNT % 100:02}",
        "gmt_payment": "2026-11-20 19:00:00",
    }
    return fields | more


def deliver(world: World, notices: Sequence[dict[str, str]], *, first: int = 1) -> list[Kept]:
    """All of them at once, as the keeper hands over what has come in since its last commit."""
    account = houses.account(world.house_id, "alipay")
    arrivals = [
        Arrival(
            account,
            Verified("alipay", one.get("notify_id", f"n{number}"), "trade_status_sync", one, b"{}"),
            NOON,
        )
        for number, one in enumerate(notices, start=first)
    ]
    return keep(arrivals=arrivals, table=TABLE, now=NOON)


def states(cards: Sequence[IntentCard]) -> list[str]:
    """Where each payment stands."""
    found = dict(Intent.objects.values_list("pk", "state"))
    return [found[card.intent_id] for card in cards]


def journals(world: World) -> int:
    """How many journals the house has."""
    return Journal.objects.filter(house_id=world.house_id).count()


@pytest.mark.django_db
def test_a_batch_is_booked_whole_and_a_second_delivery_changes_nothing() -> None:
    world = make_world()
    cards = opened(world, 5)
    notices = [said(card) for card in cards]

    kept = deliver(world, notices)
    again = deliver(world, notices)
    reworded = deliver(world, notices, first=100)

    assert not any(one.refused for one in kept + again + reworded)
    assert all(one.repeated for one in again)
    assert states(cards) == ["succeeded"] * 5
    assert journals(world) == 5
    assert Event.objects.filter(name="payments.payment.succeeded").count() == 5
    assert Attempt.objects.exclude(provider_number="").count() == 5
    assert not Break.objects.exists()
    assert world.owed() > 0


@pytest.mark.django_db
def test_each_bad_one_of_a_batch_is_named_and_holds_no_other_back() -> None:
    world = make_world()
    good, dear, twice, revoked, last = cards = opened(world, 5)
    notices = [
        said(good),
        said(dear, total_amount="0.01"),
        said(good, out_trade_no="NOBODYS0001", trade_no="9"),
        said(twice, notify_id="same"),
        said(twice, notify_id="same"),
        said(twice, notify_id="another"),
        said(revoked),
        said(revoked, "TRADE_CLOSED"),
        said(last),
    ]

    kept = deliver(world, notices)

    assert not any(one.refused for one in kept)
    assert states([good, twice, revoked, last]) == ["succeeded"] * 4
    assert states([dear]) == [dear.state]
    assert journals(world) == 4
    found = {(row.key, row.category) for row in Break.objects.all()}
    number = {card.intent_id: Attempt.objects.get(intent_id=card.intent_id).out_trade_no for card in cards}
    assert (f"P:{number[dear.intent_id]}", "amount_mismatch") in found
    assert ("P:NOBODYS0001", "missing_in_ledger") in found
    assert {key for key, _ in found} <= {
        f"P:{number[dear.intent_id]}",
        "P:NOBODYS0001",
        f"P:{number[revoked.intent_id]}",
    }
    assert not ledger.unbalanced_journals(world.house_id)


@pytest.mark.django_db
def test_paid_and_revoked_in_one_batch_is_booked_and_given_back_in_that_order() -> None:
    world = make_world()
    connect_account(
        house_id=world.house_id,
        family="wechatpay",
        app_id="1900000109",
        base_url="http://127.0.0.1:9",
        secrets=dict.fromkeys(SECRETS_NEEDED["wechatpay"], "k" * 32),
        now=NOON,
    )
    revoked, kept = opened(world, 2, method="wechat_barcode")
    told = [(revoked, "SUCCESS"), (kept, "SUCCESS"), (revoked, "REVOKED"), (kept, "SUCCESS")]
    batch = [
        Inbound(
            callback_id=number,
            house_id=world.house_id,
            account_id=1,
            app_id="1900000109",
            source="wechatpay",
            external_id=f"w{number}",
            kind="TRANSACTION.SUCCESS",
            fields={
                "out_trade_no": Attempt.objects.get(intent_id=card.intent_id).out_trade_no,
                "transaction_id": f"4200{card.intent_id}",
                "trade_state": state,
                "success_time": "2026-11-20T19:00:00+08:00",
                "amount": {"total": AMOUNT, "currency": "CNY"},
            },
            received_at=NOON,
        )
        for number, (card, state) in enumerate(told)
    ]

    pay.receive_wechatpay(batch, NOON)

    assert states([revoked, kept]) == ["reversed", "succeeded"]
    assert journals(world) == 3
    assert Event.objects.filter(name="payments.payment.reversed").count() == 1
    assert world.owed() == kept.settle_amount - Intent.objects.get(pk=kept.intent_id).fee


@pytest.mark.django_db
def test_one_that_cannot_be_read_is_sent_again_and_its_neighbours_are_booked() -> None:
    world = make_world()
    cards = opened(world, 3)
    notices = [said(card) for card in cards]
    del notices[1]["out_trade_no"]

    kept = deliver(world, notices)

    assert [one.refused for one in kept] == [False, True, False]
    assert states(cards)[0::2] == ["succeeded", "succeeded"]
    assert journals(world) == 2
    assert Callback.objects.count() == 2


@pytest.mark.django_db
def test_what_comes_of_another_houses_payment_is_not_believed_in_a_batch() -> None:
    ours, theirs = make_world("ours"), make_world("theirs")
    (mine,), (other,) = opened(ours, 1), opened(theirs, 1)

    deliver(ours, [said(mine), said(other)])

    assert states([mine]) == ["succeeded"]
    assert states([other]) != ["succeeded"]
    assert journals(theirs) == 0
    assert Break.objects.get().house_id == ours.house_id


@pytest.mark.django_db
def test_a_payment_after_its_quote_carries_its_own_gain_beside_its_neighbours() -> None:
    world = make_world()
    late, timely = opened(world, 1, minutes=600) + opened(world, 1)
    pay.set_rate(house_id=world.house_id, currency="EUR", scaled=12_900_000, now=NOON, valid_on=NOON.date())

    deliver(world, [said(late), said(timely)])

    gains = dict(Intent.objects.values_list("pk", "rate_gain"))
    assert gains[late.intent_id] != 0
    assert gains[timely.intent_id] == 0
    assert not ledger.unbalanced_journals(world.house_id)


@pytest.mark.django_db
def test_two_payments_of_an_order_are_both_money_when_the_first_was_paid_after_it_expired() -> None:
    world = make_world()
    first = opened(world, 1, reference="twice")
    Intent.objects.filter(pk=first[0].intent_id).update(state="expired")
    second = opened(world, 1, reference="twice")

    kept = deliver(world, [said(second[0]), said(first[0])])

    assert not any(one.refused for one in kept)
    assert states(second + first) == ["succeeded", "succeeded"]
    assert journals(world) == 2
    assert not Break.objects.exists()


@pytest.mark.django_db
def test_an_order_paid_late_is_paid_though_the_next_payment_of_it_is_still_open() -> None:
    world = make_world()
    first = opened(world, 1, reference="late")
    Intent.objects.filter(pk=first[0].intent_id).update(state="expired")
    second = opened(world, 1, reference="late")

    deliver(world, [said(first[0])])

    assert states(first) == ["succeeded"]
    assert states(second) == ["requires_confirmation"]
    with pytest.raises(PaymentRefused) as caught:
        opened(world, 1, reference="late")
    assert caught.value.code is Refusal.ALREADY_PAID


@pytest.mark.django_db
def test_a_larger_batch_takes_no_more_statements() -> None:
    world = make_world()
    cards = opened(world, 60)
    notices = [said(card) for card in cards]
    deliver(world, notices[:2])

    with CaptureQueriesContext(connection) as small:
        deliver(world, notices[2:10], first=10)
    with CaptureQueriesContext(connection) as large:
        deliver(world, notices[10:], first=20)

    assert states(cards) == ["succeeded"] * 60
    assert len(large) == len(small)


_STATUSES = ["TRADE_SUCCESS", "TRADE_SUCCESS", "TRADE_SUCCESS", "TRADE_CLOSED", "WAIT_BUYER_PAY"]


def outcome(world: World) -> Any:
    """All that the notifications of a house have left behind."""
    attempts = Attempt.objects.filter(house_id=world.house_id).order_by("pk")
    places = {row.out_trade_no: place for place, row in enumerate(attempts)}
    return {
        "states": list(
            Intent.objects.filter(house_id=world.house_id).order_by("pk").values_list("state", flat=True)
        ),
        "numbered": [bool(row.provider_number) for row in attempts],
        "breaks": sorted(
            (places[row.key[2:]], row.category) for row in Break.objects.filter(house_id=world.house_id)
        ),
        "journals": journals(world),
        "owed": world.owed(),
        "kept": ProviderFact.objects.filter(house_id=world.house_id).count(),
        "told": Event.objects.filter(house_id=world.house_id, name="payments.payment.succeeded").count(),
    }


@settings(deadline=None, max_examples=6)
@given(
    told=st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from(_STATUSES), st.sampled_from(["", "", "0.01"])),
        min_size=1,
        max_size=12,
    )
)
@pytest.mark.django_db
def test_a_batch_ends_as_the_same_notifications_one_by_one(told: list[tuple[int, str, str]]) -> None:
    outcomes = []
    for size in (len(told), 1):
        world = make_world(f"h{houses_made()}")
        cards = opened(world, 4)
        notices = [
            said(cards[place], status, **({"total_amount": amount} if amount else {}))
            for place, status, amount in told
        ]
        for start in range(0, len(notices), size):
            deliver(world, notices[start : start + size], first=start)
        outcomes.append(outcome(world))

    assert outcomes[0] == outcomes[1]


def houses_made() -> int:
    """A number that no house of this run has yet."""
    return House.objects.count()


@given(st.lists(st.integers(0, 5), max_size=30))
def test_rounds_name_nobody_twice_and_keep_the_order_of_each(subjects: list[int]) -> None:
    rounds = in_rounds(subjects)

    assert sorted(place for one in rounds for place in one) == list(range(len(subjects)))
    for one in rounds:
        assert len({subjects[place] for place in one}) == len(one)
    for subject in set(subjects):
        assert [place for one in rounds for place in one if subjects[place] == subject] == [
            place for place, found in enumerate(subjects) if found == subject
        ]
