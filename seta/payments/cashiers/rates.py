"""What the providers themselves publish as their exchange rates, in our terms: one yuan in foreign units."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from seta.houses import queries as houses
from seta.houses.queries import Account
from seta.payments.rules.quotes import BASE_CURRENCY
from seta.payments.rules.ratefile import inverse
from seta.platforms.antom import Antom
from seta.platforms.core.errors import ErrorKind, PlatformError
from seta.platforms.wechatpay.exchange_rate import ExchangeRates


@dataclass(frozen=True)
class Published:
    """A provider's rate: `scaled` units of `currency` for one yuan times 10^8, and its day."""

    currency: str
    scaled: int
    on: date


def fetch(house_id: int, source: str, currencies: Iterable[str], day: date) -> list[Published]:
    """Ask the provider behind a source; raises AccountMissing or PlatformError. Nothing is promised by it."""
    return ASK[source](houses.account(house_id, source), sorted(currencies), day)


def _wechatpay(account: Account, currencies: Iterable[str], day: date) -> list[Published]:
    key = account.secrets.get("apiv2_key", "")
    if not key:
        raise PlatformError(
            "the account has no v2 key to sign the question with",
            platform="wechatpay",
            code="NO_V2_KEY",
            kind=ErrorKind.AUTH,
        )
    desk = ExchangeRates(
        mchid=account.app_id, appid=account.secrets["appid"], apiv2_key=key, base_url=account.base_url
    )
    found = [desk.rate(currency, day) for currency in currencies]
    # WeChat prices one foreign unit in yuan; we want it the other way round.
    return [Published(one.currency, inverse(one.scaled), one.published_on) for one in found]


def _antom(account: Account, currencies: Iterable[str], day: date) -> list[Published]:
    desk = Antom(
        client_id=account.app_id,
        private_key=account.secrets["private_key"],
        antom_public_key=account.secrets["antom_public_key"],
        base_url=account.base_url,
    )
    wanted = list(currencies)
    quotes = desk.exchange_rate(BASE_CURRENCY, pairs=tuple((BASE_CURRENCY, currency) for currency in wanted))
    by_pair = {quote.pair.replace("/", ""): quote.price for quote in quotes}
    missing = [currency for currency in wanted if BASE_CURRENCY + currency not in by_pair]
    if missing:
        raise PlatformError(
            f"no rate of {', '.join(missing)}",
            platform="antom",
            code="NO_RATE",
            kind=ErrorKind.UNKNOWN_OUTCOME,
        )
    return [Published(currency, by_pair[BASE_CURRENCY + currency], day) for currency in wanted]


ASK: Mapping[str, Callable[[Account, Iterable[str], date], list[Published]]] = {
    "wechatpay": _wechatpay,
    "antom": _antom,
}
"""The sources that are a house's own accounts, by family."""
