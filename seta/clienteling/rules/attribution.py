"""Whose sale it is, and what it earns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

TOUCH_WINDOW = timedelta(days=14)
SHARE_WINDOW = timedelta(days=30)


@dataclass(frozen=True)
class Touch:
    """Something an associate did for a client: shared a product, or became their contact."""

    associate_id: int
    campaign: str
    at: datetime
    share_id: int | None = None


@dataclass(frozen=True)
class Credit:
    """Who gets a sale, why, and for which campaign."""

    associate_id: int
    campaign: str
    reason: str
    share_id: int | None = None


def credit_of(
    *,
    named: int | None,
    shared: Touch | None,
    scene: Touch | None,
    touches: Sequence[Touch],
    campaign: str,
    paid_at: datetime,
) -> Credit | None:
    """Who a paid order belongs to: the associate it names, the share it came by, the code it came by, the last touch.

    A share counts for 30 days, a touch for 14. The order's own campaign wins over the touch's.
    """
    if named is not None:
        told = [
            each.campaign
            for each in [shared, scene, *_newest_first(touches, paid_at)]
            if each and each.campaign
        ]
        return Credit(named, campaign or (told[0] if told else ""), "named")
    if shared and timedelta(0) <= paid_at - shared.at <= SHARE_WINDOW:
        return Credit(shared.associate_id, campaign or shared.campaign, "share", shared.share_id)
    if scene:
        return Credit(scene.associate_id, campaign or scene.campaign, "scene")
    recent = _newest_first(touches, paid_at)
    if recent:
        return Credit(recent[0].associate_id, campaign or recent[0].campaign, "touch", recent[0].share_id)
    return None


def _newest_first(touches: Sequence[Touch], paid_at: datetime) -> list[Touch]:
    within = [touch for touch in touches if timedelta(0) <= paid_at - touch.at <= TOUCH_WINDOW]
    return sorted(within, key=lambda touch: (touch.at, touch.associate_id), reverse=True)


def commission(amount: int, bps: int) -> int:
    """Commission in minor units on an amount in minor units, half up; bps are hundredths of a percent."""
    assert amount >= 0 and 0 <= bps <= 10_000
    return (amount * bps + 5_000) // 10_000


def claw_back(*, settle_amount: int, bps: int, earned: int, returned: int, is_whole: bool) -> int:
    """How much of the earned commission returns have taken, given the sum returned; never more than was earned."""
    if is_whole or returned >= settle_amount:
        return earned
    return earned - commission(settle_amount - returned, bps)
