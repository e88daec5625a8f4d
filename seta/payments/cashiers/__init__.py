"""One cashier a provider: it speaks the provider's protocol and answers in our words. Each can be deleted."""

from collections.abc import Sequence

from seta.houses import queries as houses
from seta.payments.cashiers import alipay, wechatpay
from seta.payments.cashiers.alipay import AlipayCashier
from seta.payments.cashiers.cashier import Back, Cashier, Order
from seta.payments.cashiers.wechatpay import WeChatCashier
from seta.payments.rules.matching import TheirRow
from seta.payments.rules.states import ALIPAY, WECHATPAY

__all__ = ["Back", "Cashier", "Order", "cashier", "merchants_in_bill", "read_bill", "wechat"]


def cashier(house_id: int, provider: str) -> Cashier:
    """The house's desk at a provider; raises AccountMissing when it has no account there."""
    if provider == WECHATPAY:
        return wechat(house_id)
    assert provider == ALIPAY, f"no cashier for {provider}"
    return AlipayCashier(houses.alipay(house_id))


def wechat(house_id: int) -> WeChatCashier:
    """The desk that can also place orders for the mini program."""
    return WeChatCashier(houses.wechatpay(house_id))


def read_bill(provider: str, content: bytes) -> Sequence[TheirRow]:
    """The rows of a provider's trade bill; BillRefused when it is truncated, altered or of another format."""
    assert provider in (WECHATPAY, ALIPAY), f"no bills of {provider}"
    return wechatpay.read_bill(content) if provider == WECHATPAY else alipay.read_bill(content)


def merchants_in_bill(house_id: int, provider: str) -> frozenset[str]:
    """Under which merchant numbers the house's lines stand in a bill; Alipay's files name none."""
    return frozenset({houses.account(house_id, WECHATPAY).app_id if provider == WECHATPAY else ""})
