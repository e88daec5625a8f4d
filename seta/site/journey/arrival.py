"""Chapters 1 to 3: from an advertisement in Shanghai to the right answer about the Duomo."""

from typing import Any

from seta.callbacks import queries as callbacks
from seta.conversations import queries as conversations
from seta.events import queries as events
from seta.people import queries as people
from seta.site.demo import cast
from seta.site.journey.traveller import Traveller, demand

DUOMO_TITLE_ZH = "米兰大教堂"


def meet_the_ad(traveller: Traveller) -> dict[str, Any]:
    """(1) The ad platform reports an impression and a click, each with its id; others see it too, some tap."""
    others = _passers_by(traveller)
    seen = traveller.control("ad_view", openid=traveller.openid, ad=cast.CAMPAIGN)
    tapped = traveller.control("ad_click", openid=traveller.openid, ad=cast.CAMPAIGN)
    impression = traveller.wait(
        lambda: traveller.fact("ad.impression.seen", impression_id=seen["impression_id"]), "the impression"
    )
    click = traveller.wait(lambda: traveller.fact("ad.click.made", click_id=tapped["click_id"]), "the click")
    traveller.carried["click_id"] = click.body["click_id"]
    return {
        "campaign": click.body["campaign"],
        "impression_id": impression.body["impression_id"],
        "click_id": click.body["click_id"],
        "event_ids": [impression.id, click.id],
        "landing_path": tapped["path"],
        "others": others,
    }


def _passers_by(traveller: Traveller) -> dict[str, int]:
    """Everybody else in the sample city scrolls past the advertisement, and every second one taps it."""
    openids = traveller.config["official_account"]["openids"][1:]
    for openid in openids:
        traveller.control("ad_view", openid=openid, ad=cast.CAMPAIGN)
    for openid in openids[::2]:
        traveller.control("ad_click", openid=openid, ad=cast.CAMPAIGN)
    return {"seen": len(openids), "tapped": len(openids[::2])}


def scan_the_poster(traveller: Traveller) -> dict[str, Any]:
    """(2) Scan, follow, encrypted callback, encrypted welcome in Chinese, then a mini program card."""
    hanging = traveller.control("posters")["posters"]
    poster = next(one for one in hanging if "Duomo" in one["title"])
    followed = traveller.control("follow", openid=traveller.openid, ticket=poster["target"])
    appid = traveller.config["official_account"]["appid"]
    person_id = traveller.wait(
        lambda: people.find(house_id=traveller.house_id, kind="openid", app=appid, value=traveller.openid),
        "the follower to be known",
    )
    welcome = traveller.wait(lambda: traveller.bubble("official_account", "text"), "the welcome")
    card = traveller.wait(lambda: traveller.bubble("official_account", "miniprogrampage"), "the card")
    (follow, *_) = conversations.follows_of(person_id)
    demand("您" in welcome["content"], "the welcome is not in Chinese", welcome=welcome)
    kept = [one for one in callbacks.counts(traveller.house_id) if one.kind == "event.subscribe"]
    demand(bool(kept), "no callback was kept")
    return {
        "person_id": person_id,
        "scene": follow.scene,
        "campaign": follow.campaign,
        "callback": {"kind": kept[0].kind, "kept": kept[0].kept, "push": followed["push"]},
        "welcome": welcome["content"],
        "card": {"title": card.get("title"), "pagepath": card.get("pagepath")},
    }


def type_duomo(traveller: Traveller) -> dict[str, Any]:
    """(3) Two spellings, one place, both times in the encrypted reply to the message."""
    answers: dict[str, Any] = {}
    for query in ("duomo", "大教堂"):
        told = traveller.control("message", openid=traveller.openid, content=query)
        demand(bool(told["replies"]), f"nothing was answered to {query!r}", push=told["push"])
        reply = told["replies"][0]
        demand(DUOMO_TITLE_ZH in str(reply["content"]), f"{query!r} found something else", reply=reply)
        answers[query] = {"msg_id": told["msg_id"], "kind": reply["kind"], "found": DUOMO_TITLE_ZH}
    counted = events.count_named(house_id=traveller.house_id, name="guide.place.searched")
    demand(counted >= 2, "the searches were not kept", counted=counted)
    return {"answers": answers, "searches_kept": counted}
