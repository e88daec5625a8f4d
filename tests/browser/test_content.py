"""The shelf in Debian's Chromium: words and a picture are drafted by one member, approved by another, and in force.

Pictures go to var/screenshots as content-<width>-<language>.png; SETA_SCREENSHOTS=docs/screenshots keeps them.
"""

import io

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, FilePayload, expect

from tests.browser.desk_page import at_the_desk, leave_pictures
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGE = "/desk/content/"
WORDS = "春夏真丝方巾，意大利科莫手工卷边，90×90厘米，米兰精品店可预约鉴赏。"


def poster() -> bytes:
    """A picture with something on it."""
    image = Image.new("RGB", (480, 320), "#faf8f4")
    pen = ImageDraw.Draw(image)
    pen.rectangle((60, 40, 300, 280), fill="#9b2c2c")
    pen.ellipse((220, 120, 440, 300), fill="#16130f")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def test_words_and_a_picture_go_from_draft_to_approved_by_two(browser: Browser, seta: RunningSeta) -> None:
    with at_the_desk(browser, seta, "marketing") as page:
        for code, title in (("ss27-silk", "Silk"), ("ss27-poster", "Poster")):
            page.goto(seta.base_url + PAGE)
            page.get_by_text("Draft a version").click()
            page.locator("[name=code]").fill(code)
            page.locator("[name=title]").fill(title)
            page.locator("[name=markets]").fill("CN, IT")
            page.locator("[name=until]").fill("2099-12-31")
            if code == "ss27-poster":
                file = FilePayload(name="poster.png", mimeType="image/png", buffer=poster())
                page.locator("[name=picture]").set_input_files(file)
            else:
                page.locator("[name=text]").fill(WORDS)
            page.get_by_role("button", name="Keep the draft").click()
            page.locator("form[action$='/submit/'] button").first.click()
            expect(page.locator(".notice.ok")).to_contain_text("A second person can approve it now.")
        assert page.locator("form[action$='/approve/']").count() == 0
    with at_the_desk(browser, seta, "supervisor") as page:
        page.goto(f"{seta.base_url}{PAGE}?state=review")
        leave_pictures(page, "content-waiting", languages=("en",))
        page.locator("form[action$='/approve/'] button").first.click()
        expect(page.locator(".notice.ok")).to_contain_text("The version may be shown.")
        page.goto(f"{seta.base_url}{PAGE}?state=approved")
        expect(page.locator("img.shelf")).to_be_visible()
        page.goto(seta.base_url + PAGE)
        leave_pictures(page, "content")
