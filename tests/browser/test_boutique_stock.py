"""Staff send pieces to a boutique and receive them short, in Debian's Chromium.

Pictures go to var/screenshots as boutique-…; SETA_SCREENSHOTS=docs/screenshots keeps them.
"""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.desk_page import at_the_desk, leave_pictures, unfold
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_pieces_are_sent_to_a_boutique_and_arrive_short(browser: Browser, seta: RunningSeta) -> None:
    with at_the_desk(browser, seta, "finance") as page:
        page.goto(f"{seta.base_url}/desk/boutique/products/")
        page.locator("tbody a").first.click()
        at = page.url
        unfold(page, "Take in a delivery")
        form = page.locator("form[action$='/delivery/']")
        form.locator("[name=pieces]").fill("6")
        form.locator("[name=note]").fill("DDT 114")
        form.get_by_role("button", name="Take in").click()
        expect(page.locator(".notice.ok")).to_contain_text("The delivery is entered.")
        unfold(page, "Send to another place")
        form = page.locator("form[action$='/send/']")
        form.locator("[name=target]").select_option(index=2)
        form.locator("[name=pieces]").fill("4")
        form.get_by_role("button", name="Send").click()
        expect(page.locator(".notice.ok")).to_contain_text("The pieces are on their way")
        page.goto(f"{seta.base_url}/desk/boutique/products/")
        leave_pictures(page, "boutique-on-the-way", languages=("zh-hans", "en"))
        arrived = page.locator("form[action$='/receive/']")
        arrived.locator("[name=pieces]").fill("3")
        arrived.get_by_role("button", name="Receive").click()
        expect(page.locator(".notice.bad[role=alert]")).to_contain_text("Say why")
        expect(arrived.locator("[name=pieces]")).to_have_value("3")
        arrived.locator("[name=note]").fill("one box was open")
        arrived.get_by_role("button", name="Receive").click()
        expect(page.locator(".notice.ok")).to_contain_text("The pieces are on the shelf.")
        page.goto(at)
        expect(page.locator("tbody")).to_contain_text("Missing on arrival")
        leave_pictures(page, "boutique-piece")
