"""Where a house is paid, which routes it has set, and who takes each wallet in each scene because of them."""

from dataclasses import dataclass

from seta.houses import queries as houses
from seta.houses.queries import PaymentAccount
from seta.payments.models import Route
from seta.payments.rules import routing
from seta.payments.rules.routing import METHOD_OF, RouteRule, Scene, Wallet, Way


@dataclass(frozen=True)
class RouteRow:
    """A route that stands; `is_served` is false while its provider is not connected, when it is passed over."""

    wallet: str
    scene: str
    settle_currency: str
    provider: str
    is_served: bool


@dataclass(frozen=True)
class Served:
    """Who takes a wallet in a scene: by way of paying (page, qr, barcode) the provider, "" where nobody does."""

    wallet: str
    scene: str
    ways: tuple[tuple[str, str], ...]


def connected(house_id: int) -> tuple[PaymentAccount, ...]:
    """The house's payment accounts, each with the mode it works in."""
    return tuple(houses.payment_accounts(house_id))


def routes(house_id: int) -> list[RouteRow]:
    """The routes that stand, in the order of their making."""
    there = houses.payment_families(house_id)
    return [
        RouteRow(row.wallet, row.scene, row.settle_currency, row.provider, row.provider in there)
        for row in Route.objects.filter(house_id=house_id).order_by("wallet", "scene", "settle_currency")
    ]


def served(house_id: int, settle_currency: str) -> list[Served]:
    """Who takes what in a settlement currency now: the routes applied to what is connected."""
    rules = [
        RouteRule(Wallet(row.wallet), Scene(row.scene), row.settle_currency, row.provider)
        for row in Route.objects.filter(house_id=house_id).order_by("id")
    ]
    there = houses.payment_families(house_id)
    provider_of = {method: provider for (provider, _, _), method in METHOD_OF.items()}
    found = []
    for wallet in Wallet:
        for scene in (Scene.MINI_PROGRAM, Scene.TILL, Scene.STATIC):
            ways = []
            for way in Way:
                method = routing.route(
                    rules,
                    wallet=wallet,
                    way=way,
                    scene=scene,
                    settle_currency=settle_currency,
                    connected=there,
                )
                ways.append((way.value, provider_of[method] if method else ""))
            found.append(Served(wallet, scene, tuple(ways)))
    return found
