"""The client book in Debian's Chromium: every page fits a phone and a wide screen in each language.

The pictures go to var/screenshots as clients-<page>-<width>-<language>.png; SETA_SCREENSHOTS keeps them elsewhere.
"""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.desk_page import at_the_desk, leave_picture, small_targets, wider_than_the_window
from tests.browser.phone_page import NARROW, WIDE, nameless_controls
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROWS = "name,phone,remark,birthday,size_category,size_system,size,preference,note,consent_messages\n"
ROWS += "陈晓,+8613800001234,陈太太,11-28,women_clothing,IT,40,墨绿,喜欢安静的试衣间,yes\n"
ROWS += "周岚,+8613800005678,,1990-05-20,women_shoes,CN,235,,,no\n"
PAGES = (
    ("book", "linyue", "/desk/clients/"),
    ("tasks", "linyue", "/desk/clients/tasks/"),
    ("plays", "supervisor", "/desk/clients/plays/"),
    ("commission", "linyue", "/desk/clients/commission/"),
    ("handovers", "supervisor", "/desk/clients/handovers/"),
    ("import", "linyue", "/desk/clients/import/"),
)
TABS = ("overview", "timeline", "wardrobe", "wishes", "notes", "consent")


@pytest.fixture(scope="module")
def seta(browser: Browser, demo_world: RunningSeta) -> RunningSeta:
    """The demo world with a client book that was imported at the desk."""
    with at_the_desk(browser, demo_world, "linyue") as page:
        page.goto(f"{demo_world.base_url}/desk/clients/import/")
        file = {"name": "book.csv", "mimeType": "text/csv", "buffer": ROWS.encode()}
        page.set_input_files("[name=file]", [file])  # type: ignore[list-item]
        page.click("button[value=keep]")
        page.wait_for_selector(".notice.ok")
    return demo_world


def look(page: Page, address: str, name: str, language: str) -> None:
    """Open a page at both widths, check it, and keep a picture."""
    for size in (WIDE, NARROW):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.goto(address)
        assert wider_than_the_window(page) <= 0, (address, size)
        assert nameless_controls(page) == [], address
        leave_picture(page, f"clients-{name}-{size[0]}-{language[:2]}")
    assert small_targets(page) == [], address


@pytest.mark.parametrize("language", ["zh-hans", "en", "it"])
def test_the_client_book_fits_a_phone_and_a_wide_screen(
    browser: Browser, seta: RunningSeta, language: str
) -> None:
    for username in ("linyue", "supervisor"):
        with at_the_desk(browser, seta, username, language=language) as page:
            for name, _, path in [each for each in PAGES if each[1] == username]:
                look(page, seta.base_url + path, name, language)
            if username == "linyue":
                page.goto(f"{seta.base_url}/desk/clients/?q=chenxiao")
                address = page.locator("tbody th a").first.get_attribute("href")
                for tab in TABS:
                    look(page, f"{seta.base_url}{address}?tab={tab}", f"client-{tab}", language)
