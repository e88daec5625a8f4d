"""Evidence in Debian's Chromium: verify the log, ask for a bundle, approve it as a colleague, download and check it.

The pictures go to var/screenshots as evidence-<what>-<width>-en.png; SETA_SCREENSHOTS=docs/screenshots keeps them.
"""

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.desk_page import at_the_desk, leave_pictures, reload_until, unfold
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGE = "/desk/evidence/"


@pytest.fixture(scope="module")
def seta(demo_world: RunningSeta) -> RunningSeta:
    """The demo world with a client who talked to an associate and agreed to the archive."""
    openid = demo_world.config["official_account"]["openids"][0]
    hanging = demo_world.control("posters")["posters"]
    code = next(one for one in hanging if one["kind"] == "wecom")
    userid = demo_world.control("add_contact", openid=openid, config_id=code["target"])["userid"]
    demo_world.control("consent", openid=openid, userid=userid, agree=True)
    for sender, content in (
        ("client", "林小姐您好，丝巾到了吗？"),
        ("sa", "到了，随时欢迎您来店里看看。"),
    ):
        demo_world.control("wecom_message", openid=openid, userid=userid, sender=sender, content=content)
    demo_world.control("advance", seconds=20)
    return demo_world


def test_a_bundle_is_asked_approved_taken_and_holds(
    browser: Browser, seta: RunningSeta, tmp_path: Path
) -> None:
    with at_the_desk(browser, seta, "supervisor") as page:
        page.goto(seta.base_url + PAGE)
        page.get_by_role("button", name="Verify now").click()
        expect(page.locator("#check .tag.ok")).to_be_visible()
        option = page.locator("#conversations option")
        reload_until(page, option)
        first = option.first.get_attribute("value")
        form = page.locator("form[action$='/evidence/exports/']")
        unfold(page, "Ask for evidence")
        form.locator("[name=value]").fill(first or "")
        form.locator("[name=reason]").fill("Letter of the court of Milan")
        form.get_by_role("button", name="Ask", exact=True).click()
        expect(page.get_by_text("Waits for a colleague")).to_be_visible()
    with at_the_desk(browser, seta, "admin") as page:
        page.goto(seta.base_url + PAGE)
        page.locator("form[action$='/approve/'] button").click()
        expect(page.locator(".notice.ok")).to_be_visible()
        take = page.locator("form[action$='/take/'] button")
        reload_until(page, take)
        with page.expect_download() as downloading:
            take.click()
        file = tmp_path / "bundle.zip"
        downloading.value.save_as(file)
        leave_pictures(page, "evidence-page", languages=("en",))
        page.locator("main a[href*='/evidence/heads/']").first.click()
        leave_pictures(page, "evidence-head", languages=("en",))

    command = [sys.executable, "-m", "seta.site.cli", "archive", "verify", str(file)]
    done = subprocess.run(command, env={"PATH": "/usr/bin"}, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "everything holds" in done.stdout
