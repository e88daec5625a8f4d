"""A business of the city in Debian's Chromium asks to be paid through WeChat Pay, and the city enters the answer.

The pictures go to var/screenshots as payments-<page>-<width>-<language>.png; SETA_SCREENSHOTS keeps them elsewhere.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.desk_page import at_the_desk, leave_pictures
from tests.browser.test_partners import come_in, visitor
from tests.partners.test_onboarding import FORM, PDF
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LISTING = "gelateria-neve"


def test_a_business_asks_to_be_paid_and_the_city_enters_the_acquirers_yes(
    browser: Browser, seta: RunningSeta, tmp_path: Path
) -> None:
    url = f"{seta.base_url}/partners/milano/at/{LISTING}/payments/"
    with visitor(browser, seta) as page:
        come_in(page, seta)
        page.goto(f"{seta.base_url}/partners/milano/claim/{LISTING}/")
        for name, text in (("name", "Bruno Neve"), ("role", "gelataio"), ("phone", "+39 02 5550 199")):
            page.fill(f"[name=who_{name}]", text)
        page.click("button.primary")
        with at_the_desk(browser, seta, "citta") as desk:
            desk.goto(f"{seta.base_url}/desk/guide/requests/")
            row = desk.locator("article").filter(has_text="Gelateria Neve Lenta")
            row.get_by_role("button", name="Approve").first.click()
            expect(desk.locator(".notice.ok").first).to_be_visible()

        page.goto(url)
        fill_in(page)
        give_papers(page, tmp_path)
        leave_pictures(page, "payments-form", languages=("en", "zh-hans"))
        page.click("#ask button")
        expect(page.locator(".notice .tag")).to_have_text("with the city")
        leave_pictures(page, "payments-asked", languages=("en", "zh-hans"))

        with at_the_desk(browser, seta, "citta") as desk:
            desk.goto(f"{seta.base_url}/desk/guide/payments/")
            leave_pictures(desk, "payments-desk-list", languages=("en", "zh-hans"))
            desk.get_by_role("link", name="Open it Gelateria Neve Lenta").click()
            leave_pictures(desk, "payments-desk-one", languages=("en", "zh-hans"))
            with desk.expect_download() as packed:
                desk.get_by_role("button", name="Take the ZIP").click()
            assert packed.value.suggested_filename == f"wechatpay-{LISTING}.zip"
            desk.reload()
            desk.fill("[name=sub_mchid]", "1900000109")
            desk.fill("[name=accepts_from]", desk.locator("time, .sub").last.inner_text()[-16:-6])
            leave_pictures(desk, "payments-desk-sent", languages=("en", "zh-hans"))


def fill_in(page: Page) -> None:
    """Fill in the form and save it."""
    for name, text in FORM.items():
        field = page.locator(f"[name={name}]")
        if name in ("legal_form", "category"):
            field.select_option(text)
        else:
            field.fill(text)
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".notice.ok").first).to_have_text("Saved.")


def give_papers(page: Page, folder: Path) -> None:
    """Give the three documents one after the other."""
    paper = folder / "paper.pdf"
    paper.write_bytes(PDF)
    for n in range(3):
        page.locator("#documents [type=file]").first.set_input_files(paper)
        page.locator("#documents form.row button").first.click()
        expect(page.locator("#documents .tag.ok")).to_have_count(n + 1)
