"""The desk in Debian's Chromium, after a client's whole way: every page, three languages, a phone and a wide screen.

The pictures go to var/screenshots as desk-<page>-<width>-<language>.png; SETA_SCREENSHOTS=docs/screenshots keeps them.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from seta.site.demo import cast
from tests.browser.phone_page import CHROMIUM, NARROW, SCREENSHOTS, WIDE, chromium, nameless_controls
from tests.servers import RunningSeta, running_seta

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WAIT_MS = 10_000
SETTLED = """() => [...document.images].every((one) => one.complete)
    && !document.querySelector('[aria-busy]')"""
LANGUAGES = ("zh-hans", "en", "it")
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
def browser() -> Iterator[Browser]:
    """One Chromium for this module."""
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}: apt-get install chromium")
    with chromium() as one:
        yield one


@pytest.fixture(scope="module")
def seta(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSeta]:
    """The demo world after the journey."""
    with running_seta(tmp_path_factory.mktemp("seta")) as running:
        place = running.world.place
        command = [sys.executable, "-m", "seta.site.cli", "journey", "--running", running.base_url]
        command += ["--sandbox", str(place.config_path), "--json", str(place.folder / "journey.json")]
        done = subprocess.run(command, env=place.environment(), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        yield running


@contextmanager
def at_the_desk(
    browser: Browser, seta: RunningSeta, username: str, *, language: str = "en", size: tuple[int, int] = WIDE
) -> Iterator[Page]:
    """A member's page, signed in by the form; a script error fails the test at the end."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    context.set_default_timeout(WAIT_MS)
    context.add_cookies([{"name": "django_language", "value": language, "url": seta.base_url}])
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.goto(f"{seta.base_url}/desk/sign-in/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", cast.PASSWORD)
    page.click("button.primary")
    page.wait_for_url(f"{seta.base_url}/desk/")
    try:
        yield page
        assert troubles == []
    finally:
        context.close()


def wider_than_the_window(page: Page) -> int:
    """How many pixels the page would scroll to the side."""
    found: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return found


def small_targets(page: Page) -> list[str]:
    """Buttons, fields and links of the rail, tabs and lists that a thumb would miss."""
    script = """() => [...document.querySelectorAll(
          'button, select, .button, nav a, .list a, input:not([type=checkbox], [type=radio], [type=hidden])')]
        .filter((one) => one.getClientRects().length && one.getBoundingClientRect().height < 43.5)
        .map((one) => `${one.tagName} ${one.className} ${one.textContent}`)"""
    found: list[str] = page.evaluate(script)
    return found


def leave_picture(page: Page, name: str) -> None:
    """Keep what is seen as `desk-<name>.png`."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"desk-{name}.png", animations="disabled")


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
                    leave_picture(page, f"{name}-{size[0]}-{language[:2]}")
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

        page.get_by_role("link", name="陈晓").click()

        expect(page.get_by_role("heading", level=1)).to_have_text("陈晓")


def test_the_language_is_changed_on_the_page_one_is_at(browser: Browser, seta: RunningSeta) -> None:
    with at_the_desk(browser, seta, "finance") as page:
        page.goto(f"{seta.base_url}/desk/money/breaks/")

        page.get_by_role("button", name="Italiano").click()

        expect(page.get_by_role("heading", level=1)).to_have_text("Differenze")
        assert page.url.endswith("/desk/money/breaks/")
