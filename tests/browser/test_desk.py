"""The desk in Debian's Chromium, after a client's whole way: every page, three languages, a phone and a wide screen.

The pictures go to var/screenshots as desk-<page>-<width>-<language>.png; SETA_SCREENSHOTS=docs/screenshots keeps them.
"""

import subprocess
import sys

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.desk_page import (
    LANGUAGES,
    SETTLED,
    at_the_desk,
    leave_picture,
    small_targets,
    wider_than_the_window,
)
from tests.browser.phone_page import NARROW, WIDE, nameless_controls
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES: tuple[tuple[str, str, str], ...] = (
    ("today", "admin", "/desk/"),
    ("conversation", "admin", "/desk/conversations/1/"),
    ("client", "linyue", "/desk/clients/1/"),
    ("alert", "supervisor", "/desk/review/1/"),
    ("orders", "finance", "/desk/boutique/orders/"),
    ("till", "linyue", "/desk/boutique/till/"),
    ("drop", "marketing", "/desk/drops/1/"),
    ("partners", "citta", "/desk/guide/partners/"),
    ("money", "finance", "/desk/money/"),
    ("insights", "admin", "/desk/insights/"),
)
MORE = (
    ("admin", "/desk/conversations/"),
    ("admin", "/desk/search/?q=duomo"),
    ("linyue", "/desk/clients/"),
    ("linyue", "/desk/clients/codes/"),
    ("linyue", "/desk/stores/"),
    ("linyue", "/desk/stores/brera/screen/"),
    ("linyue", "/desk/boutique/till/2/"),
    ("supervisor", "/desk/review/"),
    ("finance", "/desk/boutique/orders/1/"),
    ("finance", "/desk/boutique/products/"),
    ("finance", "/desk/money/payments/"),
    ("finance", "/desk/money/payments/1/"),
    ("finance", "/desk/money/breaks/"),
    ("finance", "/desk/money/batches/1/"),
    ("finance", "/desk/money/books/"),
    ("marketing", "/desk/drops/"),
    ("marketing", "/desk/guide/places/"),
    ("marketing", "/desk/guide/searches/"),
    ("admin", "/desk/design/"),
)


@pytest.fixture(scope="module")
def seta(demo_world: RunningSeta) -> RunningSeta:
    """The demo world after the journey."""
    place = demo_world.world.place
    command = [sys.executable, "-m", "seta.site.cli", "journey", "--running", demo_world.base_url]
    command += ["--sandbox", str(place.config_path), "--json", str(place.folder / "journey.json")]
    done = subprocess.run(command, env=place.environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return demo_world


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_main_pages_fit_a_phone_and_a_wide_screen_in_each_language(
    browser: Browser, seta: RunningSeta, language: str
) -> None:
    for username in dict.fromkeys(who for _, who, _ in PAGES):
        with at_the_desk(browser, seta, username, language=language) as page:
            for name, path in [(name, path) for name, who, path in PAGES if who == username]:
                for size in (WIDE, NARROW):
                    page.set_viewport_size({"width": size[0], "height": size[1]})
                    page.goto(seta.base_url + path)
                    page.wait_for_function(SETTLED)
                    assert wider_than_the_window(page) <= 0, (path, size)
                    assert nameless_controls(page) == [], path
                    leave_picture(page, f"desk-{name}-{size[0]}-{language[:2]}")
                assert small_targets(page) == [], path


def test_every_other_page_opens_and_fits_a_phone(browser: Browser, seta: RunningSeta) -> None:
    for username in dict.fromkeys(who for who, _ in MORE):
        with at_the_desk(browser, seta, username, size=NARROW) as page:
            for path in [path for who, path in MORE if who == username]:
                answer = page.goto(seta.base_url + path)
                assert answer is not None
                assert answer.status == 200, path
                assert wider_than_the_window(page) <= 0, path
                assert small_targets(page) == [], path


def test_a_message_appears_without_a_reload_and_is_answered(browser: Browser, seta: RunningSeta) -> None:
    openid = seta.config["official_account"]["openids"][0]
    with at_the_desk(browser, seta, "linyue", language="zh-hans") as page:
        page.goto(f"{seta.base_url}/desk/conversations/1/")

        seta.control("message", openid=openid, content="请问明天几点开门？")
        expect(page.locator(".bubble", has_text="请问明天几点开门？")).to_be_visible()
        page.fill("textarea[name=text]", "您好，明天十点开门。")
        page.get_by_role("button", name="发送").click()

        expect(page.locator(".notice.ok")).to_be_visible()
        expect(page.locator(".bubble.ours", has_text="您好，明天十点开门。")).to_be_visible()


def test_ctrl_k_searches_from_anywhere(browser: Browser, seta: RunningSeta) -> None:
    with at_the_desk(browser, seta, "admin") as page:
        page.keyboard.press("Control+k")
        page.keyboard.type("chen")
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/search/**")

        page.get_by_role("link", name="陈晓").click()

        expect(page.get_by_role("heading", level=1)).to_have_text("陈晓")


def test_the_language_is_changed_on_the_page_one_is_at(browser: Browser, seta: RunningSeta) -> None:
    with at_the_desk(browser, seta, "finance") as page:
        page.goto(f"{seta.base_url}/desk/money/breaks/")

        page.get_by_role("button", name="Italiano").click()

        expect(page.get_by_role("heading", level=1)).to_have_text("Differenze")
        assert page.url.endswith("/desk/money/breaks/")
