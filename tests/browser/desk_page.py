"""The desk in front of Debian's Chromium: a member signed in, what no page may do, and pictures of a page.

Pictures go to var/screenshots as <name>-<width>-<language>.png; SETA_SCREENSHOTS=docs/screenshots keeps them.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from playwright.sync_api import Browser, Error, Locator, Page, expect

from seta.site.demo import cast
from tests.browser.phone_page import NARROW, SCREENSHOTS, WAIT_MS, WIDE, nameless_controls
from tests.servers import RunningSeta

WORKER_SECONDS_MAX = 60.0
LANGUAGES = ("zh-hans", "en", "it")
SETTLED = """() => [...document.images].every((one) => one.complete) && document.fonts.status === 'loaded'
    && !document.querySelector('[aria-busy]')"""


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


def unfold(page: Page, name: str) -> None:
    """Open a fold of the page, unless the page has opened it itself."""
    fold = page.locator("details", has=page.locator("summary", has_text=name)).first
    if fold.get_attribute("open") is None:
        fold.locator("summary").first.click()


def reload_until(page: Page, shown: Locator) -> None:
    """Load the page anew until the worker's part is to be seen on it."""
    until = time.monotonic() + WORKER_SECONDS_MAX
    while not shown.count() and time.monotonic() < until:
        page.wait_for_timeout(250)
        page.reload()
    expect(shown.first).to_be_attached()


def speak(page: Page, language: str) -> None:
    """Let the desk be in a language from the next page on."""
    origin = "/".join(page.url.split("/")[:3])
    page.context.add_cookies([{"name": "django_language", "value": language, "url": origin}])


def leave_pictures(page: Page, name: str, *, languages: Sequence[str] = LANGUAGES) -> None:
    """Keep the page as it stands, narrow and wide, in each language, and leave it in English.

    Nothing may stick out or lack a name in either width, nor be too small to press on a phone.
    """
    for language in languages:
        speak(page, language)
        for size in (NARROW, WIDE):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            page.reload()
            page.wait_for_function(SETTLED)
            leave_picture(page, f"{name}-{size[0]}-{language[:2]}", whole=True)
            assert wider_than_the_window(page) <= 0, (name, size, language)
            assert nameless_controls(page) == [], (name, language)
            if size is NARROW:
                assert small_targets(page) == [], (name, language)
    speak(page, "en")
    page.reload()


def leave_picture(page: Page, name: str, *, whole: bool = False) -> None:
    """Keep what is seen as `<name>.png`, or the whole length of the page."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    path = SCREENSHOTS / f"{name}.png"
    try:
        page.screenshot(path=path, full_page=whole, animations="disabled")
    except Error:
        # Chromium now and then loses a frame while a viewport changes, and draws the next one.
        page.screenshot(path=path, full_page=whole, animations="disabled")


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
