"""Moments advertisements: shown, seen and clicked; the ad server reports to the advertiser's own addresses."""

from typing import Any

import httpx

from seta_sandbox.kit.errors import ControlError
from seta_sandbox.kit.inbox import ACCOUNT
from seta_sandbox.kit.keys import ALPHANUMERIC, DIGITS
from seta_sandbox.kit.people import Consumer
from seta_sandbox.kit.push import Attempt, Delivery, PushRequest
from seta_sandbox.kit.world import World
from seta_sandbox.official_account.state import Ad, oa_of

MOMENTS = "moments"


def place(world: World, body: dict[str, Any]) -> Ad:
    """Put an advertisement into everybody's Moments, or only into one consumer's (`openid`)."""
    for name in ("campaign", "title"):
        if not body.get(name):
            raise ControlError(f"an ad needs `{name}`")
    ad = Ad(
        id=str(body.get("id") or "ad" + "".join(world.rng.choices(DIGITS, k=8))),
        campaign=str(body["campaign"]),
        title=str(body["title"]),
        image=str(body.get("image", "")),
        impression_url=str(body.get("impression_url", "")),
        click_url=str(body.get("click_url", "")),
        path=str(body.get("path", "")),
        appid=str(body.get("appid", "")),
    )
    oa_of(world).ads[ad.id] = ad
    audience = [world.person(str(body["openid"]))] if body.get("openid") else world.people
    for person in audience:
        content = {
            "ad": ad.id,
            "campaign": ad.campaign,
            "title": ad.title,
            "image": ad.image,
            "path": ad.path,
        }
        world.inbox.add(person.key, MOMENTS, ACCOUNT, "ad", **content)
    return ad


def find(world: World, body: dict[str, Any]) -> Ad:
    """The advertisement that `ad` or `campaign` names, the newest by default."""
    wanted = str(body.get("ad") or body.get("campaign") or "")
    for ad in reversed(oa_of(world).ads.values()):
        if wanted in ("", ad.id, ad.campaign):
            return ad
    raise ControlError("no such ad; place one with the action `ad`")


def view(world: World, ad: Ad, person: Consumer) -> tuple[str, Delivery | None]:
    """The consumer sees the advertisement; a second look is the same impression and is not reported again."""
    known = ad.impressions.get(person.key)
    if known is not None:
        return known, None
    impression_id = "".join(world.rng.choices(ALPHANUMERIC, k=24))
    ad.impressions[person.key] = impression_id
    params = {"impression_id": impression_id, "campaign": ad.campaign, "ts": str(world.clock.unix())}
    return impression_id, _report(world, "impression", ad.impression_url, params)


def click(world: World, ad: Ad, person: Consumer) -> tuple[dict[str, Any], Delivery | None]:
    """The consumer taps the advertisement: a new click id, reported, and where it leads.

    The landing path carries the click id as `gdt_vid` (mini programs) and `qz_gdt` (web pages), as Tencent's do.
    """
    impression_id = ad.impressions.get(person.key) or view(world, ad, person)[0]
    click_id = "wx0" + "".join(world.rng.choices(ALPHANUMERIC, k=21))
    params = {
        "click_id": click_id,
        "impression_id": impression_id,
        "campaign": ad.campaign,
        "ts": str(world.clock.unix()),
    }
    name = "qz_gdt" if ad.path.startswith("http") else "gdt_vid"
    path = f"{ad.path}{'&' if '?' in ad.path else '?'}{name}={click_id}" if ad.path else ""
    landing = {"click_id": click_id, "impression_id": impression_id, "path": path, "appid": ad.appid}
    ad.clicks.append({**landing, "person": person.key})
    return landing, _report(world, "click", ad.click_url, params)


def _report(world: World, label: str, url: str, params: dict[str, str]) -> Delivery | None:
    """GET the advertiser's address; `__CLICK_ID__`-like marks in it are filled, what has no mark is appended."""
    if not url:
        return None
    missing = {}
    for name, value in params.items():
        mark = f"__{name.upper()}__"
        if mark in url:
            url = url.replace(mark, value)
        else:
            missing[name] = value
    target = httpx.URL(url)
    full = str(target.copy_merge_params({k: v for k, v in missing.items() if k not in target.params}))

    def make(attempt: Attempt) -> PushRequest:
        return PushRequest("GET", full, {"User-Agent": "Mozilla/4.0"})

    return world.pusher.send(label, make, (0.0, 5.0, 5.0), family="ad_server")
