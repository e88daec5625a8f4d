"""Whose sale it is, what it earns, and how that is split and taken back to the cent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

TOUCH_WINDOW = timedelta(days=14)
SHARE_WINDOW = timedelta(days=30)
WHOLE_BPS = 10_000


@dataclass(frozen=True)
class AttributionTerms:
    """How a house attributes: last_touch, first_contact or primary; windows; the primary associate's part in bps."""

    model: str = "last_touch"
    touch_window: timedelta = TOUCH_WINDOW
    share_window: timedelta = SHARE_WINDOW
    primary_bps: int = 0


@dataclass(frozen=True)
class Touch:
    """Something an associate did for a client: shared a product, saw them in the store, or became their contact."""

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
    first_contact: Touch | None = None,
    primary: Touch | None = None,
    terms: AttributionTerms = AttributionTerms(),
) -> Credit | None:
    """Who a paid order belongs to: the associate it names, then whom the house's model says.

    By last touch: the share it came by, the code it came by, the latest touch within its window. By first contact
    or by primary associate, that one; when there is none, the last touch. The order's own campaign wins.
    """
    if named is not None:
        told = [
            each.campaign
            for each in [shared, scene, *_newest_first(touches, paid_at, terms)]
            if each and each.campaign
        ]
        return Credit(named, campaign or (told[0] if told else ""), "named")
    standing = {"first_contact": first_contact, "primary": primary}.get(terms.model)
    if standing:
        return Credit(standing.associate_id, campaign or standing.campaign, terms.model)
    if shared and timedelta(0) <= paid_at - shared.at <= terms.share_window:
        return Credit(shared.associate_id, campaign or shared.campaign, "share", shared.share_id)
    if scene:
        return Credit(scene.associate_id, campaign or scene.campaign, "scene")
    recent = _newest_first(touches, paid_at, terms)
    if recent:
        return Credit(recent[0].associate_id, campaign or recent[0].campaign, "touch", recent[0].share_id)
    return None


def _newest_first(touches: Sequence[Touch], paid_at: datetime, terms: AttributionTerms) -> list[Touch]:
    within = [touch for touch in touches if timedelta(0) <= paid_at - touch.at <= terms.touch_window]
    return sorted(within, key=lambda touch: (touch.at, touch.associate_id), reverse=True)


def commission(amount: int, bps: int) -> int:
    """Commission in minor units on an amount in minor units, half up; bps are hundredths of a percent."""
    assert amount >= 0 and 0 <= bps <= WHOLE_BPS
    return (amount * bps + 5_000) // 10_000


def claw_back(*, settle_amount: int, bps: int, earned: int, returned: int, is_whole: bool) -> int:
    """How much of the earned commission returns have taken, given the sum returned; never more than was earned."""
    if is_whole or returned >= settle_amount:
        return earned
    return earned - commission(settle_amount - returned, bps)


def parts_of(lead: int, primary: int | None, primary_bps: int) -> tuple[tuple[int, int], ...]:
    """(associate, bps) of a sale: the lead's part and the primary associate's; together 10,000."""
    if primary is None or primary == lead or not primary_bps:
        return ((lead, WHOLE_BPS),)
    if primary_bps == WHOLE_BPS:
        return ((primary, WHOLE_BPS),)
    return ((lead, WHOLE_BPS - primary_bps), (primary, primary_bps))


def parts_after_claim(
    parts: Sequence[tuple[int, int]], claimant: int, claimed_bps: int
) -> tuple[tuple[int, int], ...]:
    """The parts when a claimant gets what they claim and the others share the rest as they stood."""
    others = [(who, bps) for who, bps in parts if who != claimant]
    rest = split(WHOLE_BPS - claimed_bps, [bps for _, bps in others]) if others else []
    kept = [(who, bps) for (who, _), bps in zip(others, rest, strict=True) if bps]
    if not kept:
        return ((claimant, WHOLE_BPS),)
    return (*kept, (claimant, claimed_bps))


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Parts of a total by weights that add up to it exactly; a smaller total never makes any part larger.

    Each part is rounded off what is left, so that returns in any number and order end at the same cents. All
    minor units and weights are whole and not negative, and some weight is above zero.
    """
    assert total >= 0 and weights and all(weight >= 0 for weight in weights) and sum(weights) > 0
    parts: list[int] = []
    left, weight_left = total, sum(weights)
    for weight in weights:
        part = (2 * left * weight + weight_left) // (2 * weight_left) if weight_left else 0
        parts.append(part)
        left, weight_left = left - part, weight_left - weight
    assert left == 0
    return parts
