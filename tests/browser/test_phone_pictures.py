"""A piece's pictures stand on its page in the phone, in their order and with the reader's words for each."""

import io

import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, expect

from tests.browser.desk_page import at_the_desk, unfold
from tests.browser.phone_page import NARROW, leave_screenshot, nameless_controls, overflowing, small_targets
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("phone_bundle")]

PIECE, PIECE_AT_THE_DESK = "lago-carre", "Lago silk square"
VIEWS = {
    "湖水": {"zh": "湖水图案", "en": "the lake pattern", "it": "il disegno del lago"},
    "花园": {"zh": "花园图案", "en": "the garden pattern", "it": "il disegno del giardino"},
}
COLOURS = {"湖水": (30, 84, 110), "花园": (60, 96, 60)}


def shade(colour: tuple[int, int, int]) -> bytes:
    """A picture that runs from a colour to white."""
    mask = Image.linear_gradient("L").resize((1200, 900))
    made = Image.composite(Image.new("RGB", mask.size, "white"), Image.new("RGB", mask.size, colour), mask)
    out = io.BytesIO()
    made.save(out, "JPEG")
    return out.getvalue()


def give_pictures(browser: Browser, seta: RunningSeta) -> None:
    """Marketing adds two pictures to the piece at the desk."""
    with at_the_desk(browser, seta, "marketing") as page:
        page.goto(f"{seta.base_url}/desk/boutique/products/")
        page.locator("tbody tr", has_text=PIECE_AT_THE_DESK).locator("a").first.click()
        for name, words in VIEWS.items():
            form = page.locator("form[action$='/pictures/']")
            unfold(page, "Add a picture")
            file = FilePayload(name="view.jpg", mimeType="image/jpeg", buffer=shade(COLOURS[name]))
            form.locator("[name=picture]").set_input_files(file)
            for language, text in words.items():
                form.locator(f"[name=alt_{language}]").fill(text)
            form.get_by_role("button", name="Add the picture").click()
            expect(page.locator(".notice.ok")).to_contain_text("The picture is added.")


def test_a_piece_shows_its_pictures_in_the_readers_language(browser: Browser, seta: RunningSeta) -> None:
    give_pictures(browser, seta)
    for key, lang in (("zh", "zh_CN"), ("en", "en")):
        context = browser.new_context(viewport={"width": NARROW[0], "height": NARROW[1]})
        try:
            page = context.new_page()
            seat = f"consumer=lihaoran&appid={seta.config['mini_program']['appid']}&lang={lang}"
            page.goto(f"{seta.sandbox_url}/_mp/index.html?{seat}&path=pages/product/product?code={PIECE}")
            for words in VIEWS.values():
                shown = page.get_by_role("img", name=words[key])
                shown.scroll_into_view_if_needed()
                expect(shown).to_be_in_viewport(ratio=0.8)
                expect(shown).to_have_js_property("complete", True)
                assert shown.evaluate("image => image.naturalWidth") >= 640
            frame = page.main_frame
            assert (overflowing(frame), small_targets(frame), nameless_controls(frame)) == ([], [], [])
            expect(
                page.get_by_role("group", name={"zh": "作品图片", "en": "Pictures of the piece"}[key])
            ).to_be_visible()
            expect(page.locator(".seen")).to_have_text("2 / 2")
            leave_screenshot(page, f"product-pictures-{key}-360")
        finally:
            context.close()
