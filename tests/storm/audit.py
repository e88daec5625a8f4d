"""What the books of a storm say, read in the process that has the database: to be held against the sandbox's own."""

from datetime import datetime
from typing import Any

from django.db.models import Count

from seta.events.models import Delivery, Event
from seta.kit.clock import beijing_day
from seta.ledger import queries as ledger
from seta.ledger.models import Journal
from seta.payments.models import Attempt, Break, Intent, Refund


def books(now: datetime, *, house_id: int) -> dict[str, Any]:
    """Whether the house's books hold together, its balances, and what is still open."""
    totals: dict[str, int] = {}
    trial = ledger.trial_balance(house_id)
    for line in trial:
        totals[line.currency] = totals.get(line.currency, 0) + line.balance
    summed = {f"{line.code} {line.currency}": line.balance for line in trial}
    guarded = [line for line in trial if line.code.startswith("merchant:")]
    free = {line: ledger.guarded_balance(house_id, line.code, line.currency) for line in guarded}
    return {
        "unbalanced": ledger.unbalanced_journals(house_id),
        "totals": totals,
        "balances": summed,
        "guarded_wrong": [
            f"{line.code}: {free[line]}, not {line.balance}" for line in guarded if free[line] != line.balance
        ],
        "overdrawn": [line.code for line in guarded if line.balance > 0],
        "journals": dict(
            Journal.objects.filter(house_id=house_id).values_list("kind").annotate(n=Count("id"))
        ),
        "resting": Delivery.objects.filter(resting=True).count(),
        "undelivered": Delivery.objects.filter(done_at__isnull=True).count(),
        "facts": dict(Event.objects.filter(house_id=house_id).values_list("name").annotate(n=Count("id"))),
        "breaks": [
            [row.key, row.category, row.our_amount, row.their_amount, row.resolved_at is not None]
            for row in Break.objects.filter(house_id=house_id).order_by("id")
        ],
    }


def payments(now: datetime, *, house_id: int) -> list[dict[str, Any]]:
    """Every payment with its refunds and with how often its journals stand in the books."""
    refunds: dict[int, list[dict[str, Any]]] = {}
    for row in Refund.objects.filter(house_id=house_id).order_by("id"):
        mine = {
            "number": row.out_refund_no,
            "amount": row.amount,
            "state": row.state,
            "day_gain": row.day_gain,
        }
        refunds.setdefault(row.intent_id, []).append(mine)
    booked: dict[str, list[str]] = {}
    for kind, idem, ref in Journal.objects.filter(house_id=house_id).values_list("kind", "idem", "ref"):
        booked.setdefault(ref, []).append(f"{kind} {idem}")
    attempts = {row.intent_id: row for row in Attempt.objects.filter(house_id=house_id)}
    return [
        {
            "intent_id": intent.pk,
            "reference": intent.reference,
            "method": intent.method,
            "provider": intent.provider,
            "state": intent.state,
            "amount": intent.amount,
            "booked_on": str(beijing_day(intent.booked_at)) if intent.booked_at else "",
            "sent": attempts[intent.pk].sent_at is not None,
            "out_trade_no": attempts[intent.pk].out_trade_no,
            "refunds": refunds.get(intent.pk, []),
            "journals": sorted(booked.get(intent.number, [])),
        }
        for intent in Intent.objects.filter(house_id=house_id).order_by("id")
    ]
