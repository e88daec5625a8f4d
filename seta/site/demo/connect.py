"""Make a seeded world and a sandbox know each other: callback addresses, menu, QR posters, an advertisement."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import httpx

from seta.clienteling import queries as clienteling
from seta.clienteling.operations import create_contact_way
from seta.conversations.operations import publish_menu, save_menu
from seta.houses import queries as houses
from seta.site.demo import cast
from seta.site.trouble import Trouble


def connect(config: Mapping[str, Any], *, base_url: str) -> None:
    """Everything that needs both the running server and the running sandbox."""
    now = datetime.now(UTC)
    maison, city = houses.house_by_code(cast.MAISON).id, houses.house_by_code(cast.CITY).id
    with httpx.Client(base_url=config["control_url"] + "/", timeout=30, trust_env=False) as control:
        for house_id in (maison, city):
            _point_callbacks(control, house_id, base_url)
            _publish_menu(house_id, now)
        act(control, "phone", {"request_base": base_url})
        for title, scene in cast.POSTERS:
            ticket = houses.official_account(maison).qrcode_create(scene)
            act(control, "poster", {"title": title, "ticket": ticket.ticket})
        _hang_contact_codes(control, maison, now)
        _place_ad(control, maison, base_url)
        act(control, "wecom_settings", {"sidebar_url": f"{base_url}/desk/composer/wecom/{cast.MAISON}/"})


def act(control: httpx.Client, action: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Run a control action of the sandbox; raises Trouble with its own words."""
    answer = control.post(action, json=dict(body))
    if answer.status_code != 200:
        raise Trouble(f"the sandbox refused {action}: {answer.text[:300]}")
    done: dict[str, Any] = answer.json()
    return done


def _point_callbacks(control: httpx.Client, house_id: int, base_url: str) -> None:
    doors = {"official_account": "wechat", "wecom": "wecom"}
    for account in houses.accounts(house_id):
        source = doors.get(account.family)
        if source is None:
            continue
        address = f"{base_url}/callbacks/{source}/{account.id}"
        body = {"app": account.family, "appid": account.app_id, "url": address, "mode": "aes", "verify": True}
        act(control, "callback", body)


def _publish_menu(house_id: int, now: datetime) -> None:
    appid = houses.account(house_id, "mini_program").app_id
    buttons = [
        {**button, "appid": appid, "url": "https://seta.invalid/"}
        if button.get("type") == "miniprogram"
        else button
        for button in cast.MENU
    ]
    save_menu(house_id=house_id, buttons=buttons, now=now)
    publish_menu(house_id=house_id, now=now)


def _hang_contact_codes(control: httpx.Client, house_id: int, now: datetime) -> None:
    for associate in (row.associate for row in clienteling.associates(house_id)):
        way = create_contact_way(
            house_id=house_id,
            associate_id=associate.id,
            campaign=cast.CAMPAIGN,
            boutique=associate.boutique,
            now=now,
        )
        act(control, "poster", {"title": f"{associate.name} · 企业微信", "config_id": way.config_id})


def _place_ad(control: httpx.Client, house_id: int, base_url: str) -> None:
    tracking = f"{base_url}/collect/{{}}?h={cast.MAISON}&c={cast.CAMPAIGN}&a=silk"
    body = {
        "campaign": cast.CAMPAIGN,
        "title": cast.AD_TITLE,
        "image": f"{base_url}/static/boutique/ad.svg",
        "impression_url": tracking.format("impression"),
        "click_url": tracking.format("click"),
        "path": "pages/home/home",
        "appid": houses.account(house_id, "mini_program").app_id,
    }
    act(control, "ad", body)
