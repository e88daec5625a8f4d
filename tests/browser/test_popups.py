"""Marketing runs a pop-up from the desk, and loyalty goes live by two, in Debian's Chromium.

Pictures go to var/screenshots as popup-… and loyalty-…; SETA_SCREENSHOTS=docs/screenshots keeps them.
"""

import io
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser.desk_page import at_the_desk, leave_pictures, reload_until
from tests.browser.phone_page import NARROW
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TITLES = {"zh": "秘密花园", "en": "The secret garden", "it": "Il giardino segreto"}
INTROS = {
    "zh": "七日限时：湖光方巾与长廊方巾，布雷拉花园里的真丝新作。",
    "en": "Seven days of silk squares in the garden of Brera.",
    "it": "Sette giorni di carré di seta nel giardino di Brera.",
}
API = "/api/mp/v1"


def garden() -> bytes:
    """A cover with something on it."""
    image = Image.new("RGB", (1200, 700), "#1f5b4a")
    pen = ImageDraw.Draw(image)
    for step in range(9):
        left = 40 + step * 130
        pen.ellipse((left, 160 + step % 3 * 90, left + 210, 370 + step % 3 * 90), fill="#2f7d64")
        pen.ellipse((left + 70, 230 + step % 3 * 90, left + 140, 300 + step % 3 * 90), fill="#e7c9a9")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def press(page: Page, name: str) -> None:
    """A button whose question is answered with yes."""
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name=name, exact=True).click()


def client_of(seta: RunningSeta, scene: str, number: int) -> Any:
    """A client who scanned a code: a caller of the mini program's door."""
    appid = seta.config["mini_program"]["appid"]
    openid = seta.config["mini_program"]["openids"][number]
    code = seta.control("js_code", openid=openid)["code"]
    body = {"appid": appid, "js_code": code, "scene": scene}
    begun = seta.client.post(f"{seta.base_url}{API}/session", json=body)
    assert begun.status_code == 200, begun.text
    headers = {"authorization": f"Bearer {begun.json()['token']}"}

    def call(path: str, sent: object = None) -> Any:
        method = "GET" if sent is None else "POST"
        answer = seta.client.request(method, f"{seta.base_url}{API}{path}", json=sent, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return call


def test_marketing_runs_a_pop_up_from_the_desk(browser: Browser, seta: RunningSeta) -> None:
    with at_the_desk(browser, seta, "marketing") as page:
        page.goto(f"{seta.base_url}/desk/popups/")
        page.get_by_role("link", name="Plan a pop-up").click()
        page.locator("[name=code]").fill("giardino")
        for language in ("zh", "en", "it"):
            page.locator(f"[name=title_{language}]").fill(TITLES[language])
            page.locator(f"[name=intro_{language}]").fill(INTROS[language])
        page.locator("[name=opens_at]").fill("2099-05-04T10:00")
        page.locator("[name=closes_at]").fill("2099-05-01T20:00")
        page.locator("[name=posters]").fill("duomo, Piazza del Duomo\nbrera, Via Brera\nmxp, Malpensa")
        page.locator("[name='pieces:LAGO-90']").fill("6")
        page.locator("[name='pieces:GALLERIA-90']").fill("4")
        page.get_by_role("button", name="Keep the plan").click()
        expect(page.locator(".notice.bad[role=alert]")).to_contain_text(
            "The end has to come after the start."
        )
        page.locator("[name=closes_at]").fill("2099-05-11T20:00")
        page.get_by_role("button", name="Keep the plan").click()
        expect(page.locator(".notice.ok")).to_contain_text("The plan is kept.")
        file = FilePayload(name="garden.png", mimeType="image/png", buffer=garden())
        page.locator("[name=picture]").set_input_files(file)
        page.get_by_role("button", name="Set the cover").click()
        expect(page.locator(".phone .cover img")).to_be_visible()
        leave_pictures(page, "popup-planned", languages=("zh-hans", "en"))
        at = page.url
        page.goto(f"{at}change/")
        page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
        hidden = page.locator(".bring").evaluate("one => one.scrollWidth - one.clientWidth")
        assert hidden <= 0, "a phone shows the fields for pieces whole"
        leave_pictures(page, "popup-plan", languages=("zh-hans", "en"))
        page.goto(at)
        press(page, "Open it now")
        expect(page.locator(".notice.ok")).to_contain_text("The pop-up is open")
        come_and_buy(seta)
        page.goto(at)
        reload_until(page, page.locator(".card", has_text="Visits").filter(has_text="3"))
        leave_pictures(page, "popup-open")
        press(page, "Close now")
        expect(page.locator(".notice.ok")).to_contain_text("what is unsold went back")
        page.goto(f"{seta.base_url}/desk/popups/")
        leave_pictures(page, "popup-list", languages=("zh-hans", "en"))


def come_and_buy(seta: RunningSeta) -> None:
    """Three clients scan two codes; one of them buys."""
    for number, scene in enumerate(("c=giardino;p=duomo", "c=giardino;p=duomo", "c=giardino;p=brera")):
        call = client_of(seta, scene, number)
        call("/popups/giardino/visits", {"scene": scene})
        shown = call("/popups/giardino")
        assert shown["can_buy"] and shown["title"]
        if number == 0:
            line = {"variant_id": shown["products"][0]["variants"][0]["id"], "quantity": 2}
            order = call("/popups/giardino/orders", {"lines": [line], "scene": scene})
            call(f"/boutique/orders/{order['order_id']}")


def test_loyalty_goes_live_by_two_and_never_with_a_bribe(browser: Browser, seta: RunningSeta) -> None:
    with at_the_desk(browser, seta, "marketing") as page:
        page.goto(f"{seta.base_url}/desk/loyalty/")
        rules = page.locator("textarea.rules")
        sound = rules.input_value()
        rules.fill(sound.replace("感谢您常来。", "转发领取双倍积分").replace("  workshop:", "  follow_us:"))
        page.get_by_role("button", name="Propose", exact=True).click()
        expect(page.locator(".notice.bad[role=alert]")).to_contain_text("These rules may not go live.")
        leave_pictures(page, "loyalty-refused")
        page.get_by_role("button", name="Withdraw", exact=True).click()
        page.goto(f"{seta.base_url}/desk/loyalty/")
        page.locator("textarea.rules").fill(sound)
        page.get_by_role("button", name="Propose", exact=True).click()
        expect(page.locator("main")).to_contain_text("A colleague has to put them live.")
        at = page.url
    with at_the_desk(browser, seta, "supervisor") as page:
        page.goto(at)
        press(page, "Put live")
        expect(page.locator(".notice.ok").first).to_contain_text("The rules are live.")
        person = client_of(seta, "", 4)("/loyalty/standing")
        assert person["is_live"] and person["tier"] == "guest"
        page.goto(f"{seta.base_url}/desk/loyalty/people/{person_id_of(seta)}/")
        page.locator("[name=workshop]").fill("silk-painting")
        page.get_by_role("button", name="Note it").click()
        expect(page.locator("main")).to_contain_text("silk-painting")
        leave_pictures(page, "loyalty-client", languages=("zh-hans", "en"))
        page.goto(f"{seta.base_url}/desk/loyalty/")
        leave_pictures(page, "loyalty-live")


def person_id_of(seta: RunningSeta) -> int:
    """The same client's number at the desk."""
    appid = seta.config["mini_program"]["appid"]
    code = seta.control("js_code", openid=seta.config["mini_program"]["openids"][4])["code"]
    begun = seta.client.post(f"{seta.base_url}{API}/session", json={"appid": appid, "js_code": code})
    number: int = begun.json()["person_id"]
    return number
