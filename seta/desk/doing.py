"""Who does what a form asks, and when: what every operation of a member is told first."""

from datetime import UTC, datetime
from typing import TypedDict

from seta.houses.access import StaffRequest


class By(TypedDict):
    """The member of a house, at this moment."""

    house_id: int
    user_id: int
    now: datetime


def by(request: StaffRequest) -> By:
    """The member who sent this request, now: `operation(**by(request), ...)`."""
    return By(house_id=request.member.house_id, user_id=request.member.user_id, now=datetime.now(UTC))
