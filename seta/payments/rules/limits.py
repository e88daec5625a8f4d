"""What each provider allows of refunds, kept before anything is sent: how many parts, how fast, how late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from seta.payments.rules.refusals import Refusal
from seta.payments.rules.states import ALIPAY, ANTOM, WECHATPAY


@dataclass(frozen=True)
class RefundLimits:
    """Limits of one payment's refunds; None where the provider states none."""

    parts_max: int | None
    gap: timedelta | None
    within: timedelta | None


REFUND_LIMITS: dict[str, RefundLimits] = {
    # https://pay.weixin.qq.com/doc/global/v3, refunds: one year, 50 parts, a minute apart; the domestic API likewise.
    WECHATPAY: RefundLimits(parts_max=50, gap=timedelta(minutes=1), within=timedelta(days=365)),
    # alipay.trade.refund: twelve months; how many parts is not stated.
    ALIPAY: RefundLimits(parts_max=None, gap=None, within=timedelta(days=365)),
    # https://docs.antom.com, refund: REFUND_WINDOW_EXCEED past a year for Alipay's own wallet.
    ANTOM: RefundLimits(parts_max=None, gap=None, within=timedelta(days=365)),
}

NO_LIMITS = RefundLimits(None, None, None)


def refund_limit(
    provider: str, *, paid_at: datetime | None, parts: Sequence[datetime], now: datetime
) -> Refusal | None:
    """Why the provider would turn down one more refund, None when it would not.

    `parts` are the instants at which the refunds that count were asked for; `paid_at` None skips the window.
    """
    limits = REFUND_LIMITS.get(provider, NO_LIMITS)
    if limits.within is not None and paid_at is not None and now - paid_at > limits.within:
        return Refusal.REFUND_TOO_LATE
    if limits.parts_max is not None and len(parts) >= limits.parts_max:
        return Refusal.REFUNDS_TOO_MANY
    if limits.gap is not None and any(now - part < limits.gap for part in parts):
        return Refusal.REFUND_TOO_SOON
    return None
