"""Calls a second that the sandbox answers on one core, token-checked ones and signed payments.

It is there so that no bench or test waits for the sandbox. The limits: an empty ASGI endpoint on the same server
and core, and for payments the bare RSA work of one call (a request verified, an answer signed).
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

import httpx
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from bench.load import Outcome, drive, request_bytes
from bench.machine import machine
from bench.servers import serving
from seta.platforms.wechatpay.signing import authorization
from seta.site.demo.world import ROOT, free_port
from seta.site.trouble import Trouble

CONNECTIONS = 32
TOKEN_CALLS_WANTED, PAYMENTS_WANTED = 1_000, 300
JSAPI = "/v3/pay/transactions/jsapi"

_Server = TypeVar("_Server")


def run(*, quick: bool = False, store: str = "sqlite") -> dict[str, Any]:
    """The contract's object for `seta bench sandbox`; the sandbox keeps all in memory, so `store` is not used."""
    calls, payments = (4_000, 1_500) if quick else (20_000, 8_000)
    with tempfile.TemporaryDirectory(prefix="seta-bench-") as name:
        folder = Path(name)
        with _on_one_core(serving("bench.empty:app", environment={}, folder=folder)) as port:
            empty = drive(port, [request_bytes("GET", "/")] * calls, connections=CONNECTIONS)
        with _on_one_core(_sandbox(folder)) as sandbox:
            drive(sandbox.port, _token_calls(sandbox, 500), connections=CONNECTIONS)
            told = drive(
                sandbox.port, _token_calls(sandbox, calls), connections=CONNECTIONS, keep_bodies=True
            )
            drive(sandbox.port, _payments(sandbox, 200, first=0), connections=CONNECTIONS)
            paid = drive(
                sandbox.port,
                _payments(sandbox, payments, first=1_000),
                connections=CONNECTIONS,
                keep_bodies=True,
            )
            bare = _rsa_pairs_a_second(sandbox.key)
    return _told(empty, told, paid, bare, payments)


def _told(empty: Outcome, told: Outcome, paid: Outcome, bare: float, payments: int) -> dict[str, Any]:
    prepaid = {json.loads(body).get("prepay_id", "") for body in paid.bodies} - {""}
    return {
        "name": "sandbox",
        "unit": "token-checked calls/s",
        "value": round(told.rate, 1),
        "p50_ms": round(told.percentile(0.5), 2),
        "p99_ms": round(told.percentile(0.99), 2),
        "limit": {"what": "empty ASGI endpoint, same server and core", "value": round(empty.rate, 1)},
        "ratio_to_limit": round(told.rate / empty.rate, 4),
        "ratio_to_rsa": round(paid.rate / bare, 4),
        "ratio_to_wanted_calls": round(told.rate / TOKEN_CALLS_WANTED, 2),
        "ratio_to_wanted_payments": round(paid.rate / PAYMENTS_WANTED, 2),
        "extra_payments_a_second": round(paid.rate, 1),
        "extra_payments_p50_ms": round(paid.percentile(0.5), 2),
        "extra_payments_p99_ms": round(paid.percentile(0.99), 2),
        "extra_rsa_pairs_a_second": round(bare, 1),
        "checks": {
            "calls_refused": sum(1 for body in told.bodies if b'"errcode":4' in body.replace(b" ", b"")),
            "calls_failed": len(told.latencies_ms) - told.statuses.get(200, 0),
            "payments_refused": len(paid.latencies_ms) - paid.statuses.get(200, 0),
            "payments_lost": payments - len(prepaid),
        },
        "machine": machine(),
    }


@dataclass(frozen=True)
class _Sandbox:
    port: int
    config: dict[str, Any]
    token: str
    key: rsa.RSAPrivateKey


@contextmanager
def _on_one_core(server: AbstractContextManager[_Server]) -> Iterator[_Server]:
    """Start a server on the first core and drive it from the others, where there are any."""
    before = os.sched_getaffinity(0)
    first, *others = sorted(before)
    try:
        os.sched_setaffinity(0, {first})
        with server as started:
            os.sched_setaffinity(0, others or {first})
            yield started
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def _sandbox(folder: Path) -> Iterator[_Sandbox]:
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "seta_sandbox.cli",
        "serve",
        "--port",
        str(port),
        "--export",
        str(folder),
    ]
    with (folder / "sandbox.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
    try:
        _await(port, process, folder / "sandbox.log")
        config = json.loads((folder / "config.json").read_text())
        account = config["official_account"]
        base = f"http://127.0.0.1:{port}"
        with httpx.Client(base_url=base, trust_env=False) as client:
            client.post("/_control/follow", json={"openid": account["openids"][0]})
            query = {
                "grant_type": "client_credential",
                "appid": account["appid"],
                "secret": account["secret"],
            }
            token = client.get("/cgi-bin/token", params=query).json()["access_token"]
        pem = config["wechat"]["merchant_private_key"].encode()
        key = serialization.load_pem_private_key(pem, None)
        assert isinstance(key, rsa.RSAPrivateKey)
        yield _Sandbox(port, config, token, key)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(15)


def _await(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx.get(f"http://127.0.0.1:{port}/_endpoints", timeout=2, trust_env=False)
            return
        except httpx.TransportError:
            time.sleep(0.05)
    raise Trouble(f"the sandbox did not start:\n{log.read_text()[-2000:]}")


def _token_calls(sandbox: _Sandbox, count: int) -> Sequence[bytes]:
    """Half reads of a follower, half orders of a parametric code, each with a token that is checked."""
    openid = sandbox.config["official_account"]["openids"][0]
    read = urlencode({"access_token": sandbox.token, "openid": openid, "lang": "zh_CN"})
    code = {"expire_seconds": 600, "action_name": "QR_STR_SCENE"}
    requests = [request_bytes("GET", f"/cgi-bin/user/info?{read}")]
    for number in range(count // 2):
        scene = {"scene": {"scene_str": f"c=bench;p={number}"}}
        body = json.dumps({**code, "action_info": scene}).encode()
        path = f"/cgi-bin/qrcode/create?access_token={sandbox.token}"
        requests += [request_bytes("POST", path, body, [("Content-Type", "application/json")]), requests[0]]
    return requests[:count]


def _payments(sandbox: _Sandbox, count: int, *, first: int) -> Sequence[bytes]:
    """JSAPI orders of different numbers, signed before the clock starts."""
    merchant = sandbox.config["wechat"]
    return [_payment(merchant, first + number) for number in range(count)]


def _payment(merchant: dict[str, Any], number: int) -> bytes:
    body = json.dumps(
        {
            "appid": merchant["appid"],
            "mchid": merchant["mchid"],
            "description": "bench",
            "out_trade_no": f"BENCH-{number}",
            "notify_url": "https://127.0.0.1/notify",
            "amount": {"total": 1 + number, "currency": "CNY"},
            "payer": {"openid": merchant["openid"]},
        }
    ).encode()
    header = authorization(
        method="POST",
        target=JSAPI,
        body=body,
        mchid=merchant["mchid"],
        serial=merchant["merchant_serial"],
        private_key=merchant["merchant_private_key"],
        timestamp=int(time.time()),
        nonce=f"{number:032d}",
    )
    return request_bytes(
        "POST", JSAPI, body, [("Authorization", header), ("Content-Type", "application/json")]
    )


def _rsa_pairs_a_second(key: rsa.RSAPrivateKey, seconds: float = 0.5) -> float:
    """One signature verified and one made, again and again, on the core that serves."""
    public, message, scheme, digest = key.public_key(), b"x" * 200, padding.PKCS1v15(), hashes.SHA256()
    pairs, started = 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        public.verify(key.sign(message, scheme, digest), message, scheme, digest)
        pairs += 1
    return pairs / (time.perf_counter() - started)
