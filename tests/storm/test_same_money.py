"""A batch and a refund, or two refunds, that want the same money at the same moment: one of them gets it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from seta.kit.clock import beijing_day
from tests.storm.yard import Hand, Yard

pytestmark = pytest.mark.slow

AMOUNT, TURNS = 938_815, 6


def paid(place: Yard, hand: Hand, reference: str) -> dict[str, Any]:
    """A payment at the till."""
    card = hand.do(
        "open_intent",
        house_id=place.house_id,
        person_id=None,
        reference=reference,
        amount=AMOUNT,
        description="foulard",
        method="alipay_barcode",
        settle_currency="EUR",
    )
    code = place.sandbox.control("payment_code", provider="alipay")["auth_code"]
    assert hand.do("pay_barcode", intent_id=card["intent_id"], auth_code=code)["state"] == "succeeded"
    assert isinstance(card, dict)
    return card


def test_a_batch_and_a_refund_at_the_same_moment_never_promise_the_same_money(place: Yard) -> None:
    later = datetime.now(UTC) + timedelta(days=2)
    told: list[tuple[str, str]] = []
    batches = {""}

    cashier, finance = place.hand(), place.hand()
    for turn in range(TURNS):
        card = paid(place, cashier, f"S-{turn}")
        # Nobody answers at the provider: a refund that is claimed stays on its way, with its money promised.
        place.sandbox.control("fault", match="*", kind="500", times=3, about=card["out_trade_no"])
        cashier.tell(
            "refund", now=later, intent_id=card["intent_id"], amount=AMOUNT, reason="size", key=f"k{turn}"
        )
        finance.tell(
            "settle",
            now=later,
            house_id=place.house_id,
            currency="EUR",
            day=beijing_day(later).isoformat(),
        )
        asked, settled = cashier.hear(), finance.hear()["done"]
        # The day's newest batch is the answer, too, when there is no money for another.
        is_new = settled["number"] not in batches - {""}
        batches.add(settled["number"])
        told.append((word(asked), settled["state"] if is_new else "held"))
        finance.do("query_unknown", now=later + timedelta(hours=turn + 1))
    books = finance.do("books", house_id=place.house_id)

    allowed = {("refund_unfunded", "prepared"), ("unknown", "held")}
    assert set(told) <= allowed, told
    assert [*books["unbalanced"], *books["guarded_wrong"], *books["overdrawn"]] == []


def word(outcome: dict[str, Any]) -> str:
    """The state or the refusal that an outcome says."""
    return str(outcome["done"]["state"] if "done" in outcome else outcome.get("refused", outcome))
