"""Which provider takes a payment: a house's own rules by wallet, scene and currency, the most specific first."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from seta.payments.rules.states import ALIPAY, ANTOM, WECHATPAY

ANY_CURRENCY = ""


class Wallet(StrEnum):
    """What the client pays with."""

    WECHAT = "wechat"
    ALIPAY = "alipay"


class Scene(StrEnum):
    """Where the client pays; ANY stands in rules only."""

    MINI_PROGRAM = "mini_program"
    TILL = "till"
    STATIC = "static"
    ANY = "any"


class Way(StrEnum):
    """How money and merchant meet: our page asks, the client scans ours, or we scan the client's."""

    PAGE = "page"
    QR = "qr"
    BARCODE = "barcode"


@dataclass(frozen=True)
class RouteRule:
    """A house's wish: this wallet, in this scene and settlement currency ("" for any), goes to this provider."""

    wallet: Wallet
    scene: Scene
    settle_currency: str
    provider: str


METHOD_OF: dict[tuple[str, Wallet, Way], str] = {
    (WECHATPAY, Wallet.WECHAT, Way.PAGE): "wechat_jsapi",
    (WECHATPAY, Wallet.WECHAT, Way.QR): "wechat_native",
    (WECHATPAY, Wallet.WECHAT, Way.BARCODE): "wechat_barcode",
    (ALIPAY, Wallet.ALIPAY, Way.QR): "alipay_qr",
    (ALIPAY, Wallet.ALIPAY, Way.BARCODE): "alipay_barcode",
    (ANTOM, Wallet.ALIPAY, Way.PAGE): "antom_cashier",
    (ANTOM, Wallet.ALIPAY, Way.QR): "antom_qr",
    (ANTOM, Wallet.ALIPAY, Way.BARCODE): "antom_code",
}
"""What each provider calls a wallet paying in a way; a pair that is not here cannot be had."""

_DEFAULTS: dict[Wallet, tuple[str, ...]] = {
    Wallet.WECHAT: (WECHATPAY,),
    Wallet.ALIPAY: (ALIPAY, ANTOM),
}


def can_serve(provider: str, wallet: Wallet) -> bool:
    """Whether the provider takes this wallet at all."""
    return provider in _DEFAULTS[wallet]


def route(
    rules: Iterable[RouteRule],
    *,
    wallet: Wallet,
    way: Way,
    scene: Scene,
    settle_currency: str,
    connected: Collection[str],
) -> str | None:
    """The method a payment takes at the provider of the most specific rule; None when nobody can serve it.

    A rule that names the currency outranks one that names the scene; a rule whose provider the house has not
    `connected`, or that has no such way, is passed over. Without rules a wallet's own provider comes first.
    """
    fitting = [
        rule
        for rule in rules
        if rule.wallet is wallet
        and rule.scene in (scene, Scene.ANY)
        and rule.settle_currency in (settle_currency, ANY_CURRENCY)
    ]
    fitting.sort(key=_specific, reverse=True)
    for provider in (*(rule.provider for rule in fitting), *_DEFAULTS[wallet]):
        method = METHOD_OF.get((provider, wallet, way))
        if provider in connected and method is not None:
            return method
    return None


def wallet_of_code(auth_code: str) -> Wallet | None:
    """Whose payment code a scanner has read: WeChat's 18 digits begin 10-15, Alipay's 16-24 begin 25-30."""
    if not (auth_code.isascii() and auth_code.isdigit()):
        return None
    first = int(auth_code[:2])
    if len(auth_code) == 18 and 10 <= first <= 15:
        return Wallet.WECHAT
    return Wallet.ALIPAY if 16 <= len(auth_code) <= 24 and 25 <= first <= 30 else None


def _specific(rule: RouteRule) -> tuple[bool, bool]:
    return rule.settle_currency != ANY_CURRENCY, rule.scene is not Scene.ANY
