"""What shall happen on a stormy day, all of it drawn from one seed before anything runs."""

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle


@dataclass(frozen=True)
class Way:
    """A way to pay: Seta's method, whose sandbox plays the provider, and how often of a hundred it is chosen.

    `is_order`: it is placed, in the mini program or as a shown code, and the client pays it afterwards; else a code
    is charged at the till. `is_printed`: the client enters the amount at a printed code. `is_abroad`: at the house
    whose WeChat Pay merchant is served by an institution outside China.
    """

    method: str
    provider: str
    weight: int
    is_order: bool = True
    is_printed: bool = False
    is_abroad: bool = False


WAYS = {
    "wechat_jsapi": Way("wechat_jsapi", "wechat", 20),
    "wechat_native": Way("wechat_native", "wechat", 9),
    "printed_code": Way("wechat_jsapi", "wechat", 8, is_printed=True),
    "alipay_qr": Way("alipay_qr", "alipay", 9),
    "antom_qr": Way("antom_qr", "antom", 6),
    "antom_cashier": Way("antom_cashier", "antom", 4),
    "abroad_jsapi": Way("wechat_jsapi", "wechat", 6, is_abroad=True),
    "abroad_native": Way("wechat_native", "wechat", 3, is_abroad=True),
    "wechat_barcode": Way("wechat_barcode", "wechat", 13, is_order=False),
    "alipay_barcode": Way("alipay_barcode", "alipay", 12, is_order=False),
    "antom_code": Way("antom_code", "antom", 6, is_order=False),
    "abroad_barcode": Way("wechat_barcode", "wechat", 4, is_order=False, is_abroad=True),
}

# Of a hundred payments of a way: what goes wrong. The names are explained where day.py makes them happen.
ORDER_TROUBLES = {
    "": 58,
    "never_pays": 6,
    "notice_dropped": 6,
    "notice_lost": 4,
    "notice_doubled": 6,
    "notice_reordered": 4,
    "notice_forged": 3,
    "notice_probe": 2,
    "500": 2,
    "500_after": 3,
    "timeout": 2,
    "slow": 1,
    "kill_request": 1,
    "kill_response": 1,
    "kill_prepay": 1,
}
CODE_TROUBLES = {
    "": 59,
    "waits_then_pays": 8,
    "waits_in_vain": 5,
    "unknown_but_paid": 5,
    "unknown_in_vain": 3,
    "declined": 4,
    "500": 2,
    "500_after": 4,
    "timeout": 2,
    "timeout_before": 2,
    "slow": 1,
    "kill_request": 2,
    "kill_response": 2,
    "kill_fact": 1,
}
REFUND_TROUBLES = {
    "": 58,
    "clicked_twice": 12,
    "pool_empty": 4,
    "500": 6,
    "500_after": 8,
    "notice_dropped": 3,
    "notice_doubled": 3,
    "kill_request": 3,
    "kill_response": 3,
}
REFUNDED_SHARE = 0.12
SECOND_REFUND_SHARE = 0.3
# A refund's rounds later, at most: what is sure to be refunded comes this long before the day's end.
ROUNDS_LATER_MAX = 3
RATES = (12_200_000, 13_400_000)
POLICIES = ("original", "refund_day")
OTHER_KINDS = (
    "amount entered twice at a printed code",
    "rate moved",
    "refund at the rate of its day",
    "server killed",
)


@dataclass(frozen=True)
class RefundPlan:
    """A refund of `share` thousandths of the payment, so many rounds after it."""

    rounds_later: int
    share: int
    trouble: str


@dataclass(frozen=True)
class PaymentPlan:
    """A payment of `amount` fen in a round of the day, and what goes wrong with it."""

    number: int
    round: int
    way: str
    amount: int
    trouble: str
    refunds: tuple[RefundPlan, ...]

    @property
    def how(self) -> Way:
        """Its way."""
        return WAYS[self.way]

    @property
    def provider(self) -> str:
        """As the sandbox's control calls it."""
        return self.how.provider

    @property
    def kind(self) -> str:
        """What has to have happened when the trouble was had."""
        return f"{'order' if self.how.is_order else 'code'}: {self.trouble}"


@dataclass(frozen=True)
class Plan:
    """A day: its payments by number, after how many of a round's clients the server is killed, and the terms.

    `terms` are each round's rate, scaled by 10^8, and its policy for refunds.
    """

    seed: int
    rounds: int
    payments: tuple[PaymentPlan, ...]
    server_kills: dict[int, int]
    plants: dict[str, str]
    terms: tuple[tuple[int, str], ...]

    @property
    def digest(self) -> str:
        """By which two runs can be seen to have had the same plan."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]

    def of_round(self, number: int) -> Sequence[PaymentPlan]:
        """The payments that begin in a round."""
        return [payment for payment in self.payments if payment.round == number]


def kinds() -> Iterator[str]:
    """Everything that must have happened on a day, whatever its seed."""
    yield from (f"paid: {way}" for way in WAYS)
    yield from (f"refunded: {way}" for way in WAYS)
    yield from (f"order: {trouble}" for trouble in ORDER_TROUBLES if trouble)
    yield from (f"code: {trouble}" for trouble in CODE_TROUBLES if trouble)
    yield from (f"refund: {trouble}" for trouble in REFUND_TROUBLES if trouble)
    yield from OTHER_KINDS


def make_plan(seed: int, payments: int, *, rounds: int, kills: int) -> Plan:
    """Draw a day; the same arguments give the same plan on every machine.

    The first payments bring every way, trouble and refund once, so that no day is without one; the others are drawn.
    """
    rng = random.Random(f"storm {seed} {payments}")
    sure = list(_sure(rng, rounds))
    assert len(sure) <= payments, f"a day of every kind has at least {len(sure)} payments"
    early = max(rounds - ROUNDS_LATER_MAX, 1)
    drawn = tuple(
        _payment(rng, number, rng.randrange(early), *sure[number])
        if number < len(sure)
        else _payment(rng, number, rng.randrange(rounds), *_any(rng))
        for number in range(payments)
    )
    killed = sorted(rng.sample(range(rounds), min(kills, rounds)))
    plants = {
        "wechat": rng.choice(["missing", "amount"]),
        "alipay": rng.choice(["missing", "amount", "extra"]),
        "antom": rng.choice(["missing", "amount", "extra"]),
    }
    # The policy changes with every round, so that each day has refunds under both.
    terms = tuple((rng.randrange(*RATES), POLICIES[number % 2]) for number in range(rounds))
    return Plan(seed, rounds, drawn, {number: rng.randrange(1, 6) for number in killed}, plants, terms)


Draft = tuple[str, str, tuple[RefundPlan, ...]]
"""Way, trouble and refunds of a payment; without refunds they are drawn."""


def _sure(rng: random.Random, rounds: int) -> Iterator[Draft]:
    orders = [name for name, way in WAYS.items() if way.is_order]
    codes = [name for name, way in WAYS.items() if not way.is_order]
    for ways, troubles in ((orders, ORDER_TROUBLES), (codes, CODE_TROUBLES)):
        # Which way has which trouble is another with every seed.
        rng.shuffle(ways)
        yield from zip(cycle(ways), [trouble for trouble in troubles if trouble], cycle([()]), strict=False)
    for way, trouble in zip(WAYS, cycle(trouble for trouble in REFUND_TROUBLES if trouble), strict=False):
        yield way, "", (_first_refund(rng, way, trouble),)
    for trouble in REFUND_TROUBLES:
        yield "wechat_jsapi", "", (_first_refund(rng, "wechat_jsapi", trouble),)


def _any(rng: random.Random) -> Draft:
    way = _drawn(rng, {name: way.weight for name, way in WAYS.items()})
    trouble = _drawn(rng, ORDER_TROUBLES if WAYS[way].is_order else CODE_TROUBLES)
    if rng.random() >= REFUNDED_SHARE:
        return way, trouble, ()
    first = _first_refund(rng, way, _drawn(rng, REFUND_TROUBLES))
    if first.share == 1_000 or rng.random() >= SECOND_REFUND_SHARE:
        return way, trouble, (first,)
    return way, trouble, (first, _refund(rng, way, 1_000 - first.share, _drawn(rng, REFUND_TROUBLES), 4))


def _first_refund(rng: random.Random, way: str, trouble: str) -> RefundPlan:
    share = 1_000 if rng.random() < 0.4 else rng.randrange(100, 700)
    return _refund(rng, way, share, trouble, 1)


def _refund(rng: random.Random, way: str, share: int, trouble: str, after: int) -> RefundPlan:
    # Only WeChat Pay's sandbox keeps a pool of yuan.
    fits = trouble != "pool_empty" or WAYS[way].provider == "wechat"
    return RefundPlan(rng.randrange(after, after + ROUNDS_LATER_MAX), share, trouble if fits else "")


def _payment(
    rng: random.Random, number: int, round_: int, way: str, trouble: str, refunds: tuple[RefundPlan, ...]
) -> PaymentPlan:
    amount = rng.choice(
        [rng.randrange(100, 5_000), rng.randrange(5_000, 500_000), rng.randrange(500_000, 5_000_000)]
    )
    return PaymentPlan(number, round_, way, amount, trouble, refunds)


def _drawn(rng: random.Random, weights: dict[str, int]) -> str:
    return rng.choices(list(weights), weights=list(weights.values()))[0]
