"""Drops at the desk in Debian's Chromium: marketing plans a draw, people enter, it is drawn, its report is read.

Pictures go to var/screenshots as drops-<width>-<language>.png; SETA_SCREENSHOTS=docs/screenshots keeps them.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from seta.drops.rules import draw
from tests.browser.desk_page import at_the_desk, leave_pictures
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ENTRANTS = 6
TURN_MS = 180_000


@pytest.fixture(scope="module")
def turn() -> datetime:
    """A full minute, since a form knows no seconds, that leaves a slow machine 45 seconds to enter."""
    now = datetime.now(UTC)
    return (now + timedelta(seconds=105)).replace(second=0, microsecond=0)


def test_marketing_runs_a_draw_that_anybody_can_redo(
    browser: Browser, seta: RunningSeta, turn: datetime
) -> None:
    with at_the_desk(browser, seta, "marketing") as page:
        page.on("dialog", lambda dialog: dialog.accept())
        plan(page, seta, code="ss27-sorteggio", kind="draw", turn=turn)
        page.get_by_role("button", name="Open", exact=True).click()
        expect(page.locator(".notice.ok")).to_contain_text("The drop is open.")
        drop = page.url.rstrip("/").rpartition("/")[2]
        codes = [enter(seta, drop, number) for number in range(ENTRANTS)]
        plan(page, seta, code="ss27-inviti", kind="invited", turn=turn + timedelta(hours=1))
        page.locator("form[action$='/allocate/'] button").click()
        expect(page.locator(".notice.ok")).to_contain_text("can name clients")
        leave_pictures(page, "drops-guests")
        page.goto(f"{seta.base_url}/desk/drops/{drop}/")
        leave_pictures(page, "drops-draw")

        page.wait_for_function(f"() => Date.now() > {turn.timestamp() * 1000 + 500}", timeout=TURN_MS)
        page.reload()
        page.get_by_role("button", name="Make the draw").click()

        expect(page.locator(".notice.ok")).to_contain_text("The draw is made")
        with page.expect_download() as taken:
            page.get_by_role("link", name="to redo it").click()
        record = draw.read(Path(taken.value.path()).read_text("utf-8"))
        assert draw.faults(record) == []
        assert sorted(record.order) == sorted(codes)
        page.get_by_role("link", name="Fairness report").click()
        expect(page.locator(".tag.bad")).to_have_count(0)
        leave_pictures(page, "drops-report")
        page.goto(f"{seta.base_url}/desk/drops/")
        leave_pictures(page, "drops-list")
    with at_the_desk(browser, seta, "linyue") as page:
        page.goto(f"{seta.base_url}/desk/drops/pieces/")
        leave_pictures(page, "drops-pieces")


def test_somebody_of_the_house_looks_at_whom_wechat_finds_risky(browser: Browser, seta: RunningSeta) -> None:
    turn = (datetime.now(UTC) + timedelta(minutes=20)).replace(second=0, microsecond=0)
    with at_the_desk(browser, seta, "marketing") as page:
        plan(page, seta, code="ss27-verifica", kind="draw", turn=turn, ranks=("2", "4"))
        page.get_by_role("button", name="Open", exact=True).click()
        drop = page.url.rstrip("/").rpartition("/")[2]
        for number, rank in enumerate((0, 2, 4)):
            seta.control("risk_rank", openid=seta.config["mini_program"]["openids"][number], rank=rank)
        told = [ask_to_enter(seta, drop, number) for number in range(3)]
        page.reload()
        leave_pictures(page, "drops-ranks")

        page.get_by_role("button", name="Let in").first.click()

        expect(page.locator(".notice.ok")).to_contain_text("The decision is kept")
        enter(seta, drop, 1)
        page.goto(f"{seta.base_url}/desk/drops/{drop}/report/")
        expect(page.locator("main")).to_contain_text("Let in by a person")
        leave_pictures(page, "drops-ranks-report")
    codes = [answer.json().get("error", {}).get("code", "") for answer in told]
    assert codes == ["", "risk_check", "risk_refused"]


def plan(
    page: Page,
    seta: RunningSeta,
    *,
    code: str,
    kind: str,
    turn: datetime,
    ranks: tuple[str, str] = ("", ""),
    hold: int = 10,
) -> None:
    """Fill the form by the house's clock and keep the draft."""
    page.goto(f"{seta.base_url}/desk/drops/")
    rome = ZoneInfo("Europe/Rome")
    page.locator("[name=code]").fill(code)
    options = page.locator("[name=variant] option").all_text_contents()
    plenty = next(n for n, text in enumerate(options) if int(text.rpartition("· ")[2]) >= 2)
    page.locator("[name=variant]").select_option(index=plenty)
    page.locator("[name=pieces]").fill("2")
    page.locator("[name=hold]").fill(str(hold))
    page.locator("[name=kind]").select_option(kind)
    for name, rank in zip(("check_rank", "refuse_rank"), ranks, strict=True):
        page.locator(f"[name={name}]").select_option(rank)
    for name, at in (
        ("opens", turn - timedelta(minutes=30)),
        ("turns", turn),
        ("closes", turn + timedelta(hours=2)),
    ):
        page.locator(f"[name={name}]").fill(f"{at.astimezone(rome):%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="Keep as a draft").click()
    expect(page.locator(".notice.ok")).to_contain_text("The draft is kept")


def enter(seta: RunningSeta, drop: str, number: int) -> str:
    """A client signs in on the phone and enters; the code of their entry."""
    answer = ask_to_enter(seta, drop, number)
    assert answer.status_code == 200, answer.text
    entered: str = answer.json()["mine"]["entry"]["code"]
    return entered


def ask_to_enter(seta: RunningSeta, drop: str, number: int) -> httpx.Response:
    """What a client is told who signs in and asks to enter."""
    program = seta.config["mini_program"]
    code = seta.control("js_code", openid=program["openids"][number])["code"]
    session = seta.client.post(
        f"{seta.base_url}/api/mp/v1/session", json={"js_code": code, "appid": program["appid"]}
    ).json()
    return seta.client.post(
        f"{seta.base_url}/api/mp/v1/drops/{drop}/enter",
        headers={"Authorization": f"Bearer {session['token']}"},
    )
