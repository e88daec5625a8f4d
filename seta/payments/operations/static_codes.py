"""Make, close and reopen the printed codes of a boutique, and open what a client pays at one."""

from datetime import datetime

from django.db import transaction

from seta.kit.ids import new_token
from seta.payments.cards import IntentCard
from seta.payments.code_queries import CodeCard, code_card
from seta.payments.models import StaticCode
from seta.payments.operations.intents import open_intent
from seta.payments.rules import counter, quotes
from seta.payments.rules.refusals import PaymentRefused, Refusal

_CODE_BITS = 60  # twelve characters that nobody guesses, few enough for a coarse print


@transaction.atomic
def make_static_code(
    *, house_id: int, boutique_code: str, title: str, settle_currency: str, now: datetime
) -> CodeCard:
    """A new printed code of a boutique. Raises PaymentRefused for a currency that is not settled."""
    assert boutique_code and title, "a code hangs in a boutique and says whose it is"
    if settle_currency not in quotes.SETTLE_CURRENCIES:
        raise PaymentRefused(Refusal.UNSUPPORTED_CURRENCY, settle_currency)
    row = StaticCode.objects.create(
        house_id=house_id,
        boutique_code=boutique_code[:40],
        code=new_token(_CODE_BITS),
        title=title[: counter.TITLE_CHARS_MAX],
        settle_currency=settle_currency,
        made_at=now,
    )
    return code_card(row)


@transaction.atomic
def close_static_code(*, house_id: int, code: str) -> CodeCard:
    """Nobody can begin to pay at the code any more; what was begun is not touched."""
    return _switch(house_id, code, is_active=False)


@transaction.atomic
def reopen_static_code(*, house_id: int, code: str) -> CodeCard:
    """A closed code takes payments again."""
    return _switch(house_id, code, is_active=True)


def _switch(house_id: int, code: str, *, is_active: bool) -> CodeCard:
    row = StaticCode.objects.select_for_update().filter(house_id=house_id, code=code).first()
    if row is None:
        raise PaymentRefused(Refusal.NOT_FOUND, f"code {code[:16]}")
    row.is_active = is_active
    row.save(update_fields=["is_active"])
    return code_card(row)


@transaction.atomic
def open_at_code(
    *, house_id: int, person_id: int, code: str, amount: int, key: str, now: datetime
) -> IntentCard:
    """Open the payment of `amount` fen that a client entered at a printed code, to be paid in the mini program.

    The same client and key give the same payment, so two taps pay once. Raises PaymentRefused: NOT_FOUND for a
    code of another house, CODE_CLOSED, KEY_MISSING, ALREADY_PAID, IN_PROGRESS (the key with another amount), or
    an amount that is not above zero, over the limit, or worth nothing in the settlement currency.
    """
    row = StaticCode.objects.filter(house_id=house_id, code=code).first()
    if row is None:
        raise PaymentRefused(Refusal.NOT_FOUND, f"code {code[:16]}")
    if not row.is_active:
        raise PaymentRefused(Refusal.CODE_CLOSED, code)
    return open_intent(
        house_id=house_id,
        person_id=person_id,
        reference=counter.reference_of(row.pk, person_id, counter.check_key(key)),
        amount=amount,
        description=row.title,
        method="wechat_jsapi",
        settle_currency=row.settle_currency,
        boutique_code=row.boutique_code,
        now=now,
    )
