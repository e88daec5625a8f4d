"""Chapters 10 to 12: a partial refund, the day's close with a planted break, settlement, and what it all meant."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from seta.boutique import queries as boutique
from seta.events import queries as events
from seta.insights import queries as insights
from seta.kit.clock import beijing_day, rome_day
from seta.kit.money import decimal_text
from seta.payments import queries as payments
from seta.site.journey.money import in_books
from seta.site.journey.traveller import Traveller, demand

REFUND_SHARE = 4
"""A quarter of the order goes back."""


def refund_a_part(traveller: Traveller) -> dict[str, Any]:
    """(10) Finance gives back a quarter of the shared order; the provider pays it out and says so."""
    order_id = traveller.carried["order_id"]
    order = boutique.order(order_id=order_id, house_id=traveller.house_id)
    assert order is not None
    amount = order.total // REFUND_SHARE
    page = f"/desk/boutique/orders/{order_id}/"
    form = {"amount": decimal_text(amount, order.currency), "reason": "尺寸更换差价"}
    traveller.press("finance", page, f"{page}refund/", **form)
    _approve_where_asked(traveller, page)
    asked = traveller.wait(lambda: _refunds(traveller, order.number), "the refund to reach the provider")
    traveller.control("refund_settle", provider="wechat", out_refund_no=asked[0].out_refund_no)
    done = traveller.wait(
        lambda: [row for row in _refunds(traveller, order.number) or [] if row.state == "succeeded"],
        "the refund's success",
    )
    after = traveller.wait(lambda: _refunded(traveller, order_id), "the order to show the refund")
    return {
        "order": {"id": order_id, "state": after.state, "refunded": after.refunded, "total": after.total},
        "out_refund_no": done[0].out_refund_no,
        "amount": f"{done[0].amount} CNY",
        "state": done[0].state,
        "payment": in_books(traveller.house_id, order.number),
    }


def _approve_where_asked(traveller: Traveller, page: str) -> None:
    """Above the house's limit a second person of finance has to agree."""
    shown = traveller.desk("finance2").get(page)
    for action in traveller.actions(shown, r"/desk/boutique/refunds/\d+/approve/"):
        traveller.press("finance2", page, action)


def _refunds(traveller: Traveller, number: str) -> list[Any] | None:
    rows = [row for row in payments.payments(traveller.house_id) if row.reference == number]
    if not rows:
        return None
    return list(payments.payment(traveller.house_id, rows[0].id, now=datetime.now(UTC)).refunds) or None


def _refunded(traveller: Traveller, order_id: int) -> boutique.OrderView | None:
    order = boutique.order(order_id=order_id, house_id=traveller.house_id)
    return order if order is not None and order.refunded else None


def close_the_day(traveller: Traveller) -> dict[str, Any]:
    """(11) Bills fetched and reconciled with 0 breaks, one planted break found, a settlement batch in EUR."""
    day = beijing_day(datetime.now(UTC))
    clean = {provider: _close(traveller, provider, day.isoformat()) for provider in ("wechat", "alipay")}
    breaks = payments.breaks(traveller.house_id, now=datetime.now(UTC))
    demand(not breaks, "an honest bill has breaks", breaks=[str(one) for one in breaks])
    planted = _close(traveller, "wechat", day.isoformat(), plant="extra")
    found = payments.breaks(traveller.house_id, now=datetime.now(UTC))
    demand(
        len(found) == 1, f"{len(found)} breaks instead of the one planted", breaks=[str(one) for one in found]
    )
    settle_on = rome_day(datetime.now(UTC)).isoformat()
    traveller.press("finance", "/desk/money/", "/desk/money/settle/", currency="EUR", day=settle_on)
    batch = traveller.wait(lambda: next(iter(payments.batches(traveller.house_id)), None), "a batch")
    detail = payments.batch(traveller.house_id, batch.id)
    demand(batch.total == sum(line.net for line in detail.lines), "the batch is not the sum of its lines")
    sums: Counter[str] = Counter()
    for line in payments.trial_balance(traveller.house_id):
        sums[line.currency] += line.balance
    demand(not any(sums.values()), "the books do not sum to zero", sums=dict(sums))
    return {
        "bills": clean,
        "breaks": 0,
        "planted": {"runs": planted, "found": found[0].category, "key": found[0].key},
        "batch": {
            "number": batch.number,
            "state": batch.state,
            "lines": len(detail.lines),
            "total": f"{batch.total} {batch.currency}",
            "bank_file_bytes": len(detail.bank_file),
        },
        "trial_balance": dict(sums),
    }


def _close(traveller: Traveller, provider: str, day: str, **plant: str) -> str:
    made = traveller.control("make_bill", provider=provider, date=day, **plant)
    traveller.press("finance", "/desk/money/", "/desk/money/close-day/", provider=provider, day=day)
    run = payments.runs(traveller.house_id)[0]
    return f"{made['lines']} lines in the bill; {', '.join(f'{name} {n}' for name, n in run.counts.items() if n)}"


def look_back(traveller: Traveller) -> dict[str, Any]:
    """(12) The funnel from impression to paid, money by campaign and associate, spend by district."""
    traveller.wait(lambda: not events.unlaked(1), "the lake to hold every fact")
    funnel = {step.code: step.people for step in insights.funnel(traveller.house_id)}
    demand(funnel.get("paid", 0) >= 1, "the funnel does not reach a paid order", funnel=funnel)
    campaigns = insights.attribution(traveller.house_id)
    associates = insights.by_associate(traveller.house_id)
    districts = insights.spend_by_district(traveller.house_id)
    demand(bool(campaigns and associates and districts), "a measure is empty")
    return {
        "lake_rows": insights.lake_rows(),
        "funnel": funnel,
        "by_campaign": {row.key or "none": f"{row.amount} {row.currency}" for row in campaigns},
        "by_associate": {row.key: f"{row.amount} {row.currency}" for row in associates},
        "by_district": {row.key or "online": f"{row.amount} {row.currency}" for row in districts},
    }
