"""A house whose payment accounts are the sandbox's, and a letter box for what the sandbox sends to it."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from seta.callbacks.operations import Arrival, Kept, keep
from seta.callbacks.rules import CallbackTable
from seta.callbacks.verification import Door, Push, verify
from seta.houses import queries as houses
from seta.houses.operations import connect_account, found_house
from seta.payments import operations as pay
from tests.sandbox_server import RunningSandbox, sandbox, sandbox_process

__all__ = ["sandbox", "sandbox_process"]

TABLE = CallbackTable(
    handlers={
        ("wechatpay", "TRANSACTION.SUCCESS"): pay.receive_wechatpay,
        ("wechatpay", "REFUND.SUCCESS"): pay.receive_wechatpay,
        ("wechatpay", "REFUND.CLOSED"): pay.receive_wechatpay,
        ("wechatpay", "REFUND.ABNORMAL"): pay.receive_wechatpay,
        ("alipay", "trade_status_sync"): pay.receive_alipay,
        ("antom", "PAYMENT_RESULT"): pay.receive_antom,
        ("antom", "PAYMENT_CANCEL"): pay.receive_antom,
        ("antom", "REFUND_RESULT"): pay.receive_antom,
    }
)


@dataclass
class LetterBox:
    """Takes what is posted to it and acknowledges all of it; `deliver` hands it to the real doors."""

    url: str
    letters: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def deliver(self, *, times: int = 1) -> list[Kept]:
        """Verify and keep every letter, each `times` over, as the callback doors do; empties the box."""
        letters, self.letters = self.letters, []
        kept: list[Kept] = []
        for path, headers, body in letters * times:
            _, source, account_id = path.strip("/").split("/")
            account = houses.account_by_id(int(account_id))
            assert account is not None
            now = datetime.now(UTC)
            push = verify(Door(account, source), Push("POST", {}, headers, body), now)
            kept += keep(arrivals=[Arrival(account, push, now)], table=TABLE, now=now)
        return kept


@pytest.fixture
def letters(settings: Any) -> Iterator[LetterBox]:
    """Seta's public address for one test: a letter box."""
    box = LetterBox("")

    class Slot(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            box.letters.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"success")

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Slot)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    box.url = settings.PUBLIC_URL = f"http://127.0.0.1:{server.server_address[1]}"
    yield box
    server.shutdown()
    server.server_close()


def connect(house_id: int, running: RunningSandbox) -> None:
    """Give a house the sandbox's payment accounts."""
    now = datetime.now(UTC)
    for family, section, name in (("wechatpay", "wechat", "mchid"), ("alipay", "alipay", "appid")):
        found = running.config[section]
        connect_account(
            house_id=house_id,
            family=family,
            app_id=found[name],
            base_url=running.base_url,
            secrets={key: str(value) for key, value in found.items()},
            now=now,
        )


@pytest.fixture
def house_id(db: None, sandbox: RunningSandbox, letters: LetterBox) -> int:
    """A maison with a fixed rate of 0.1278 EUR for a yuan, a fee of 1 % and its bank accounts."""
    found = found_house(code="serica", name="Serica Milano", kind="maison")
    connect(found, sandbox)
    now = datetime.now(UTC)
    pay.set_rate(house_id=found, currency="EUR", scaled=12_782_072, now=now)
    pay.set_terms(
        house_id=found,
        now=now,
        creditor_name="Serica Milano S.r.l.",
        creditor_iban="IT60 X054 2811 1010 0000 0123 456",
        debtor_name="Seta",
        debtor_iban="DE89370400440532013000",
    )
    return found
