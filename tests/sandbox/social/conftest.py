"""A sandbox in this process, its two primary apps and the server their pushes reach."""

from collections.abc import Iterator

import httpx
import pytest

from seta_sandbox.app import create_app
from seta_sandbox.kit.keys import Keyring
from tests.sandbox.pay.client import Client
from tests.sandbox.social.caller import SERVER, Account, Server


@pytest.fixture
def server() -> Server:
    """Where the pushes of this test arrive."""
    return Server()


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    """The running sandbox, with plain callbacks for both apps."""
    app = create_app(
        keys=Keyring(seed=7), base_url="http://testserver", push_transport=httpx.MockTransport(server)
    )
    with Client(app) as running:
        for kind in ("official_account", "mini_program"):
            running.post("/_control/callback", json={"app": kind, "url": SERVER, "mode": "plain"})
        yield running


@pytest.fixture
def oa(client: Client) -> Account:
    """The primary Official Account's server."""
    return Account(client, "official_account")


@pytest.fixture
def mp(client: Client) -> Account:
    """The primary mini program's server."""
    return Account(client, "mini_program")
