"""Where storms happen: a database of their own, a house, and processes that may be killed at any moment."""

import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit, urlunsplit

import httpx
import psycopg

from tests.sandbox_server import ROOT, RunningSandbox, free_port
from tests.templates import beside, copy_tables, copy_tables_to, drop_database
from tools.postgres import private_cluster

HAND_SECONDS_MAX = 240.0
START_SECONDS_MAX = 60.0
STORES = ("sqlite", "postgres")


@dataclass(frozen=True)
class Template:
    """An empty, migrated database of a kind, to be copied: a file, or a database on a server."""

    store: str
    place: str


@dataclass
class Hand:
    """A child process that runs operations (see hand.py)."""

    pid: int
    line: socket.socket
    words: IO[str]

    def tell(self, do: str, *, now: datetime | None = None, stop: Any = None, **args: Any) -> None:
        """Give it something to do and do not wait."""
        step = {"do": do, "args": args, "now": now.isoformat() if now else None, "stop": stop}
        self.line.sendall(json.dumps(step).encode() + b"\n")

    def hear(self) -> dict[str, Any]:
        """The outcome of what it was told: done, refused, platform, failed or stopped."""
        line = self.words.readline()
        assert line, "the hand has ended"
        outcome: dict[str, Any] = json.loads(line)
        return outcome

    def outcome(self, do: str, **how: Any) -> dict[str, Any]:
        """Do it and tell what came of it."""
        self.tell(do, **how)
        return self.hear()

    def do(self, do: str, **how: Any) -> Any:
        """Do it and give its result; anything but success fails the test."""
        outcome = self.outcome(do, **how)
        assert "done" in outcome, f"{do}: {outcome}"
        return outcome["done"]

    def kill(self) -> None:
        """SIGKILL: no handler, no finally, no commit; returns when the process is gone."""
        os.kill(self.pid, signal.SIGKILL)
        assert self.words.readline() == "", "a killed process says nothing more"
        self.words.close()
        self.line.close()


@dataclass
class Server:
    """A serving process and its children, in a process group of their own."""

    hand: Hand
    url: str

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended: its socket closes with its last process."""
        return not select.select([self.hand.line], [], [], 0)[0]

    def kill(self) -> None:
        """SIGKILL the whole group; returns when every process of it is gone."""
        os.killpg(self.hand.pid, signal.SIGKILL)
        assert self.hand.words.readline() == "", "a killed process says nothing more"
        self.hand.words.close()
        self.hand.line.close()


@dataclass
class Yard:
    """A house on a fresh database beside a sandbox; what it starts it ends."""

    folder: Path
    sandbox: RunningSandbox
    database_url: str
    port: int
    house_id: int = 0
    server_port: int = 0
    nursery: subprocess.Popen[bytes] | None = None
    hands: list[Hand] = field(default_factory=list)
    servers: list[Server] = field(default_factory=list)

    @property
    def store(self) -> str:
        """One of STORES."""
        return "postgres" if self.database_url else "sqlite"

    def environment(self, **more: str) -> dict[str, str]:
        """The environment of this yard's processes."""
        dropped = ("DATABASE_URL", "SETA_SQLITE", "SETA_VAR")
        kept = {name: value for name, value in os.environ.items() if name not in dropped}
        given = {
            "SETA_VAR": str(self.folder),
            "SETA_PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "SETA_SECRET_KEY": "only-for-storms-only-for-storms-only-for-storms",
            "SETA_SQLITE_SYNCHRONOUS": "FULL",
            **({"DATABASE_URL": self.database_url} if self.database_url else {}),
        }
        return {**kept, **given, **more}

    def hand(self) -> Hand:
        """A new process that runs operations."""
        self._await_nursery()
        line = self._connected()
        words = line.makefile("r")
        hand = Hand(json.loads(words.readline())["done"], line, words)
        self.hands.append(hand)
        return hand

    def _connected(self) -> socket.socket:
        deadline = time.monotonic() + START_SECONDS_MAX
        while True:
            line = socket.socket(socket.AF_UNIX)
            line.settimeout(HAND_SECONDS_MAX)
            try:
                line.connect(str(self._door))
            except ConnectionRefusedError:
                # The socket is there a moment before anybody listens.
                line.close()
                assert time.monotonic() < deadline
                time.sleep(0.02)
            else:
                return line

    def start(self) -> None:
        """Begin to start what hands are forked from."""
        with (self.folder / "hands.log").open("ab") as log:
            self.nursery = subprocess.Popen(
                [sys.executable, "-m", "tests.storm.hand", str(self._door)],
                cwd=ROOT,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def _door(self) -> Path:
        return self.folder / "hands"

    def _await_nursery(self) -> None:
        deadline = time.monotonic() + START_SECONDS_MAX
        while not self._door.exists():
            assert self.nursery is not None and self.nursery.poll() is None and time.monotonic() < deadline, (
                self.folder / "hands.log"
            ).read_text()[-3000:]
            time.sleep(0.02)

    def serve(self, app: str = "seta.site.asgi:app", *, wait: bool = True, has_worker: bool = True) -> Server:
        """Serve the real doors, with the worker beside them or without; returns when they answer, or at once.

        They are where the yard's public address is, or at `server_port` when somebody stands between.
        """
        port = self.server_port or self.port
        hand = self.hand()
        self.hands.remove(hand)
        log = str(self.folder / "server.log")
        hand.tell("serve", app=app, port=port, log=log, has_worker=has_worker)
        assert hand.hear()["done"] == hand.pid
        server = Server(hand, f"http://127.0.0.1:{port}")
        self.servers.append(server)
        if wait:
            self.await_server(server)
        return server

    def await_server(self, server: Server) -> None:
        """Return once the doors answer."""
        deadline = time.monotonic() + START_SECONDS_MAX
        with httpx.Client(trust_env=False, timeout=2) as client:
            while time.monotonic() < deadline and server.is_alive:
                try:
                    if client.get(f"{server.url}/healthz").status_code == 200:
                        return
                except httpx.TransportError:
                    pass
                time.sleep(0.02)
        raise AssertionError((self.folder / "server.log").read_text()[-3000:])

    def move(self, code: str) -> None:
        """End what is left of the house before and found another, which takes over the sandbox's accounts."""
        self.clear()
        hand = self.hand()
        given_up = "SET app_id = 'gone-' || id WHERE app_id NOT LIKE 'gone-%'"
        hand.do("sql", statement=f"UPDATE houses_platformaccount {given_up}")
        config, base_url = self.sandbox.config, self.sandbox.base_url
        self.house_id = hand.do("found", config=config, base_url=base_url, code=code)

    def clear(self) -> None:
        """End every server and hand that is left."""
        for server in self.servers:
            if not server.hand.words.closed and server.is_alive:
                server.kill()
        for hand in self.hands:
            hand.words.close()
            hand.line.close()
        self.servers, self.hands = [], []

    def close(self) -> None:
        """End every process that is left."""
        self.clear()
        if self.nursery is not None:
            if self.nursery.poll() is None:
                os.killpg(self.nursery.pid, signal.SIGKILL)
            self.nursery.wait()


@contextmanager
def templates(folder: Path) -> Iterator[dict[str, Template]]:
    """Empty, migrated databases of both stores, made when first asked for."""
    with ExitStack() as stack:
        yield _Lazy(folder, stack)


class _Lazy(dict[str, Template]):
    def __init__(self, folder: Path, stack: ExitStack) -> None:
        super().__init__()
        self._folder, self._stack = folder, stack

    def __missing__(self, store: str) -> Template:
        if store == "sqlite":
            file = self._folder / "template.sqlite3"
            copy_tables(file)
            self[store] = Template(store, str(file))
        else:
            url = os.environ.get("STORM_DATABASE_URL") or self._stack.enter_context(private_cluster())
            url = beside(url, f"seta_storm_{os.getpid()}")
            copy_tables_to(url)
            self._stack.callback(drop_database, url)
            self[store] = Template(store, url)
        return self[store]


@contextmanager
def yard(
    folder: Path, sandbox: RunningSandbox, template: Template, *, name: str, seed: int = 1, **terms: Any
) -> Iterator[Yard]:
    """A fresh yard with its house, on a copy of the template; the sandbox is reset."""
    folder.mkdir(parents=True, exist_ok=True)
    sandbox.control("reset", seed=seed, callbacks=False)
    database_url = ""
    if template.store == "sqlite":
        shutil.copy(template.place, folder / "seta.sqlite3")
    else:
        database_url = _copy_on_server(template.place, name)
    made = Yard(folder, sandbox, database_url, free_port())
    try:
        made.start()
        made.house_id = made.hand().do("found", config=sandbox.config, base_url=sandbox.base_url, **terms)
        yield made
    finally:
        made.close()


def _copy_on_server(url: str, name: str) -> str:
    parts = urlsplit(url)
    with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{parts.path[1:]}"')
    return urlunsplit(parts._replace(path=f"/{name}"))
