"""Marketing makes a piece, gives it prices and a window of sale, and reads who changed what, in Debian's Chromium.

Pictures go to var/screenshots as piece-…; SETA_SCREENSHOTS=docs/screenshots keeps them.
"""

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser.desk_page import at_the_desk, leave_picture, leave_pictures, speak
from tests.browser.phone_page import NARROW, WIDE
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def write(page: Page, form: str, **values: str) -> None:
    """Fill in a form of the page and send it."""
    found = page.locator(f"form[action*='{form}']")
    for name, value in values.items():
        found.locator(f"[name={name}]").fill(value)
    found.locator("button.primary").click()


def test_a_piece_is_made_priced_and_given_a_window(browser: Browser, seta: RunningSeta) -> None:
    with at_the_desk(browser, seta, "marketing") as page:
        page.goto(f"{seta.base_url}/desk/boutique/products/")
        page.get_by_role("link", name="New piece").click()
        leave_pictures(page, "piece-new", languages=("zh-hans", "en"))
        names = {"name_zh": "晨雾披肩", "name_en": "Morning Mist stole", "name_it": "Stola Nebbia"}
        write(page, "/pieces/create/", code="nebbia", description_zh="手工卷边。", **names)
        expect(page.locator(".notice.ok")).to_contain_text("The piece is made.")
        colours = {"colour_zh": "月白", "colour_en": "Moon white", "colour_it": "Bianco luna"}
        write(page, "/variants/", sku="nebbia-180", label="180 × 70", amount="6,800", **colours)
        expect(page.locator("#variants .error")).to_contain_text("capital letters")
        expect(page.locator("#variants [name=amount]")).to_have_value("6,800")
        write(page, "/variants/", sku="NEBBIA-180", gtin="4006381333931")
        expect(page.locator("#variants")).to_contain_text("Moon white 180 × 70")
        page.locator("summary", has_text="Set a price").click()
        page.locator("#prices [name=market]").select_option("it EUR")
        write(page, "/prices/", amount="780", effective_at="2035-03-01T09:00")
        expect(page.locator("#prices")).to_contain_text("€780.00")
        page.locator("summary", has_text="Add a window").click()
        page.locator("#windows .pick", has_text="Mini program").click()
        write(page, "/windows/", opens_at="2035-02-01T10:00", closes_at="2035-02-14T20:00")
        expect(page.locator("#windows")).to_contain_text("Mini program")
        page.get_by_role("button", name="Put on the list").click()
        expect(page.locator(".notice.ok")).to_contain_text("Clients see the piece now.")
        leave_pictures(page, "piece-edit")
        page.goto(f"{seta.base_url}/desk/boutique/products/?q=nebbia")
        expect(page.locator("tbody")).to_contain_text("NEBBIA-180")


def test_the_catalogue_comes_back_as_a_file_and_is_shown_before_it_is_kept(
    browser: Browser, seta: RunningSeta
) -> None:
    with at_the_desk(browser, seta, "marketing") as page:
        page.goto(f"{seta.base_url}/desk/boutique/products/")
        page.get_by_role("link", name="As a file").click()
        with page.expect_download() as leaving:
            page.get_by_role("link", name="Download as CSV").click()
        lines = leaving.value.path().read_text("utf-8-sig").splitlines()
        cells = dict(zip(lines[0].split(","), lines[1].split(","), strict=False))
        send_file(
            page,
            f"code,name_zh,name_en,name_it,sku,price_cny\n{cells['code']},,,,,\n",
            "catalogue-file-wrong",
        )
        expect(page.locator("td", has_text="Write something here.").first).to_be_visible()
        rows = "code,name_zh,name_en,name_it,sku,price_cny\nbrezza,微风方巾,Breeze,Brezza,BREZZA-1,2600\n"
        send_file(page, rows + "brezza,,,,BREZZA-2,2600\n", "catalogue-file")
        expect(page.locator("p[role=status]")).to_contain_text("2 rows would change the catalogue")
        page.get_by_role("button", name="Take it in as shown").click()
        expect(page.locator(".notice.ok")).to_contain_text("2 rows are taken in.")
        page.goto(f"{seta.base_url}/desk/boutique/products/?q=brezza")
        expect(page.locator("tbody tr")).to_have_count(2)


def send_file(page: Page, text: str, picture: str) -> None:
    """Ask what a file of this text would do, in Chinese and in English, with pictures of the answer."""
    chosen: FilePayload = {"name": "catalogue.csv", "mimeType": "text/csv", "buffer": text.encode()}
    for language in ("zh-hans", "en"):
        speak(page, language)
        page.goto(page.url.split("/catalogue/")[0] + "/catalogue/")
        page.locator("input[type=file]").set_input_files(chosen)
        page.locator("form[action$='/try/'] button").click()
        for width, height in (NARROW, WIDE):
            page.set_viewport_size({"width": width, "height": height})
            leave_picture(page, f"{picture}-{width}-{language[:2]}", whole=True)
