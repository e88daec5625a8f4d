"""Encrypted text callbacks a second, kept and answered by one worker, against three limits of the same run.

The limits: an empty ASGI endpoint on the same server; an empty Django view behind the project's middleware, as the
project serves it and through Django's own ASGI handler; and the same decrypting, parsing, handling and committing in
one process without any HTTP.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.load import Outcome, drive, request_bytes, together
from bench.machine import machine
from bench.servers import serving
from seta.platforms.core.msgcrypt import MessageCrypt, signature
from seta.platforms.core.xml import to_xml
from seta.site.demo.world import ROOT
from seta.site.trouble import Trouble
from tools.postgres import private_cluster

APPID, TOKEN, ORIGINAL_ID = "wx5e7abe9c00000001", "bench-token", "gh_bench"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFA"
TEXTS = ("duomo", "大教堂", "斯卡拉", "布雷拉", "您好", "dmo", "navigli", "附近有什么好吃的")
PEOPLE = 500
CONNECTIONS = 128
PACE_A_SECOND = 500
WARMING = 2_000


ROUNDS = 3
GENERATOR_LIMITED_SHARE = 0.9


@dataclass(frozen=True)
class _Measured:
    """All loads of one run; the unpaced ones took turns, so that a busy machine was busy for each of them."""

    fast: Outcome
    paced: Outcome
    empty: Outcome
    django: Outcome
    async_django: Outcome
    memory_mb: float
    sent: int


def run(*, quick: bool = False, store: str = "sqlite") -> dict[str, Any]:
    """The contract's object for `seta bench callback`."""
    count = 6_000 if quick else 36_000
    with (
        tempfile.TemporaryDirectory(prefix="seta-bench-") as name,
        _environment(Path(name), store) as environment,
    ):
        account_id = int(_in_world(environment, "prepare"))
        measured = _measure(account_id, count, environment, Path(name), paced_seconds=4 if quick else 10)
        kept = json.loads(_in_world(environment, "count"))
        inprocess = float(_in_world(environment, "inprocess", str(account_id), str(count // 2)))
    return _told(measured, inprocess, kept, store)


def _measure(
    account_id: int, count: int, environment: Mapping[str, str], folder: Path, *, paced_seconds: int
) -> _Measured:
    with (
        serving("seta.site.asgi:app", environment=environment, folder=folder) as port,
        serving("bench.django_asgi:app", environment=environment, folder=folder) as async_port,
        serving("bench.empty:app", environment={}, folder=folder) as empty_port,
    ):
        page = request_bytes("GET", "/healthz")
        each = count // ROUNDS
        fast, empty, django, async_django = [], [], [], []
        for number in range(ROUNDS + 1):
            warm = number == 0
            pushes = _pushes(account_id, WARMING if warm else each, first=1 + number * 1_000_000)
            fast.append(drive(port, pushes, connections=CONNECTIONS))
            django.append(drive(port, [page] * (each // 6), connections=CONNECTIONS))
            async_django.append(drive(async_port, [page] * (each // 6), connections=CONNECTIONS))
            empty.append(drive(empty_port, pushes, connections=CONNECTIONS))
        paced_pushes = _pushes(account_id, PACE_A_SECOND * paced_seconds, first=90_000_000)
        paced = drive(port, paced_pushes, connections=CONNECTIONS, a_second=PACE_A_SECOND)
        memory = _memory_mb(port)
    for outcome in (*django, *async_django, *empty):
        if set(outcome.statuses) != {200}:
            raise Trouble(f"an endpoint to compare with does not work: statuses {outcome.statuses}")
    return _Measured(
        fast=together(fast[1:]),
        paced=paced,
        empty=together(empty[1:]),
        django=together(django[1:]),
        async_django=together(async_django[1:]),
        memory_mb=memory,
        sent=WARMING + each * ROUNDS + len(paced_pushes),
    )


def _told(measured: _Measured, inprocess: float, kept: Mapping[str, int], store: str) -> dict[str, Any]:
    fast, paced, empty = measured.fast, measured.paced, measured.empty
    answered = fast.statuses.get(200, 0) + paced.statuses.get(200, 0)
    return {
        "name": "callback",
        "unit": "callbacks/s",
        "value": round(fast.rate, 1),
        "p50_ms": round(paced.percentile(0.5), 2),
        "p99_ms": round(paced.percentile(0.99), 2),
        "limit": {"what": "empty ASGI endpoint, same server", "value": round(empty.rate, 1)},
        "ratio_to_limit": round(fast.rate / empty.rate, 4),
        "ratio_to_django_view": round(fast.rate / measured.django.rate, 3),
        "ratio_to_inprocess": round(fast.rate / inprocess, 3),
        "extra_ratio_to_async_django_view": round(fast.rate / measured.async_django.rate, 3),
        "extra_p99_ms_full_speed": round(fast.percentile(0.99), 2),
        "extra_django_view": round(measured.django.rate, 1),
        "extra_async_django_view": round(measured.async_django.rate, 1),
        "extra_inprocess": round(inprocess, 1),
        "extra_paced_a_second": PACE_A_SECOND,
        "extra_server_mb": round(measured.memory_mb, 1),
        "extra_store": store,
        # The generator is one Python process: where it used up its core, the endpoint could do more than we asked.
        "extra_generator_limited": {
            name: outcome.generator_share >= GENERATOR_LIMITED_SHARE
            for name, outcome in (("empty", empty), ("callback", fast), ("django", measured.django))
        },
        "checks": {
            "lost": measured.sent - kept["kept"],
            "doubled": kept["doubled"],
            "unanswered": len(fast.latencies_ms) + len(paced.latencies_ms) - answered,
            "without_reply": kept["without_reply"],
        },
        "machine": machine(),
    }


@contextmanager
def _environment(folder: Path, store: str) -> Iterator[dict[str, str]]:
    base = {
        "SETA_VAR": str(folder / "var"),
        "SETA_EMBEDDED_WORKER": "0",
        "SETA_LOG_LEVEL": "ERROR",
        "SETA_SECRET_KEY": "bench-bench-bench-bench-bench-bench-bench",
        "DATABASE_URL": "",
    }
    if store == "postgres":
        with private_cluster(durable=True) as url:
            yield {**base, "DATABASE_URL": url}
    else:
        yield base


def _in_world(environment: Mapping[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "bench.callback_world", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]


def _pushes(account_id: int, count: int, *, first: int) -> Sequence[bytes]:
    """Encrypted pushes of different messages, sealed before the clock starts."""
    crypt = MessageCrypt(TOKEN, AES_KEY, APPID)
    return [_push(crypt, account_id, first + number) for number in range(count)]


def _push(crypt: MessageCrypt, account_id: int, number: int) -> bytes:
    timestamp, nonce = str(int(time.time())), str(number)
    encrypt = crypt.encrypt(message(number))
    query = {
        "signature": signature(TOKEN, timestamp, nonce),
        "timestamp": timestamp,
        "nonce": nonce,
        "openid": f"o{number % PEOPLE}",
        "encrypt_type": "aes",
        "msg_signature": crypt.sign(timestamp, nonce, encrypt),
    }
    body = to_xml({"ToUserName": ORIGINAL_ID, "Encrypt": encrypt}).encode()
    path = f"/callbacks/wechat/{account_id}?{urlencode(query)}"
    return request_bytes("POST", path, body, [("Content-Type", "text/xml")])


def message(number: int) -> bytes:
    """The plain text of message `number`."""
    fields = {
        "ToUserName": ORIGINAL_ID,
        "FromUserName": f"o{number % PEOPLE}",
        "CreateTime": int(time.time()),
        "MsgType": "text",
        "Content": TEXTS[number % len(TEXTS)],
        "MsgId": number,
    }
    return to_xml(fields).encode()


def _memory_mb(port: int) -> float:
    """Resident memory of the processes that listen on the port, children included."""
    total = 0.0
    for status in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = status.read_bytes().split(b"\0")
            if b"bench.serve" not in words or str(port).encode() not in words:
                continue
            for line in (status.parent / "status").read_text().splitlines():
                if line.startswith("VmRSS:"):
                    total += int(line.split()[1]) / 1024
        except OSError:
            continue
    return total
