"""Commission is split, taken back and moved to the cent, whatever happens in whatever order."""

from datetime import timedelta

import pytest
from django.db.models import Sum
from hypothesis import given
from hypothesis import strategies as st

from seta.clienteling import operations, queries, rules
from seta.clienteling.models import ClientBookEntry, CommissionDispute, CommissionEntry
from seta.clienteling.rules import AttributionTerms, Refusal, Refused
from tests.clienteling.conftest import NOON, Floor, user_of
from tests.clienteling.test_selling import paid, refunded

LATER = NOON + timedelta(days=2)
WEIGHTS = st.lists(st.integers(0, 10_000), min_size=1, max_size=6).filter(lambda each: sum(each) > 0)


@given(total=st.integers(0, 10**12), weights=WEIGHTS)
def test_parts_make_the_whole(total: int, weights: list[int]) -> None:
    parts = rules.split(total, weights)

    assert sum(parts) == total
    assert all(part >= 0 for part in parts)
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if not weight)
    ideal = [total * weight / sum(weights) for weight in weights]
    assert all(abs(part - each) <= len(weights) for part, each in zip(parts, ideal, strict=True))


@given(
    amount=st.integers(1, 10**9),
    bps=st.integers(0, 10_000),
    weights=WEIGHTS,
    returns=st.lists(st.integers(1, 10**8), max_size=12),
)
def test_any_returns_leave_shares_that_make_the_whole_and_never_grow(
    amount: int, bps: int, weights: list[int], returns: list[int]
) -> None:
    earned = rules.commission(amount, bps)
    before = rules.split(earned, weights)
    returned = 0
    for one in returns:
        returned = min(amount, returned + one)
        taken = rules.claw_back(
            settle_amount=amount, bps=bps, earned=earned, returned=returned, is_whole=returned == amount
        )
        after = rules.split(earned - taken, weights)
        assert sum(after) == earned - taken
        assert all(now <= then for now, then in zip(after, before, strict=True))
        before = after
    if returned == amount:
        assert sum(before) == 0


@given(lead=st.integers(1, 3), primary=st.none() | st.integers(1, 3), bps=st.integers(0, 10_000))
def test_the_parts_of_a_sale_are_ten_thousand(lead: int, primary: int | None, bps: int) -> None:
    parts = rules.parts_of(lead, primary, bps)

    assert sum(part for _, part in parts) == 10_000
    assert len({who for who, _ in parts}) == len(parts)


@given(
    parts=st.lists(st.integers(1, 5_000), min_size=1, max_size=4),
    who=st.integers(0, 5),
    bps=st.integers(1, 10_000),
)
def test_a_claim_that_is_upheld_still_makes_the_whole(parts: list[int], who: int, bps: int) -> None:
    bps_of = rules.split(10_000, parts)
    standing = [(number, part) for number, part in enumerate(bps_of) if part]

    after = dict(rules.parts_after_claim(standing, who, bps))

    assert sum(after.values()) == 10_000
    assert all(after.values())
    assert after[who] >= bps


def share_with_primary(floor: Floor, bps: int) -> None:
    operations.set_attribution(
        house_id=floor.house,
        user_id=user_of(floor.house, "Sup"),
        terms=AttributionTerms(primary_bps=bps),
        now=NOON - timedelta(days=1),
    )


def kept(floor: Floor) -> dict[int, int]:
    rows = CommissionEntry.objects.filter(house_id=floor.house).values_list("associate_id")
    return {who: amount for who, amount in rows.annotate(sum=Sum("amount")) if amount}


def test_a_sale_is_split_with_the_first_adviser_and_returns_follow_the_split(floor: Floor) -> None:
    share_with_primary(floor, 3_333)
    operations.credit_sale(paid(floor, person_id=floor.client, associate_id=floor.marco), NOON)
    whole = queries.sale_of_order(1)
    assert whole is not None
    first = kept(floor)
    operations.credit_refund(refunded(floor, refund_id=1, settle_amount=whole.settle_amount // 3), LATER)
    second = kept(floor)
    operations.credit_refund(
        refunded(floor, refund_id=2, settle_amount=whole.settle_amount, is_whole=True), LATER
    )

    assert set(first) == {floor.yue, floor.marco}
    assert sum(first.values()) == whole.commission
    assert abs(sum(second.values()) - 2 * whole.commission / 3) <= 1
    assert all(second[who] <= first[who] for who in first)
    assert kept(floor) == {}
    lines = queries.statement(associate_id=floor.yue, year=2026, month=11).lines
    assert [line.kind for line in lines] == ["earned", "returned", "returned"]


def test_a_claim_is_decided_by_a_supervisor_who_gives_a_reason(floor: Floor) -> None:
    operations.credit_sale(paid(floor, person_id=floor.client, associate_id=floor.yue), NOON)
    sale = queries.sale_of_order(1)
    assert sale is not None
    claim = {
        "house_id": floor.house,
        "associate_id": floor.marco,
        "order_number": sale.number,
        "claimed_bps": 2_500,
        "reason": "I dressed her in Brera",
        "now": NOON,
    }
    dispute = operations.open_dispute(**claim)
    with pytest.raises(Refused) as again:
        operations.open_dispute(**claim)
    decision = {"house_id": floor.house, "dispute_id": dispute, "is_upheld": True, "now": NOON}
    with pytest.raises(Refused) as outsider:
        operations.decide_dispute(**decision, user_id=user_of(floor.house, "Marco"), decision="mine")
    with pytest.raises(Refused) as silent:
        operations.decide_dispute(**decision, user_id=user_of(floor.house, "Sup"), decision=" ")
    operations.decide_dispute(**decision, user_id=user_of(floor.house, "Sup"), decision="Seen on camera")

    refusals = [each.value.refusal for each in (again, outsider, silent)]
    assert refusals == [Refusal.DISPUTED, Refusal.SUPERVISOR_ONLY, Refusal.EMPTY]
    assert kept(floor) == {
        floor.yue: sale.commission - rules.split(sale.commission, [7_500, 2_500])[1],
        floor.marco: rules.split(sale.commission, [7_500, 2_500])[1],
    }
    row = CommissionDispute.objects.get()
    assert (row.shares_before, row.shares_after) == (
        {str(floor.yue): 10_000},
        {str(floor.yue): 7_500, str(floor.marco): 2_500},
    )
    with pytest.raises(Refused) as late:
        operations.decide_dispute(**decision, user_id=user_of(floor.house, "Sup"), decision="again")
    assert late.value.refusal is Refusal.DECIDED


@pytest.mark.parametrize(("model", "reason"), [("primary", "primary"), ("first_contact", "first_contact")])
def test_a_house_may_attribute_by_who_stands_by_the_client(floor: Floor, model: str, reason: str) -> None:
    operations.set_attribution(
        house_id=floor.house,
        user_id=user_of(floor.house, "Sup"),
        terms=AttributionTerms(model=model),
        now=NOON - timedelta(days=1),
    )
    ClientBookEntry.objects.filter(associate=floor.yue).update(since=NOON - timedelta(days=400))

    operations.credit_sale(paid(floor, person_id=floor.client), NOON)

    sale = queries.sale_of_order(1)
    assert sale is not None and (sale.associate_id, sale.reason) == (floor.yue, reason)
