"""How soon the mini program paints and how a list of a thousand places scrolls on a slow phone: measured and said.

The figures are printed and never judged: a busy machine is no mistake. `-s` is not needed to read them.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.phone_page import NARROW, WAIT_MS
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("phone_bundle")]

SLOWER = 4
PLACES = 1_000
ROUNDS = 3

SCROLL = """() => new Promise((done) => {
    const pages = document.querySelector('.mp-pages'), gaps = []
    let before = performance.now(), still = 0
    const step = (now) => {
        gaps.push(now - before)
        before = now
        const at = pages.scrollTop
        pages.scrollTop += 120
        still = pages.scrollTop === at ? still + 1 : 0
        if (still > 30) done(gaps.slice(1, -30))
        else requestAnimationFrame(step)
    }
    requestAnimationFrame(step)
})"""
"""Scrolls 120 pixels a frame down to the end and gives the milliseconds between frames."""


def place(number: int) -> dict[str, Any]:
    """One of the many places, as the guide's list has them."""
    return {
        "code": f"p{number}",
        "name": f"地点 {number}",
        "name_it": f"Luogo {number}",
        "category": ("museum", "church", "park")[number % 3],
        "district": "brera",
        "hours_today": "10:00-18:00",
        "admission": "free",
        "conf_hours": "M",
        "hours_confirmed_on": None,
    }


class LargeGuide(BaseHTTPRequestHandler):
    """A server with a guide of a thousand places and nothing else."""

    ANSWERS: ClassVar[dict[str, Any]] = {
        "/api/mp/v1/session": {
            "token": "t",
            "person_id": 1,
            "openid": "o",
            "language": "zh-hans",
            "templates": {},
        },
        "/api/mp/v1/guide/places": {"places": [place(number) for number in range(PLACES)], "districts": []},
    }

    def answer(self) -> None:
        """The answer for the address, or that there is none."""
        self.rfile.read(int(self.headers.get("content-length") or 0))
        found = self.ANSWERS.get(self.path.split("?", maxsplit=1)[0])
        body = json.dumps(found or {"error": {"code": "none", "message": "none"}}).encode()
        self.send_response(200 if found else 404)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the test says what matters."""


@contextmanager
def large_guide(seta: RunningSeta) -> Iterator[None]:
    """The mini program's requests reach a guide of a thousand places."""
    usual = seta.control("phone")["request_base"]
    server = ThreadingHTTPServer(("127.0.0.1", 0), LargeGuide)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    seta.control("phone", request_base=f"http://127.0.0.1:{server.server_address[1]}")
    try:
        yield
    finally:
        seta.control("phone", request_base=usual)
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def slow_phone(browser: Browser) -> Iterator[Page]:
    """A page whose processor is four times slower."""
    context = browser.new_context(viewport={"width": NARROW[0], "height": NARROW[1]})
    context.set_default_timeout(6 * WAIT_MS)
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    try:
        yield page
    finally:
        context.close()


def address_of(seta: RunningSeta, page: str, consumer: str) -> str:
    """The mini program at one of its pages."""
    seat = {
        "consumer": consumer,
        "appid": seta.config["mini_program"]["appid"],
        "lang": "zh_CN",
        "path": page,
    }
    return f"{seta.sandbox_url}/_mp/index.html?{urlencode(seat)}"


def test_the_first_paint_on_a_slow_phone_is_measured(
    browser: Browser, seta: RunningSeta, capsys: pytest.CaptureFixture[str]
) -> None:
    painted = []
    for _ in range(ROUNDS):
        with slow_phone(browser) as page:
            page.goto(address_of(seta, "pages/home/home", "chenxiao"))
            expect(page.get_by_text("您好，欢迎来到米兰")).to_be_visible()
            paint = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
            painted.append(page.wait_for_function(paint).json_value())
    with capsys.disabled():
        said = ", ".join(f"{ms:.0f}" for ms in painted)
        print(f"\nmini program, {SLOWER}x slower: first contentful paint after {said} ms (limit 1500)")


def test_a_thousand_places_scroll_to_their_end_on_a_slow_phone(
    browser: Browser, seta: RunningSeta, capsys: pytest.CaptureFixture[str]
) -> None:
    with large_guide(seta), slow_phone(browser) as page:
        page.goto(address_of(seta, "pages/discover/discover", "lihaoran"))
        expect(page.get_by_text(f"{PLACES} 处")).to_be_visible()
        gaps = sorted(page.evaluate(SCROLL))
        expect(page.locator(".place")).to_have_count(PLACES)
        expect(page.get_by_text("已全部显示")).to_be_visible()
    with capsys.disabled():
        middle, late = gaps[len(gaps) // 2], gaps[int(len(gaps) * 0.95)]
        long = sum(gap > 50 for gap in gaps)
        print(
            f"\n{PLACES} places, {SLOWER}x slower: a frame every {middle:.1f} ms, p95 {late:.1f} ms, "
            f"longest {gaps[-1]:.0f} ms, {long} of {len(gaps)} over 50 ms"
        )
