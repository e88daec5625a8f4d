"""A fapiao is asked for once, issued with its number, and withdrawn when money goes back."""

from datetime import datetime

from django.db import IntegrityError, transaction

from seta.boutique.models import Fapiao, Order
from seta.boutique.operations.noting import locked_of, note
from seta.boutique.rules.orders import State
from seta.boutique.rules.refusals import OrderRefused, Refusal
from seta.boutique.rules.service import STANDING_PAPER, Invoicee, Paper, fapiao_number

_PAYABLE = frozenset({State.PLACED, State.PAID, State.PARTLY_REFUNDED})
_PAID = frozenset({State.PAID, State.PARTLY_REFUNDED})


@transaction.atomic
def ask_fapiao(
    *, house_id: int, order_id: int, invoice: Invoicee, user_id: int | None = None, now: datetime
) -> None:
    """Ask for an order's fapiao, or put right its fields until it is issued.

    Raises OrderRefused: FAPIAO_STANDS once one is issued, WRONG_STATE when there is no money to invoice.
    """
    order = locked_of(house_id, order_id)
    if order.state not in _PAYABLE or order.total == order.refunded:
        raise OrderRefused(Refusal.WRONG_STATE, order.state)
    ask_for(order, invoice, now, user_id=user_id)


def ask_for(order: Order, invoice: Invoicee, now: datetime, *, user_id: int | None = None) -> None:
    """Keep the wish inside the caller's transaction, the order locked."""
    row = Fapiao.objects.filter(order=order, state__in=sorted(STANDING_PAPER)).first()
    if row is not None and row.state != Paper.ASKED:
        raise OrderRefused(Refusal.FAPIAO_STANDS, row.state)
    row = row or Fapiao(order=order, house_id=order.house_id, asked_at=now)
    row.buyer, row.title = invoice.buyer, invoice.title
    row.tax_number, row.email = invoice.tax_number, invoice.email
    row.save()
    note(order, "fapiao_asked", now, user_id=user_id)


@transaction.atomic
def issue_fapiao(*, house_id: int, order_id: int, number: str, user_id: int, now: datetime) -> None:
    """Enter the number under which the tax platform issued it, over what the house has kept of the money.

    Raises OrderRefused: WRONG_FAPIAO_NUMBER (also for one that is in use), UNKNOWN_FAPIAO, WRONG_STATE.
    """
    number = fapiao_number(number)
    order = locked_of(house_id, order_id)
    row = _standing(order, Paper.ASKED)
    if order.state not in _PAID:
        raise OrderRefused(Refusal.WRONG_STATE, order.state)
    row.state, row.number, row.amount = Paper.ISSUED, number, order.total - order.refunded
    row.issued_at, row.issued_by = now, user_id
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as problem:
        raise OrderRefused(Refusal.WRONG_FAPIAO_NUMBER, f"{number} is in use") from problem
    note(order, "fapiao_issued", now, detail=number, user_id=user_id)


@transaction.atomic
def withdraw_fapiao(*, house_id: int, order_id: int, red_number: str, user_id: int, now: datetime) -> None:
    """Enter the red-letter fapiao that takes an issued one back; what is left of the money is asked for anew.

    Raises OrderRefused: WRONG_FAPIAO_NUMBER, UNKNOWN_FAPIAO.
    """
    red_number = fapiao_number(red_number)
    order = locked_of(house_id, order_id)
    row = _standing(order, Paper.TO_WITHDRAW, Paper.ISSUED)
    if red_number == row.number:
        raise OrderRefused(Refusal.WRONG_FAPIAO_NUMBER, "the issued one")
    row.state, row.red_number, row.withdrawn_at = Paper.WITHDRAWN, red_number, now
    row.save(update_fields=["state", "red_number", "withdrawn_at"])
    note(order, "fapiao_withdrawn", now, detail=red_number, user_id=user_id)
    if order.state in _PAID and order.total > order.refunded:
        same = {name: getattr(row, name) for name in ("buyer", "title", "tax_number", "email")}
        Fapiao.objects.create(order=order, house_id=house_id, asked_at=now, **same)


def _standing(order: Order, *states: Paper) -> Fapiao:
    row = Fapiao.objects.filter(order=order, state__in=sorted(states)).first()
    if row is None:
        raise OrderRefused(Refusal.UNKNOWN_FAPIAO, order.number)
    return row


def money_went_back(order: Order) -> None:
    """What a refund means for the order's fapiao, inside the caller's transaction, the order locked."""
    rows = Fapiao.objects.filter(order=order)
    rows.filter(state=Paper.ISSUED).update(state=Paper.TO_WITHDRAW)
    if order.state not in _PAID:
        rows.filter(state=Paper.ASKED).update(state=Paper.DROPPED)
