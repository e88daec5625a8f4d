"""What shall happen on a stormy day, all of it drawn from one seed before anything runs."""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass

JSAPI, NATIVE = "wechat_jsapi", "wechat_native"
WECHAT_CODE, ALIPAY_CODE = "wechat_barcode", "alipay_barcode"
METHODS = {JSAPI: 35, NATIVE: 15, WECHAT_CODE: 25, ALIPAY_CODE: 25}
PROVIDERS = {JSAPI: "wechat", NATIVE: "wechat", WECHAT_CODE: "wechat", ALIPAY_CODE: "alipay"}
ORDERED = frozenset({JSAPI, NATIVE})
"""An order is placed, in the mini program or as a shown code, and the client pays it afterwards."""

# Of a hundred payments of a method: what goes wrong. The names are explained where day.py makes them happen.
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
    "": 62,
    "waits_then_pays": 8,
    "waits_in_vain": 5,
    "unknown_but_paid": 5,
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
    "": 60,
    "clicked_twice": 12,
    "500": 6,
    "500_after": 8,
    "notice_dropped": 4,
    "notice_doubled": 4,
    "kill_request": 3,
    "kill_response": 3,
}
REFUNDED_SHARE = 0.12
SECOND_REFUND_SHARE = 0.3


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
    method: str
    amount: int
    trouble: str
    refunds: tuple[RefundPlan, ...]

    @property
    def provider(self) -> str:
        """As the sandbox's control calls it."""
        return PROVIDERS[self.method]


@dataclass(frozen=True)
class Plan:
    """A day: its payments by number, and after how many of a round's clients the server is killed."""

    seed: int
    rounds: int
    payments: tuple[PaymentPlan, ...]
    server_kills: dict[int, int]
    plants: dict[str, str]

    @property
    def digest(self) -> str:
        """By which two runs can be seen to have had the same plan."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]

    def of_round(self, number: int) -> Sequence[PaymentPlan]:
        """The payments that begin in a round."""
        return [payment for payment in self.payments if payment.round == number]


def make_plan(seed: int, payments: int, *, rounds: int, kills: int) -> Plan:
    """Draw a day; the same arguments give the same plan on every machine."""
    rng = random.Random(f"storm {seed} {payments}")
    drawn = tuple(_payment(rng, number, rng.randrange(rounds)) for number in range(payments))
    killed = sorted(rng.sample(range(rounds), min(kills, rounds)))
    plants = {
        "wechat": rng.choice(["missing", "amount"]),
        "alipay": rng.choice(["missing", "amount", "extra"]),
    }
    return Plan(seed, rounds, drawn, {number: rng.randrange(1, 6) for number in killed}, plants)


def _payment(rng: random.Random, number: int, round_: int) -> PaymentPlan:
    method = _drawn(rng, METHODS)
    trouble = _drawn(rng, ORDER_TROUBLES if method in ORDERED else CODE_TROUBLES)
    amount = rng.choice(
        [rng.randrange(100, 5_000), rng.randrange(5_000, 500_000), rng.randrange(500_000, 5_000_000)]
    )
    refunds: list[RefundPlan] = []
    if rng.random() < REFUNDED_SHARE:
        whole = rng.random() < 0.4
        first = 1_000 if whole else rng.randrange(100, 700)
        refunds.append(RefundPlan(rng.randrange(1, 4), first, _drawn(rng, REFUND_TROUBLES)))
        if not whole and rng.random() < SECOND_REFUND_SHARE:
            refunds.append(RefundPlan(rng.randrange(4, 7), 1_000 - first, _drawn(rng, REFUND_TROUBLES)))
    return PaymentPlan(number, round_, method, amount, trouble, tuple(refunds))


def _drawn(rng: random.Random, weights: dict[str, int]) -> str:
    return rng.choices(list(weights), weights=list(weights.values()))[0]
