"""One keyring for all tests here, and fresh doors for each."""

from collections.abc import Iterator

import pytest

from seta_sandbox.kit.keys import Keyring
from tests.sandbox.wecom.doors import Doors
from tests.sandbox_server import sandbox, sandbox_process

__all__ = ["sandbox", "sandbox_process"]


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    """RSA keys are made once."""
    return Keyring()


@pytest.fixture
def doors(keyring: Keyring) -> Iterator[Doors]:
    """WeCom in a fresh world, in this process."""
    made = Doors(keyring)
    yield made
    made.close()
