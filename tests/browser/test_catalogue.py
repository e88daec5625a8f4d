"""Marketing gives a piece two pictures and puts the second one first, in Debian's Chromium.

Pictures go to var/screenshots as catalogue-…; SETA_SCREENSHOTS=docs/screenshots keeps them.
"""

import io

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.browser.desk_page import at_the_desk, leave_pictures, unfold
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def shade(colour: tuple[int, int, int]) -> bytes:
    """A picture that runs from a colour to white."""
    mask = Image.linear_gradient("L").resize((1500, 1125))
    made = Image.composite(Image.new("RGB", mask.size, "white"), Image.new("RGB", mask.size, colour), mask)
    out = io.BytesIO()
    made.save(out, "JPEG")
    return out.getvalue()


def test_a_piece_is_given_pictures_that_change_places(browser: Browser, seta: RunningSeta) -> None:
    with at_the_desk(browser, seta, "marketing") as page:
        page.goto(f"{seta.base_url}/desk/boutique/products/")
        page.locator("tbody a").first.click()
        for name, colour in (("lake", (30, 84, 110)), ("garden", (60, 96, 60))):
            form = page.locator("form[action$='/pictures/']")
            unfold(page, "Add a picture")
            form.locator("[name=picture]").set_input_files(
                files=[{"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": shade(colour)}]
            )
            for language in ("zh", "en", "it"):
                form.locator(f"[name=alt_{language}]").fill(f"{name} {language}")
            form.get_by_role("button", name="Add the picture").click()
            expect(page.locator(".notice.ok")).to_contain_text("The picture is added.")
        expect(page.locator("img.piecepicture").first).to_have_attribute("alt", "lake en")
        page.locator("summary", has_text="Change").nth(1).click()
        page.get_by_role("button", name="Move forward").click()
        expect(page.locator("img.piecepicture").first).to_have_attribute("alt", "garden en")
        leave_pictures(page, "catalogue-piece", languages=("zh-hans", "en"))
        page.goto(f"{seta.base_url}/desk/boutique/products/")
        leave_pictures(page, "catalogue-list", languages=("zh-hans", "en"))
