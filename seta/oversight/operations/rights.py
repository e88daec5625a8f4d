"""Who may look and judge: asked before every step of a review; every no is a line of the audit log."""

from datetime import datetime
from typing import NoReturn

from seta.houses.queries import MemberCard, member_of, members
from seta.oversight.models import Alert
from seta.oversight.operations.audit import append_audit
from seta.oversight.rules.review import REVIEWERS, Refusal, Refused


def authorise(house_id: int, user_id: int, what: str, now: datetime) -> MemberCard:
    """The reviewer behind a user, for something they want to do; raises Refused.

    Call outside a transaction that the refusal would roll back, or the log loses its line.
    """
    member = member_of(user_id)
    if member is None or member.house_id != house_id or member.role not in REVIEWERS:
        refuse(house_id, user_id, what, Refusal.NOT_ALLOWED, now)
    return member


def authorise_alert(
    house_id: int, alert_id: int, user_id: int, own_userid: str, now: datetime, what: str = ""
) -> None:
    """That the user may review here and the alert is of this house and not about themselves; a no is logged.

    `own_userid` is the name in WeCom under which they write to clients, if they do. Raises Refused.
    """
    what = what or f"alert {alert_id}"
    authorise(house_id, user_id, what, now)
    alert = Alert.objects.filter(pk=alert_id, house_id=house_id).select_related("message").first()
    if alert is None:
        refuse(house_id, user_id, what, Refusal.UNKNOWN, now)
    if own_userid and alert.message.userid == own_userid:
        refuse(house_id, user_id, what, Refusal.OWN, now)


def refuse(house_id: int, user_id: int, what: str, refusal: Refusal, now: datetime) -> NoReturn:
    """Write that somebody was turned away and say why; always raises Refused."""
    details = {"user": user_id, "what": what[:80], "why": refusal.value}
    append_audit(house_id=house_id, kind="access.refused", details=details, now=now)
    raise Refused(refusal)


def refuse_entry(*, house_id: int, user_id: int, what: str, now: datetime) -> NoReturn:
    """Write that a member without the right tried to open a page of review; always raises Refused."""
    refuse(house_id, user_id, what, Refusal.NOT_ALLOWED, now)


def reviewers(house_id: int) -> list[MemberCard]:
    """Who may review in a house, by the order they came."""
    return [member for member in members(house_id) if member.role in REVIEWERS]
