"""House rules in Debian's Chromium: a wrong line is shown, history tried, their author cannot put them in force.

Pictures go to var/screenshots as policy-<what>-<width>-<language>.png; SETA_SCREENSHOTS=docs/screenshots keeps them.
"""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.desk_page import at_the_desk, leave_picture, leave_pictures, wider_than_the_window
from tests.browser.phone_page import NARROW, WIDE
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGE = "/desk/review/policies/"
# The first page compiles every shipped rule, which a busy machine does slowly.
COMPILED_MS = 60_000
SAID = ("员工内购价给您留一条", "周五有内部特卖会，您要来吗")
RULES = """rules:
  - id: house.staff-sale
    category: confidential
    severity: medium
    match:
      any:
        - terms: {words: [内部特卖会, 员工内购]}
        - near: {left: [内部], right: [折扣券], within: 6}
    actions: {default: hold, archive: flag, wecom_intercept: block}
    tests:
      hit: [内部特卖会您要来吗, 给您报员工内购, 内部发的折扣券]
      miss: [周五店里有新品, 欢迎到店, 员工都在]
"""


@pytest.fixture(scope="module")
def seta(demo_world: RunningSeta) -> RunningSeta:
    """The demo world in whose archive an associate spoke of a staff sale."""
    openids = demo_world.config["official_account"]["openids"]
    for openid, text in zip(openids, SAID, strict=False):
        said = demo_world.control("wecom_message", openid=openid, sender="associate", content=text)
        assert said["archived"], said
    demo_world.control("advance", seconds=30)
    return demo_world


def tried(page: Page) -> None:
    """Try the release until what was said has been archived."""
    for _ in range(50):
        page.locator("select[name=purpose]").select_option("sample_review")
        page.get_by_role("button", name="Try it").click()
        expect(page.locator(".notice.ok")).to_be_visible()
        if page.get_by_text("2 alerts").count():
            return
        page.wait_for_timeout(100)
    raise AssertionError("the trial does not find what was said")


def test_rules_are_written_tried_and_wait_for_a_colleague(browser: Browser, seta: RunningSeta) -> None:
    with at_the_desk(browser, seta, "supervisor") as page:
        page.set_default_timeout(COMPILED_MS)
        page.goto(seta.base_url + PAGE)
        leave_pictures(page, "policy-list")
        page.locator("[name=yaml]").fill(RULES.replace("severity: medium", "severity: grave"))
        page.get_by_role("button", name="Check", exact=True).click()
        expect(page.locator("#problem .wrong")).to_be_visible()
        for size in (NARROW, WIDE):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            assert wider_than_the_window(page) <= 0, size
            leave_picture(page, f"policy-problem-{size[0]}-en", whole=True)
        page.locator("[name=yaml]").fill(RULES)
        page.locator("[name=note]").fill("Staff sales are not for clients")
        page.get_by_role("button", name="Propose", exact=True).click()
        expect(page.get_by_role("heading", name="Release 1")).to_be_visible()
        expect(page.get_by_role("button", name="Put in force")).to_have_count(0)
        tried(page)
        leave_pictures(page, "policy-release")
