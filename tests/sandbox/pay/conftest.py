"""A sandbox in this process, a receiver for its pushes and a merchant of each payment family."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from seta_sandbox.app import create_app
from seta_sandbox.export import config
from seta_sandbox.kit.keys import Keyring
from tests.sandbox.pay.client import Client
from tests.sandbox.pay.merchant import AlipayMerchant, Receiver, WeChatMerchant

Control = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    """RSA keys take a while, so all tests share them; the worlds are fresh."""
    return Keyring(seed=7)


@pytest.fixture
def receiver() -> Receiver:
    """Where the pushes of this test arrive."""
    return Receiver()


@pytest.fixture
def client(keyring: Keyring, receiver: Receiver) -> Iterator[Client]:
    """The running sandbox."""
    app = create_app(keys=keyring, base_url="http://testserver", push_transport=httpx.MockTransport(receiver))
    with Client(app) as running:
        yield running


@pytest.fixture
def exported(client: Client) -> dict[str, Any]:
    """The config.json of this sandbox."""
    return config(client.world)


@pytest.fixture
def wechat(client: Client, exported: dict[str, Any]) -> WeChatMerchant:
    """A WeChat Pay merchant in certificate mode."""
    return WeChatMerchant(client, exported["wechat"])


@pytest.fixture
def alipay(client: Client, exported: dict[str, Any]) -> AlipayMerchant:
    """An Alipay merchant in key mode."""
    return AlipayMerchant(client, exported["alipay"])


@pytest.fixture
def control(client: Client) -> Control:
    """Run a control action; fails with the sandbox's message."""

    def act(action: str, **body: Any) -> dict[str, Any]:
        response = client.post(f"/_control/{action}", json=body)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    return act
