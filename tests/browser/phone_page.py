"""Debian's Chromium in front of the phone: one browser for a module, a page with its own language and size."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, FrameLocator, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = Path(os.environ.get("SETA_CHROMIUM", "/usr/bin/chromium"))
BUNDLE = ROOT / "simulator" / "dist"
SOURCES = ("miniprogram", "simulator", "seta/desk/voice", "seta/guide/data", "package-lock.json")
SCREENSHOTS = ROOT / os.environ.get("SETA_SCREENSHOTS", "var/screenshots")
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
NARROW, WIDE = (360, 740), (1440, 900)
WAIT_MS = 20_000  # only a failure takes as long: two shared cores may be slow with a page and its server
expect.set_options(timeout=WAIT_MS)


def require_chromium() -> None:
    """Skip, saying why, where there is no Chromium."""
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}: apt-get install chromium")


def require_bundle() -> None:
    """Build the mini program when it is missing or older than its sources; skip, saying why, where it cannot be."""
    built = BUNDLE / "app.json"  # the build writes it after the scripts and the styles
    if built.exists() and built.stat().st_mtime >= changed_at():
        return
    npm = shutil.which("npm")
    if npm is None or not (ROOT / "node_modules").is_dir():
        pytest.skip("the mini program is not built as it stands: npm ci --ignore-scripts && npm run build")
    subprocess.run([npm, "run", "build"], cwd=ROOT, check=True, capture_output=True)


def changed_at() -> float:
    """When a source of the mini program's build changed last, in seconds of the file system's clock."""
    return max(
        path.stat().st_mtime
        for source in SOURCES
        for path in [ROOT / source, *(ROOT / source).rglob("*")]
        if path.is_file() and BUNDLE not in path.parents
    )


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def phone(
    browser: Browser, url: str, *, size: tuple[int, int] = WIDE, language: str = "zh-CN"
) -> Iterator[Page]:
    """The phone's page; a script error or an error on the console fails the test at the end."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale=language)
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.goto(url)
    try:
        yield page
        assert page.frame_locator("iframe").locator(".mp-crash").count() == 0
        assert troubles == []
    finally:
        context.close()


def program(page: Page) -> FrameLocator:
    """The inside of the open mini program."""
    return page.frame_locator("iframe.program-frame")


def inside(page: Page) -> Frame:
    """The mini program's own document, for measuring."""
    return next(frame for frame in page.frames if "/_mp/" in frame.url)


def toasted(where: Page | Frame, text: str) -> None:
    """Wait for words that go by themselves after two seconds; `expect` looks but once a second."""
    script = """(text) => [...document.querySelectorAll('.mp-toast, .say')]
        .some((one) => one.textContent.includes(text))"""
    where.wait_for_function(script, arg=text)


def drawn_colours(where: FrameLocator | Page, selector: str) -> int:
    """How many different colours a canvas has once it is drawn; one when nothing is there in WAIT_MS."""
    script = """(canvas, ms) => new Promise((done) => {
        const until = performance.now() + ms
        const look = () => {
            const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
            const { size } = new Set(new Uint32Array(data.buffer))
            if (size > 5 || performance.now() > until) done(size)
            else requestAnimationFrame(look)
        }
        requestAnimationFrame(() => requestAnimationFrame(look)) })"""
    count: int = where.locator(selector).evaluate(script, WAIT_MS)
    return count


def leave_screenshot(page: Page, name: str) -> None:
    """Keep what is seen as `phone-<name>.png`, once pictures have come and nothing moves."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for frame in page.frames:
        frame.wait_for_function(
            "() => [...document.images].every((one) => one.complete) && document.fonts.status === 'loaded'"
            " && !document.querySelector('.mp-toast, .say')"
        )
    page.screenshot(path=SCREENSHOTS / f"phone-{name}.png", animations="disabled")


def overflowing(page: Page | Frame) -> list[str]:
    """What sticks out of the window, as tag and class; a map shows its part of what lies beyond its edges."""
    script = """() => [...document.querySelectorAll('body *:not(.codes, .codes *, [data-x], [data-x] *, .map-over *)')]
        .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
        .map((one) => `${one.tagName}.${one.className}`)"""
    found: list[str] = page.evaluate(script)
    return found


def small_targets(page: Page | Frame) -> list[str]:
    """Buttons in sight that are under 44 pixels high or 40 wide, except links within a line of text."""
    script = """() => [...document.querySelectorAll('button, [role=button], input, select, a')]
        .filter((one) => one.getClientRects().length && !one.matches('.in-text, .capsule button, .mp-tab'))
        .filter((one) => { const box = one.getBoundingClientRect(); return box.height < 43.5 || box.width < 40 })
        .map((one) => `${one.className} ${one.textContent}`)"""
    found: list[str] = page.evaluate(script)
    return found


def nameless_controls(page: Page | Frame) -> list[str]:
    """Buttons and fields without an accessible name."""
    script = """() => [...document.querySelectorAll('button, [role=button], input, select, iframe')]
        .filter((one) => one.getClientRects().length)
        .filter((one) => !(one.textContent.trim() || one.ariaLabel || one.title || one.labels?.length))
        .map((one) => one.outerHTML.slice(0, 120))"""
    found: list[str] = page.evaluate(script)
    return found
