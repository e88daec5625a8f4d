"""A voice message of the archive in Debian's Chromium: opened once for a purpose, heard; and one that is broken.

Pictures go to var/screenshots as voice-<what>-<width>-<language>.png; SETA_SCREENSHOTS=docs/screenshots keeps them.
"""

import base64

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.desk_page import at_the_desk, leave_pictures, reload_until
from tests.browser.phone_page import require_bundle
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SAID_BY = {"Client": None, "Associate": base64.b64encode(b"#!AMR\n").decode()}
"""The client's voice is one that can be heard; the associate's has a beginning and no sound."""


@pytest.fixture(scope="module")
def seta(demo_world: RunningSeta) -> RunningSeta:
    """The demo world with a client and an associate who spoke to each other instead of writing."""
    require_bundle()
    openid = demo_world.config["official_account"]["openids"][0]
    hanging = demo_world.control("posters")["posters"]
    code = next(one for one in hanging if one["kind"] == "wecom")
    userid = demo_world.control("add_contact", openid=openid, config_id=code["target"])["userid"]
    demo_world.control("consent", openid=openid, userid=userid, agree=True)
    for sender, data in zip(("client", "sa"), SAID_BY.values(), strict=True):
        given = {"data": data} if data else {}
        said = demo_world.control(
            "wecom_message", openid=openid, userid=userid, sender=sender, msgtype="voice", **given
        )
        assert said["archived"], said
    demo_world.control("advance", seconds=20)
    return demo_world


def play(page: Page, seta: RunningSeta, said_by: str) -> None:
    """Find the client's calls, say what for, and press play beside one's voice message."""
    page.goto(f"{seta.base_url}/desk/clients/")
    client = page.locator("tbody th a")
    reload_until(page, client)
    page.goto(f"{seta.base_url}{client.first.get_attribute('href')}?tab=calls")
    reload_until(page, page.get_by_role("button", name="Play").nth(1))
    row = page.locator("li", has_text=f"· {said_by}").filter(has=page.get_by_role("button", name="Play"))
    row.locator("select[name=purpose]").select_option("complaint")
    row.get_by_role("button", name="Play").click()


def test_a_voice_message_is_opened_once_and_heard(browser: Browser, seta: RunningSeta) -> None:
    with at_the_desk(browser, seta, "supervisor") as page:
        opened: list[str] = []
        page.on("response", lambda answer: opened.append(answer.url) if "/heard/" in answer.url else None)
        play(page, seta, "Client")
        player = page.locator("audio.player")
        expect(player).to_be_visible()
        page.wait_for_function("() => document.querySelector('audio.player').duration > 1.9")
        player.evaluate("one => { one.muted = true; return one.play() }")
        page.wait_for_function("() => document.querySelector('audio.player').currentTime > 0.2")

        assert len(opened) == 1 and "purpose=complaint" in opened[0]
        leave_pictures(page, "voice-heard", languages=("zh-hans", "en"))


def test_a_voice_message_that_cannot_be_read_says_so_and_can_still_be_taken(
    browser: Browser, seta: RunningSeta
) -> None:
    with at_the_desk(browser, seta, "supervisor") as page:
        play(page, seta, "Associate")
        expect(page.get_by_text("This browser cannot play it. Download the file to hear it.")).to_be_visible()
        expect(page.locator("audio.player")).to_be_hidden()
        with page.expect_download() as downloading:
            page.get_by_role("link", name="Download").click()
        assert downloading.value.path().read_bytes() == b"#!AMR\n"
        leave_pictures(page, "voice-mute", languages=("zh-hans", "en"))
