"""Whether a provider is really there for a house: it has an account, answers it, and proves its answer."""

from datetime import datetime

from seta.houses.queries import AccountMissing
from seta.kit.ids import new_id
from seta.payments import cashiers
from seta.payments.operations.changing import propose_change
from seta.payments.rules.changes import Kind
from seta.payments.rules.refusals import PaymentRefused, Refusal
from seta.payments.rules.routing import ANY_CURRENCY
from seta.payments.rules.states import Trade


def check_provider(*, house_id: int, provider: str) -> None:
    """Ask a provider about a payment that never was: only one that knows our keys, and whose keys we know, says so.

    Moves no money. Raises PaymentRefused(NOT_CONNECTED), whose detail says what is wrong. Must not be called inside a
    transaction.
    """
    try:
        found = cashiers.cashier(house_id, provider).ask(new_id("st"))
    except AccountMissing as problem:
        raise PaymentRefused(Refusal.NOT_CONNECTED, f"{provider}: no account") from problem
    if found.trade is Trade.UNKNOWN:
        said = " ".join(str(found.body.get(name, "")) for name in ("code", "message")).strip()
        raise PaymentRefused(Refusal.NOT_CONNECTED, f"{provider}: {said or 'no answer'}"[:200])


def propose_route(
    *,
    house_id: int,
    wallet: str,
    scene: str,
    settle_currency: str,
    provider: str,
    reason: str,
    proposed_by: int,
    now: datetime,
) -> int:
    """Propose which provider takes a wallet in a scene and settlement currency ("" for any); another member approves.

    The provider is asked first (see `check_provider`); "" leaves the wallet to its own provider again. Raises
    PaymentRefused: NOT_CONNECTED and what `propose_change` raises. Must not be called inside a transaction.
    """
    if provider:
        check_provider(house_id=house_id, provider=provider)
    return propose_change(
        house_id=house_id,
        kind=Kind.ROUTE,
        subject=f"{wallet[:16]} {scene[:16]} {'any' if settle_currency == ANY_CURRENCY else settle_currency[:16]}",
        after=provider,
        reason=reason,
        proposed_by=proposed_by,
        now=now,
    )
