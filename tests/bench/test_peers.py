"""Other shops under a rush: what is said of them, and what happens when one of them cannot be had."""

import http.client
import json
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bench.peers.__main__ import PEERS, Scale, measure
from bench.peers.homes import PINS, last_line
from bench.peers.peer import Peer, Shop, Unavailable
from bench.peers.report import beside, figures, footnotes, measured, table, unavailable, verdict
from bench.peers.rush import Reply, Rush, Visitor, rush
from bench.peers.servers import running
from bench.peers.vendure import ask
from bench.peers.yardstick import evenness, strength
from tools.postgres import free_port

SCALE = Scale(pieces=5, buyers=40, in_flight=(4, 16), seconds=30)


class Counter:
    """A door that gives its pieces to whoever asks first; `forgetful` gives one more than it has."""

    def __init__(self, port: int, left: dict[str, int], *, forgetful: bool = False) -> None:
        self.port, self.left, self.forgetful = port, left, forgetful
        self.given: dict[str, int] = {}

    def offer(self, pieces: int) -> str:
        piece = f"piece{len(self.left)}"
        self.left[piece] = pieces + self.forgetful
        self.given[piece] = self.left[piece]
        return piece

    def buy(self, piece: str, number: int) -> bool:
        return Visitor(self.port).post(f"/{piece}", {"buyer": str(number)}).location == "/thanks"

    def allocated(self, piece: str) -> int:
        return self.given[piece] - self.left[piece]


class Server(ThreadingHTTPServer):
    request_queue_size = 128


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[int]:
    with Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def counter(*, forgetful: bool = False) -> Iterator[Shop]:
    left: dict[str, int] = {}
    lock = threading.Lock()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            piece = self.path[1:]
            with lock:
                gives = left[piece] > 0
                left[piece] -= gives
            self.send_response(302)
            self.send_header("Location", "/thanks" if gives else "/sorry")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nobody reads it."""

    with serving(Door) as port:
        yield Counter(port, left, forgetful=forgetful)


def test_a_peer_is_opened_warmed_and_rushed_once_for_each_number_in_flight() -> None:
    told = measure(Peer("a counter", "a piece, 1 request", counter), SCALE)

    assert [one["in_flight"] for one in told["rushes"]] == [4, 16]
    for one in told["rushes"]:
        assert (one["allocated"], one["refused"], one["errors"]) == (5, 35, 0)
        assert (one["oversold"], one["lost"]) == (0, 0)
        assert 0 < one["p50_ms"] <= one["p99_ms"]
        assert one["strength"] > 0
    assert told["allocated_a_second"] == max(one["allocated_a_second"] for one in told["rushes"]) > 0


def test_a_peer_that_gives_more_than_it_has_is_said_to_oversell() -> None:
    told = measure(Peer("a counter", "a piece", lambda: counter(forgetful=True)), SCALE)

    assert [one["oversold"] for one in told["rushes"]] == [1, 1]


def test_a_peer_that_cannot_be_had_says_why_and_ends_nothing() -> None:
    def nowhere() -> AbstractContextManager[Shop]:
        raise Unavailable("its packages cannot be installed here: no index")

    told = measure(Peer("a shop far away", "a piece", nowhere), SCALE)

    assert told["unavailable"] == "its packages cannot be installed here: no index"


def test_a_peer_that_serves_nobody_is_broken_rather_than_slow() -> None:
    class Closed(Counter):
        def buy(self, piece: str, number: int) -> bool:
            raise ConnectionRefusedError("closed")

    @contextmanager
    def closed() -> Iterator[Shop]:
        yield Closed(0, {})

    told = measure(Peer("a closed shop", "a piece", closed), SCALE)

    assert told["unavailable"] == "it gave nobody a piece (0 refused, 40 errors)"


def test_a_peer_is_judged_by_what_its_database_kept() -> None:
    rushed = Rush(seconds=9.0, giving_seconds=2.0, accepted_ms=[10.0, 30.0, 20.0, 40.0], refused=3, errors=1)

    oversold = figures(rushed, in_flight=64, pieces=2, allocated=5)
    lost = figures(rushed, in_flight=64, pieces=4, allocated=3)

    assert oversold["allocated_a_second"] == 2.0
    assert (oversold["p50_ms"], oversold["p99_ms"]) == (30.0, 40.0)
    assert (oversold["oversold"], oversold["lost"], oversold["refused"], oversold["errors"]) == (3, 0, 3, 1)
    assert (lost["oversold"], lost["lost"]) == (0, 1)


def _ours(store: str, value: float) -> dict[str, Any]:
    return {
        "store": store,
        "unit": "durable reservations a second",
        "value": value,
        "p50_ms": 8.0,
        "p99_ms": 19.0,
        "in_flight": 256,
        "limit": {"what": "no store", "value": value * 2},
        "ratio_to_limit": 0.5,
        "two_workers": {"value": value * 1.2, "p50_ms": 9.0, "p99_ms": 21.0},
        "checks": {"oversold": 0, "lost": 0},
        "strength": 1000,
        "sold_out": {"in_flight": 256, "value": value / 2, "p50_ms": 9.0, "p99_ms": 20.0, "oversold": 0},
    }


def _peer(name: str, rate: float, strength: int = 1000) -> dict[str, Any]:
    rushed = Rush(seconds=1.0, giving_seconds=1 / rate, accepted_ms=[30.0])
    peer = Peer(name, "a piece", counter)
    return measured(peer, [{**figures(rushed, in_flight=64, pieces=1, allocated=1), "strength": strength}])


def test_our_slower_store_stands_beside_the_fastest_peer() -> None:
    told = beside(
        [_ours("sqlite", 30_000), _ours("postgres", 20_000)], [_peer("slow", 10.0), _peer("fast", 20.0)]
    )

    assert (told["name"], told["value"], told["store"]) == ("peers", 20_000, "postgres")
    assert (told["fastest_peer"], told["times_fastest_peer"]) == ("fast", 1200.0)
    assert told["ok"]
    assert {"unit", "p50_ms", "p99_ms", "limit", "ratio_to_limit", "checks", "machine"} <= told.keys()
    json.dumps(told)


def test_no_ratio_is_made_up_when_no_peer_ran() -> None:
    absent = unavailable(Peer("a shop", "a piece", counter), "no PostgreSQL")

    for peers in ([], [absent]):
        told = beside([_ours("sqlite", 30_000)], peers)
        assert told["times_fastest_peer"] is None
        assert told["fastest_peer"] is None
        assert "No peer was measured" in verdict(told)


def test_a_run_beside_other_work_says_so() -> None:
    even = beside([_ours("sqlite", 30_000)], [_peer("near", 20.0, strength=900)])
    uneven = beside([_ours("sqlite", 30_000)], [_peer("near", 20.0, strength=400)])

    assert (even["evenness"], uneven["evenness"]) == (0.9, 0.4)
    assert "other work" not in footnotes(even)
    assert "did 40% of what it did at its strongest" in footnotes(uneven)


def test_the_yardstick_measures_this_machine() -> None:
    assert strength(0.01) > 0
    assert evenness([]) == 1.0


def test_what_does_not_hold_for_us_is_not_hidden_by_the_other_store() -> None:
    broken = {**_ours("postgres", 20_000), "checks": {"oversold": 1, "lost": 0}}

    told = beside([_ours("sqlite", 30_000), broken], [])

    assert told["checks"] == {"oversold": 1, "lost": 0}
    assert not told["ok"]


def test_the_table_names_who_was_measured_and_the_notes_who_was_not() -> None:
    absent = unavailable(Peer("a far shop", "a piece", counter), "no index")
    told = beside([_ours("sqlite", 30_000)], [_peer("near", 20.0), absent])
    narrow = Console(width=80)

    with narrow.capture() as shown:
        narrow.print(table(told))

    cells = [row.rsplit(maxsplit=6) for row in shown.get().splitlines()[1:]]
    rows = {who.strip(): figures for who, *figures in cells}
    assert rows == {
        "near": ["64", "20.0", "30.0", "30.0", "0", "0"],
        "Seta, sqlite": ["256", "30,000", "8.0", "19.0", "0", "0"],
        "Seta, sqlite, 2 processes": ["256", "36,000", "9.0", "21.0", "0", "0"],
        "Seta, sqlite *": ["256", "15,000", "9.0", "20.0", "0", "0"],
    }
    assert footnotes(told).splitlines()[:2] == ["near: a piece", "a far shop: not measured: no index"]
    assert "1,500 times the fastest peer, near" in footnotes(told)


def test_every_buyer_comes_once_and_errors_are_counted_apart() -> None:
    came: list[int] = []

    def buy(number: int) -> bool:
        came.append(number)
        if number == 7:
            raise http.client.RemoteDisconnected("gone")
        return number % 2 == 0

    told = rush(buy, buyers=20, in_flight=4, seconds=60)

    assert sorted(came) == list(range(20))
    assert (len(told.accepted_ms), told.refused, told.errors) == (10, 9, 1)
    assert 0 < told.giving_seconds <= told.seconds


def test_nobody_enters_after_the_time() -> None:
    assert rush(lambda number: True, buyers=20, in_flight=2, seconds=0).accepted_ms == []


def test_a_failing_command_is_told_by_its_last_line() -> None:
    assert last_line(RuntimeError("first\nlast\n")) == "last"
    assert last_line(RuntimeError()) == "RuntimeError"


def test_a_page_where_json_was_asked_counts_as_a_shop_that_fails() -> None:
    assert Reply(200, "", b'{"ready": true}').json() == {"ready": True}
    with pytest.raises(ConnectionError, match="answered 403 without JSON"):
        Reply(403, "", b"<h1>No</h1>").json()


def test_a_server_is_ready_when_it_listens_and_gone_afterwards(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(port)]

    with running(command, environment={}, log=tmp_path / "log", port=port), socket.socket() as inside:
        assert inside.connect_ex(("127.0.0.1", port)) == 0
    with socket.socket() as outside:
        assert outside.connect_ex(("127.0.0.1", port)) != 0


def test_a_server_that_does_not_start_is_told_by_its_last_words(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "print('starting'); raise SystemExit('no such database')"]

    with (
        pytest.raises(Unavailable, match="did not start, and said: no such database"),
        running(command, environment={"PYTHONUNBUFFERED": "1"}, log=tmp_path / "log", port=free_port()),
    ):
        pass


def test_a_server_that_will_not_end_is_ended_with_what_it_started(tmp_path: Path) -> None:
    child = (
        "import socket, sys, time; s = socket.create_server(('127.0.0.1', int(sys.argv[1]))); time.sleep(60)"
    )
    parent = "import signal, subprocess, sys; signal.signal(15, signal.SIG_IGN); subprocess.run(sys.argv[1:])"
    port = free_port()
    command = [sys.executable, "-c", parent, sys.executable, "-c", child, str(port)]

    with running(command, environment={}, log=tmp_path / "log", port=port, stop_seconds=0.05):
        pass

    with socket.socket() as outside:
        assert outside.connect_ex(("127.0.0.1", port)) != 0


@pytest.mark.parametrize("name", ["oscar", "pretix"])
def test_every_package_of_a_peer_is_pinned_with_hashes(name: str) -> None:
    pins = (PINS / f"{name}.txt").read_text(encoding="utf-8")
    packages = [line for line in pins.splitlines() if line and not line.startswith((" ", "#"))]

    assert packages
    assert [line for line in packages if "==" not in line or not line.endswith("\\")] == []
    shop, version = PEERS[name].name.split()
    assert any(line.startswith(f"{shop}=={version} ") for line in packages)
    assert (PINS / f"{name}.in").exists()


def test_every_package_of_the_peer_from_npm_is_locked_with_a_checksum() -> None:
    wanted = json.loads((PINS / "vendure" / "package.json").read_text(encoding="utf-8"))["dependencies"]
    locked = json.loads((PINS / "vendure" / "package-lock.json").read_text(encoding="utf-8"))["packages"]

    assert locked.pop("")["dependencies"] == wanted
    assert [path for path, package in locked.items() if not package.get("integrity")] == []
    assert PEERS["vendure"].name == f"@vendure/core {wanted['@vendure/core']}"


def test_every_peer_has_its_pins() -> None:
    pinned = {path.stem for path in PINS.glob("*.txt")} | {
        path.parent.name for path in PINS.glob("*/package.json")
    }

    assert pinned == PEERS.keys()


def test_an_api_that_answers_with_errors_counts_as_a_shop_that_fails() -> None:
    answers = [{"data": {"product": {"id": 7}}}, {"errors": [{"message": "deadlock detected"}], "data": None}]
    asked: list[Any] = []

    class Api(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            body = json.dumps(answers[len(asked) - 1]).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nobody reads it."""

    with serving(Api) as port:
        visitor = Visitor(port)
        assert ask(visitor, "/shop-api", "query($id: ID!) { ... }", id="7") == {"product": {"id": 7}}
        with pytest.raises(ConnectionError, match="deadlock detected"):
            ask(visitor, "/shop-api", "query { ... }")

    assert asked[0] == {"query": "query($id: ID!) { ... }", "variables": {"id": "7"}}
