"""Chapter 6: in the boutique, an associate's contact, a consent, four messages, one of them against the policy."""

from datetime import UTC, datetime
from typing import Any

from seta.clienteling import queries as clienteling
from seta.events import queries as events
from seta.houses import queries as houses
from seta.oversight import queries as oversight
from seta.people import queries as people
from seta.site.demo import cast
from seta.site.journey.traveller import Traveller, demand
from seta.stores import queries as stores

NOTICE_SECONDS = 16
"""WeCom tells of new archive records at most every 15 seconds; the sandbox's clock is moved past that."""

TALK = (
    ("client", "林小姐您好，我想看看那条大教堂图案的方巾。"),
    ("sa", "陈女士您好，今天正好有现货，我为您留一条。"),
    ("client", "谢谢，价格可以再优惠一些吗？"),
    ("sa", "您直接微 信转 账到我私 人账 户，我私 下给您打八折。"),
)
"""Four messages of a chat; the last asks for money into a private account, in words set apart."""
OUTRIGHT = "您直接微信转账到我个人账户，我私下给您打八折。"
"""The same in plain words: WeCom stops it before it is sent, by the house's own rule."""


def meet_the_associate(traveller: Traveller) -> dict[str, Any]:
    """(6) Check-in, contact code, contact event, welcome, consent, archive, alert, review."""
    person_id = people.current_id(traveller.carried["person_id"])
    visit = _check_in(traveller)
    contact = _add_contact(traveller)
    archived = _talk(traveller, contact)
    alert = _review(traveller)
    coverage = oversight.coverage(traveller.house_id, now=datetime.now(UTC))
    person = people.card(traveller.carried["person_id"])
    traveller.carried["associate_id"] = contact["associate_id"]
    return {
        "visit": visit,
        "contact": contact,
        "person": {"id": person.id, "identities": len(person.openids) + 1, "was": person_id},
        "consent": [f"{one.purpose}: {one.granted}" for one in people.consents(person.id)],
        "archived_messages": archived,
        "coverage": f"{coverage.agreed} of {coverage.total}",
        "alert": alert,
    }


def _check_in(traveller: Traveller) -> dict[str, Any]:
    shop = cast.SHOPS[0]
    code = stores.screen_code(traveller.house_id, shop.code, now=datetime.now(UTC))
    # The mini program sends what stands after the QR code's own name.
    traveller.api("POST", "/api/mp/v1/stores/check-ins", code=code.partition("=")[2])
    kept = events.newest(house_id=traveller.house_id, name="stores.visit.checked_in")[0]
    return {
        "visit_id": kept.body["visit_id"],
        "boutique": kept.body["boutique"],
        "district": kept.body["district"],
    }


def _add_contact(traveller: Traveller) -> dict[str, Any]:
    associate = clienteling.associate_by_code(house_id=traveller.house_id, code="linyue")
    assert associate is not None
    hanging = traveller.control("posters")["posters"]
    code = next(one for one in hanging if one["kind"] == "wecom" and associate.name in one["title"])
    added = traveller.control("add_contact", openid=traveller.openid, config_id=code["target"])
    fact = traveller.wait(
        lambda: traveller.fact("clienteling.contact.added", userid=added["userid"]), "the contact event"
    )
    welcome = traveller.wait(lambda: traveller.bubble(f"wecom:{added['userid']}", "text"), "the welcome")
    traveller.control("consent", openid=traveller.openid, userid=added["userid"], agree=True)
    traveller.wait(
        lambda: people.has_agreed(people.current_id(traveller.carried["person_id"]), "archive"), "the consent"
    )
    return {
        "associate_id": fact.body["associate_id"],
        "userid": added["userid"],
        "external_userid": added["external_userid"],
        "state": added["state"],
        "welcome": welcome["content"],
        "event_id": fact.id,
    }


def _talk(traveller: Traveller, contact: dict[str, Any]) -> list[str]:
    def say(sender: str, content: str) -> dict[str, Any]:
        return traveller.control(
            "wecom_message", openid=traveller.openid, userid=contact["userid"], sender=sender, content=content
        )

    traveller.wait(
        lambda: houses.wecom(traveller.house_id).intercept_rules() or None, "the policy's words at WeCom"
    )
    stopped = say("sa", OUTRIGHT)
    demand(not stopped["archived"], "plain words of a breach were not stopped", stopped=stopped)
    sent = [say(sender, content) for sender, content in TALK]
    demand(all(one["archived"] for one in sent), "a message was not archived", sent=sent)
    traveller.control("advance", seconds=NOTICE_SECONDS)
    wanted = {one["msgid"] for one in sent}
    return traveller.wait(lambda: _all_archived(traveller, wanted), "four messages in the archive")


def _all_archived(traveller: Traveller, wanted: set[str]) -> list[str] | None:
    kept = oversight.archived_msgids(traveller.house_id, wanted)
    return sorted(kept) if kept == wanted else None


def _review(traveller: Traveller) -> dict[str, Any]:
    def open_alerts() -> list[Any]:
        return list(oversight.alerts(traveller.house_id, now=datetime.now(UTC)))

    (alert, *others) = traveller.wait(open_alerts, "an alert")
    page = f"/desk/review/{alert.id}/"
    verdict = {"verdict": "true_positive", "reason": "要求转账到个人账户"}
    _judge(traveller, "supervisor", page, verdict)
    (judged, *_) = [each for each in open_alerts() if each.id == alert.id]
    if judged.state != "closed":
        # Four eyes were drawn for this alert: a second person judges it too.
        _judge(traveller, "admin", page, verdict)
    reviewed = traveller.wait(
        lambda: traveller.fact("oversight.alert.reviewed", alert_id=alert.id), "the review"
    )
    return {
        "alert_id": alert.id,
        "rule": alert.rule,
        "severity": alert.severity,
        "other_alerts": len(others),
        "verdict": reviewed.body["verdict"],
        "audit_chain_ok": oversight.verify_audit(traveller.house_id).ok,
    }


def _judge(traveller: Traveller, who: str, page: str, verdict: dict[str, str]) -> None:
    """A reviewer says why they open the conversation, reads it and judges."""
    purpose = "/desk/review/purpose/"
    traveller.press(who, page, purpose, purpose="alert_review", note="", next=page)
    traveller.press(who, page, f"{page}verdict/", **verdict)
