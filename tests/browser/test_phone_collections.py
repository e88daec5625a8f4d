"""Collections stand in a row on the phone's boutique, and a touch shows the pieces of one alone, in its order."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.desk_page import at_the_desk, leave_pictures
from tests.browser.phone_page import NARROW, leave_screenshot, nameless_controls, overflowing, small_targets
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("phone_bundle")]

SAID = {
    "zh": ("zh_CN", "系列", "只看湖上晨雾", "全部作品", ["湖光方巾", "长廊方巾"]),
    "en": (
        "en",
        "Collections",
        "Only Mist on the lake",
        "All pieces",
        ["Lago silk square", "Galleria silk square"],
    ),
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_collection_shows_its_pieces_alone(browser: Browser, seta: RunningSeta, language: str) -> None:
    lang, row, one, everything, first = SAID[language]
    context = browser.new_context(viewport={"width": NARROW[0], "height": NARROW[1]})
    try:
        page = context.new_page()
        seat = f"consumer=lihaoran&appid={seta.config['mini_program']['appid']}&lang={lang}"
        page.goto(f"{seta.sandbox_url}/_mp/index.html?{seat}&path=pages/boutique/boutique")
        choices = page.get_by_role("radiogroup", name=row)
        expect(choices.get_by_role("radio")).to_have_count(3)
        expect(page.locator(".tile").nth(4)).to_be_visible()
        whole = page.locator(".tile").count()
        leave_screenshot(page, f"collections-{language}-360")

        choices.get_by_role("radio", name=one).click()
        expect(choices.get_by_role("radio", name=one)).to_have_attribute("aria-checked", "true")
        expect(page.locator(".tile")).to_have_count(4)
        expect(page.locator(".tile-name").nth(0)).to_have_text(first[0])
        expect(page.locator(".tile-name").nth(1)).to_have_text(first[1])
        frame = page.main_frame
        assert (overflowing(frame), small_targets(frame), nameless_controls(frame)) == ([], [], [])
        leave_screenshot(page, f"collection-chosen-{language}-360")

        choices.get_by_role("radio", name=everything).click()
        expect(page.locator(".tile")).to_have_count(whole)
    finally:
        context.close()


def test_the_desk_shows_collections_narrow_and_wide(browser: Browser, seta: RunningSeta) -> None:
    with at_the_desk(browser, seta, "marketing") as page:
        page.goto(f"{seta.base_url}/desk/boutique/collections/")
        leave_pictures(page, "collections")
        page.get_by_role("link", name="Mist on the lake").click()
        expect(page.get_by_role("heading", name="Pieces in their order")).to_be_visible()
        leave_pictures(page, "collection")
