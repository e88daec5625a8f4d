"""Evidence in Debian's Chromium: verify the log, ask for a bundle, approve it as a colleague, download and check it.

The pictures go to var/screenshots as evidence-<what>-<width>.png; SETA_SCREENSHOTS=docs/screenshots keeps them.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.phone_page import CHROMIUM, NARROW, SCREENSHOTS, WIDE, chromium, nameless_controls
from tests.browser.test_desk import at_the_desk, small_targets, wider_than_the_window
from tests.servers import RunningSeta, running_seta

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGE = "/desk/evidence/"
WAIT_MS = 20_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for this module."""
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}: apt-get install chromium")
    with chromium() as one:
        yield one


@pytest.fixture(scope="module")
def seta(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSeta]:
    """The demo world with a client who talked to an associate and agreed to the archive."""
    with running_seta(tmp_path_factory.mktemp("seta")) as running:
        openid = running.config["official_account"]["openids"][0]
        hanging = running.control("posters")["posters"]
        code = next(one for one in hanging if one["kind"] == "wecom")
        userid = running.control("add_contact", openid=openid, config_id=code["target"])["userid"]
        running.control("consent", openid=openid, userid=userid, agree=True)
        for sender, content in (
            ("client", "林小姐您好，丝巾到了吗？"),
            ("sa", "到了，随时欢迎您来店里看看。"),
        ):
            running.control("wecom_message", openid=openid, userid=userid, sender=sender, content=content)
        running.control("advance", seconds=20)
        yield running


def leave_pictures(page: Page, name: str) -> None:
    """Keep the page narrow and wide; nothing may stick out, be nameless or too small to press."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for size in (NARROW, WIDE):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.reload()
        assert wider_than_the_window(page) <= 0, (name, size)
        assert nameless_controls(page) == [], name
        if size is NARROW:
            assert small_targets(page) == [], name
        where = SCREENSHOTS / f"evidence-{name}-{size[0]}.png"
        page.screenshot(path=where, full_page=True, animations="disabled")


def test_a_bundle_is_asked_approved_taken_and_holds(
    browser: Browser, seta: RunningSeta, tmp_path: Path
) -> None:
    with at_the_desk(browser, seta, "supervisor") as page:
        page.goto(seta.base_url + PAGE)
        page.get_by_role("button", name="Verify now").click()
        expect(page.locator("#check .tag.ok")).to_be_visible(timeout=WAIT_MS)
        option = page.locator("#conversations option")
        for _ in range(200):
            if option.count():
                break
            page.reload()
        first = option.first.get_attribute("value")
        form = page.locator("form[action$='/evidence/exports/']")
        if not form.is_visible():
            page.get_by_text("Ask for evidence").click()
        form.locator("[name=value]").fill(first or "")
        form.locator("[name=reason]").fill("Letter of the court of Milan")
        form.get_by_role("button", name="Ask", exact=True).click()
        expect(page.get_by_text("Waits for a colleague")).to_be_visible()
    with at_the_desk(browser, seta, "admin") as page:
        page.goto(seta.base_url + PAGE)
        page.locator("form[action$='/approve/'] button").click()
        expect(page.locator(".notice.ok")).to_be_visible()
        take = page.locator("form[action$='/take/'] button")
        for _ in range(100):
            if take.count():
                break
            page.reload()
        with page.expect_download() as downloading:
            take.click()
        file = tmp_path / "bundle.zip"
        downloading.value.save_as(file)
        leave_pictures(page, "page")
        page.locator("main a[href*='/evidence/heads/']").first.click()
        leave_pictures(page, "head")

    command = [sys.executable, "-m", "seta.site.cli", "archive", "verify", str(file)]
    done = subprocess.run(command, env={"PATH": "/usr/bin"}, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "everything holds" in done.stdout
