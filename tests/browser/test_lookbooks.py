"""Marketing makes a lookbook at the desk, and on the phone it is leafed through, with all pieces of a look."""

import io

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, expect

from tests.browser.desk_page import at_the_desk, leave_pictures, unfold
from tests.browser.phone_page import NARROW, leave_screenshot, nameless_controls, overflowing, small_targets
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("phone_bundle")]

SAID = {
    "zh": ("zh_CN", "画册：湖畔之春", "此造型的全部作品（2）"),
    "en": ("en", "Lookbook: Spring by the lake", "All pieces of this look (2)"),
}
NAMES = {"name_zh": "湖畔之春", "name_en": "Spring by the lake", "name_it": "Primavera sul lago"}
FOREWORD = {
    "description_zh": "清晨的湖面，三日的光。",
    "description_en": "A lake in the morning, and the light of three days.",
    "description_it": "Un lago al mattino e la luce di tre giorni.",
}
LOOKS = (
    ("#9fb4b8", "#30454c", "码头", "The pier", "Il molo"),
    ("#d9c2a3", "#6b3f2a", "花园", "The garden", "Il giardino"),
)


def drawing(ground: str, figure: str) -> bytes:
    """A figure before a ground, as tall as a look is."""
    picture = Image.new("RGB", (900, 1200), ground)
    pen = ImageDraw.Draw(picture)
    pen.ellipse((390, 220, 510, 350), fill=figure)
    pen.polygon([(450, 350), (620, 1010), (280, 1010)], fill=figure)
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()


def fill(page: Page, values: dict[str, str]) -> None:
    for name, value in values.items():
        page.locator(f"[name={name}]:visible").last.fill(value)


@pytest.fixture(scope="module")
def lookbook(browser: Browser, seta: RunningSeta) -> None:
    """A lookbook that marketing has made and published."""
    with at_the_desk(browser, seta, "marketing") as page:
        page.goto(f"{seta.base_url}/desk/boutique/lookbooks/")
        fill(page, {"code": "spring", "season": "SS27", **NAMES, **FOREWORD})
        page.get_by_role("button", name="Make the lookbook").click()
        for ground, figure, zh, en, it in LOOKS:
            unfold(page, "Add a look")
            page.set_input_files(
                "[name=picture]",
                {"name": "look.jpg", "mimeType": "image/jpeg", "buffer": drawing(ground, figure)},
            )
            texts = {"alt_zh": f"一人在{zh}", "alt_en": f"Somebody: {en}", "alt_it": f"Qualcuno: {it}"}
            fill(page, texts | {"caption_zh": zh, "caption_en": en, "caption_it": it})
            page.get_by_role("button", name="Add the look").click()
            expect(page.locator(".notice.ok")).to_contain_text("The look is added")
        for piece in ("lago-carre", "portico-tote"):
            choice = page.locator(".look [name=piece]").first
            value = choice.locator("option", has_text=piece).get_attribute("value")
            choice.select_option(value)
            page.locator(".look form:has([name=piece]) button").first.click()
            expect(page.locator(".notice.ok")).to_contain_text("The piece is in the look.")
        page.locator("[name=shown_from]").fill("2020-01-01T09:00")
        page.get_by_role("button", name="Save the lookbook").click()
        expect(page.locator("h1 + .lede .tag")).to_have_text("Shown now")
        leave_pictures(page, "lookbook")
        page.goto(f"{seta.base_url}/desk/boutique/lookbooks/")
        leave_pictures(page, "lookbooks")


@pytest.mark.usefixtures("lookbook")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_lookbook_is_leafed_through_and_leads_to_its_pieces(
    browser: Browser, seta: RunningSeta, language: str
) -> None:
    lang, name, ask = SAID[language]
    context = browser.new_context(viewport={"width": NARROW[0], "height": NARROW[1]})
    try:
        page = context.new_page()
        seat = f"consumer=lihaoran&appid={seta.config['mini_program']['appid']}&lang={lang}"
        page.goto(f"{seta.sandbox_url}/_mp/index.html?{seat}&path=pages/boutique/boutique")
        book = page.get_by_role("button", name=name)
        expect(book).to_be_visible()
        leave_screenshot(page, f"lookbook-boutique-{language}-360")
        book.click()
        expect(page.locator(".look-picture")).to_have_count(2)
        leave_screenshot(page, f"lookbook-phone-{language}-360")

        page.get_by_role("button", name=ask).click()
        pieces = page.locator(".piece")
        expect(pieces).to_have_count(2)
        pieces.first.scroll_into_view_if_needed()
        leave_screenshot(page, f"lookbook-pieces-{language}-360")
        frame = page.main_frame
        assert (overflowing(frame), small_targets(frame), nameless_controls(frame)) == ([], [], [])
        pieces.first.click()
        expect(page.locator(".price")).to_be_visible()
    finally:
        context.close()
