"""Review in Debian's Chromium: what clients write never runs, and an alert is judged from queue to verdict.

Pictures go to var/screenshots as review-<what>-<width>-<language>.png; SETA_SCREENSHOTS=docs/screenshots keeps it.
"""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.desk_page import at_the_desk, leave_pictures, reload_until
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow]

REVIEW = "/desk/review/"
POISON = (
    "<script>window.broken=1;alert(1)</script>",
    '<img src=x onerror="window.broken=2;alert(2)">',
    '<a href="javascript:window.broken=3">官网</a> javascript:alert(3)',
    "\u202e私微我加\u202c <svg onload=window.broken=4>",
    "{{ 7*7 }} {% csrf_token %} </mark></bdi><iframe src=//x>",
)
# Spaced out, so that WeCom's exact interception lets it pass and the archive must find it.
BREACH = "定金您直接微 信 转 账 到 我 个 人 账 户 吧"


@pytest.fixture(scope="module")
def seta(browser: Browser, demo_world: RunningSeta) -> RunningSeta:
    """The demo world in whose archive somebody has written markup beside a breach."""
    # To a client each: what is repeated to one client within a day joins the alert that waits.
    for openid, text in zip(demo_world.config["official_account"]["openids"], POISON, strict=False):
        said = demo_world.control(
            "wecom_message", openid=openid, sender="associate", content=f"{BREACH} {text}"
        )
        assert said["archived"], said
    demo_world.control("advance", seconds=30)
    with at_the_desk(browser, demo_world, "supervisor") as page:
        page.goto(demo_world.base_url + REVIEW)
        reload_until(page, page.locator("[data-queue] tbody tr").nth(len(POISON) - 1))
    return demo_world


def name_a_purpose(page: Page) -> None:
    """Say why one reads, on the page that asks."""
    page.locator("main select[name=purpose]").select_option("alert_review")
    page.locator("main input[name=note]").fill("No. 7")
    page.get_by_role("button", name="Open", exact=True).click()


def test_markup_in_messages_is_shown_and_never_runs(browser: Browser, seta: RunningSeta) -> None:
    noise: list[str] = []
    with at_the_desk(browser, seta, "supervisor") as page:
        page.on("dialog", lambda dialog: (noise.append(dialog.message), dialog.dismiss()))  # type: ignore[func-returns-value]
        page.on("console", lambda said: noise.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda problem: noise.append(str(problem)))
        page.goto(f"{seta.base_url}{REVIEW}")
        alerts = page.locator("[data-queue] th a").evaluate_all("all => all.map(one => one.href)")
        shown, turned = [], []
        for alert in alerts:
            page.goto(alert)
            if not shown:
                name_a_purpose(page)
            expect(page.locator(".thread")).to_be_visible()
            assert page.locator(".thread :is(script, img, iframe, svg, a)").count() == 0
            assert page.evaluate("window.broken") is None
            shown.append(page.locator(".thread").inner_text())
            turned += page.locator(".thread bdi").evaluate_all(
                "all => all.map(one => getComputedStyle(one).unicodeBidi)"
            )
        page.goto(f"{seta.base_url}{REVIEW}")
        assert page.locator("[data-queue] :is(script, img, iframe, svg)").count() == 0
        assert page.evaluate("window.broken") is None

    assert [text for text in POISON if not any(text in each for each in shown)] == []
    assert set(turned) == {"isolate"}
    assert noise == []


def test_an_alert_goes_from_queue_to_verdict_by_keyboard(browser: Browser, seta: RunningSeta) -> None:
    with at_the_desk(browser, seta, "supervisor") as page:
        page.goto(seta.base_url + REVIEW)
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("k")
        page.keyboard.press("e")
        leave_pictures(page, "review-purpose")
        page.locator("main select[name=purpose]").select_option("alert_review")
        page.get_by_role("button", name="Open", exact=True).click()
        expect(page.locator(".bubble.found mark").first).to_be_visible()
        leave_pictures(page, "review-alert")
        page.locator("[name=verdict][value=true_positive]").check()
        page.locator("form[action$='verdict/'] textarea").fill("要求转账到个人账户")
        page.get_by_role("button", name="Close the alert").click()
        expect(page.locator(".notice.ok")).to_be_visible()
        page.goto(seta.base_url + REVIEW)
        leave_pictures(page, "review-queue")
        for name in ("statistics", "rules", "samples", "readings"):
            page.goto(f"{seta.base_url}{REVIEW}{name}/")
            leave_pictures(page, f"review-{name}")
        page.goto(f"{seta.base_url}{REVIEW}rules/pay.personal-transfer/")
        page.get_by_role("button", name="Try it").click()
        expect(page.get_by_text("alerts in").first).to_be_visible()
        leave_pictures(page, "review-rule")
