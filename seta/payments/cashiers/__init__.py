"""One cashier a provider: it speaks the provider's protocol and answers in our words.

Each is one module and one line of PROVIDERS; nothing else names it, so that a provider can be deleted.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from seta.houses import queries as houses
from seta.houses.queries import Account
from seta.payments.cashiers import alipay, antom, wechatpay, wechatpay_global
from seta.payments.cashiers.cashier import Back, Cashier, Order, PageCashier, Provider
from seta.payments.rules.matching import TheirRow
from seta.payments.rules.refusals import PaymentRefused, Refusal
from seta.payments.rules.states import WECHATPAY, Evidence, RefundEvidence
from seta.platforms.core.bills import BillRefused

__all__ = [
    "PROVIDERS",
    "Back",
    "Cashier",
    "Order",
    "PageCashier",
    "Provider",
    "cashier",
    "merchants_in_bill",
    "notice",
    "read_bill",
    "wechat",
]

PROVIDERS: Sequence[Provider] = (
    wechatpay.PROVIDER,
    wechatpay_global.PROVIDER,
    alipay.PROVIDER,
    antom.PROVIDER,
)


def cashier(house_id: int, provider: str) -> Cashier:
    """The house's desk at a provider, in its account's mode; raises AccountMissing when it has no account there."""
    account = houses.account(house_id, provider)
    return _of_account(account).open(account)


def wechat(house_id: int) -> PageCashier:
    """The desk that can also place orders for the mini program."""
    desk: Any = cashier(house_id, WECHATPAY)
    found: PageCashier = desk
    return found


def read_bill(provider: str, content: bytes) -> Sequence[TheirRow]:
    """The rows of a provider's trade bill; BillRefused when it is truncated, altered or of another format."""
    known = [one for one in PROVIDERS if one.name == provider]
    if not known:
        raise BillRefused(f"no bills of {provider} are known")
    fitting = next((one for one in known if one.reads_bill(content)), known[0])
    return fitting.read_bill(content)


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
