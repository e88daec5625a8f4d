"""Choose a provider for a house's payments, and say which method a payment takes."""

from datetime import datetime
from typing import Any

from django.db import transaction

from seta.houses import queries as houses
from seta.payments.models import Route
from seta.payments.rules import routing
from seta.payments.rules.quotes import SETTLE_CURRENCIES
from seta.payments.rules.refusals import PaymentRefused, Refusal
from seta.payments.rules.routing import ANY_CURRENCY, RouteRule, Scene, Wallet, Way


@transaction.atomic
def set_route(
    *, house_id: int, wallet: str, scene: str, settle_currency: str, provider: str, now: datetime
) -> None:
    """Send a wallet's payments in a scene and settlement currency ("" for any) to a provider; "" takes the rule away.

    `wallet` is wechat or alipay, `scene` mini_program, till, static or any. Raises PaymentRefused: unknown words, a
    provider that does not take the wallet, or one where the house has no account.
    """
    try:
        asked_wallet, asked_scene = Wallet(wallet), Scene(scene)
    except ValueError as problem:
        raise PaymentRefused(Refusal.UNSUPPORTED_METHOD, str(problem)) from problem
    if settle_currency not in SETTLE_CURRENCIES | {ANY_CURRENCY}:
        raise PaymentRefused(Refusal.UNSUPPORTED_CURRENCY, settle_currency)
    key: dict[str, Any] = {
        "house_id": house_id,
        "wallet": asked_wallet,
        "scene": asked_scene,
        "settle_currency": settle_currency,
    }
    if not provider:
        Route.objects.filter(**key).delete()
        return
    if not routing.can_serve(provider, asked_wallet):
        raise PaymentRefused(Refusal.UNSUPPORTED_METHOD, f"{provider} for {wallet}")
    if provider not in houses.payment_families(house_id):
        raise PaymentRefused(Refusal.NOT_CONNECTED, f"{provider}: no account")
    Route.objects.update_or_create(**key, defaults={"provider": provider, "changed_at": now})


def routes_of(house_id: int) -> list[RouteRule]:
    """A house's rules in the order of their making."""
    rows = Route.objects.filter(house_id=house_id).order_by("id")
    return [
        RouteRule(Wallet(row.wallet), Scene(row.scene), row.settle_currency, row.provider) for row in rows
    ]


def method_for(*, house_id: int, wallet: str, way: str, scene: str, settle_currency: str) -> str:
    """The method for `open_intent`: which provider takes this wallet (wechat or alipay), paying this way, here.

    `way` is page (the mini program's or the provider's own page), qr (the client scans what we show) or barcode (we
    scan what the client shows; `routing.wallet_of_code` says whose it is); `scene` is mini_program, till or static.
    Raises PaymentRefused(UNSUPPORTED_METHOD) when no provider that the house has connected can do it.
    """
    try:
        asked = Wallet(wallet), Way(way), Scene(scene)
    except ValueError as problem:
        raise PaymentRefused(Refusal.UNSUPPORTED_METHOD, str(problem)) from problem
    method = routing.route(
        routes_of(house_id),
        wallet=asked[0],
        way=asked[1],
        scene=asked[2],
        settle_currency=settle_currency,
        connected=houses.payment_families(house_id),
    )
    if method is None:
        raise PaymentRefused(Refusal.UNSUPPORTED_METHOD, f"{wallet} by {way}")
    return method


def method_of_code(*, house_id: int, auth_code: str, settle_currency: str, scene: str = "till") -> str:
    """The method that charges a scanned payment code, as the house routes its wallet; raises PaymentRefused."""
    wallet = routing.wallet_of_code(auth_code)
    if wallet is None:
        raise PaymentRefused(Refusal.BAD_AUTH_CODE)
    return method_for(
        house_id=house_id, wallet=wallet, way=Way.BARCODE, scene=scene, settle_currency=settle_currency
    )
