"""What a browser's test stands on: `browser`, `demo_world` and `phone_bundle`.

A module that wants more than the plain demo world overrides `seta` and does the rest on `demo_world`; one that
opens the phone says `pytest.mark.usefixtures("phone_bundle")`.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.phone_page import chromium, require_bundle, require_chromium
from tests.servers import RunningSeta, running_seta


@pytest.fixture(scope="session")
def phone_bundle() -> None:
    """The mini program's build for the phone, made when missing or older than its sources."""
    require_bundle()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for a module: Playwright's loop would stand in the way of another module's database."""
    require_chromium()
    with chromium() as one:
        yield one


@pytest.fixture(scope="module")
def demo_world(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSeta]:
    """The demo world as seeded, on free ports, this module's alone."""
    with running_seta(tmp_path_factory.mktemp("seta")) as running:
        yield running


@pytest.fixture(scope="module")
def seta(demo_world: RunningSeta) -> RunningSeta:
    """The world that a module's tests share; the plain one unless the module says more."""
    return demo_world
