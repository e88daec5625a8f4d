"""One cashier a provider: it speaks the provider's protocol and answers in our words.

Each is one module and one line of PROVIDERS; nothing else names it, so that a provider can be deleted.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from seta.houses import queries as houses
from seta.houses.queries import Account
from seta.payments.cashiers import alipay, antom, wechatpay, wechatpay_global
from seta.payments.cashiers.cashier import Back, BillByHand, Cashier, Order, PageCashier, PaidOut, Provider
from seta.payments.rules.refusals import PaymentRefused, Refusal
from seta.payments.rules.states import WECHATPAY, Evidence, RefundEvidence

__all__ = [
    "PROVIDERS",
    "Back",
    "BillByHand",
    "Cashier",
    "Order",
    "PageCashier",
    "PaidOut",
    "Provider",
    "cashier",
    "desk_of",
    "merchants_in_bill",
    "notice",
    "page_of",
]

PROVIDERS: Sequence[Provider] = (
    wechatpay.PROVIDER,
    wechatpay_global.PROVIDER,
    alipay.PROVIDER,
    antom.PROVIDER,
)


def cashier(house_id: int, provider: str) -> Cashier:
    """The house's desk at a provider, in its account's mode; raises AccountMissing when it has no account there."""
    return desk_of(houses.account(house_id, provider))


def desk_of(account: Account) -> Cashier:
    """The desk of an account that somebody has read already."""
    return _of_account(account).open(account)


def page_of(account: Account) -> PageCashier:
    """The desk of a WeChat Pay account, which can also place orders for the mini program."""
    assert account.family == WECHATPAY
    desk: Any = desk_of(account)
    found: PageCashier = desk
    return found


def merchants_in_bill(house_id: int, provider: str) -> frozenset[str]:
    """Under which merchant numbers the house's lines stand in a bill, "" where the provider's files name none."""
    account = houses.account(house_id, provider)
    return frozenset({_of_account(account).merchant(account)})


def notice(
    provider: str, kind: str, fields: Mapping[str, Any], external_id: str
) -> Evidence | RefundEvidence:
    """What a provider's proven notification says, in whichever of its modes it was sent.

    Raises ValueError or KeyError when no mode of the provider can read it.
    """
    for one in PROVIDERS:
        said = one.notice(kind, fields, external_id) if one.name == provider else None
        if said is not None:
            return said
    raise ValueError(f"no mode of {provider} reads a notification of kind {kind[:40]!r}")


def _of_account(account: Account) -> Provider:
    for one in PROVIDERS:
        if one.name == account.family and account.mode in one.modes:
            return one
    raise PaymentRefused(Refusal.UNSUPPORTED_METHOD, f"no cashier for {account.family} {account.mode}")
