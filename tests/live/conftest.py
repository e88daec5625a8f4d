"""The five platforms, real or emulated."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.live.target import Target, choose
from tests.sandbox_server import RunningSandbox, sandbox, sandbox_process

__all__ = ["sandbox", "sandbox_process"]


@pytest.fixture
def target(sandbox: RunningSandbox) -> Iterator[Callable[[str], Target]]:
    """Give the platform of a name: OA, MP, WECOM, PAY or ALIPAY."""
    with httpx.Client(trust_env=False, timeout=20) as http:
        yield lambda platform: choose(platform, sandbox.config, http)
