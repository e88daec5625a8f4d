"""A peer's own processes, started in its environment and ended when the block is."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.peers.homes import ROOT
from bench.peers.peer import Unavailable

START_SECONDS_MAX = 120.0
GONE_SECONDS_MAX = 10


@contextmanager
def running(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    log: Path,
    port: int | None = None,
    stop_seconds: float = 20,
) -> Iterator[None]:
    """Run a server, ready when it listens on `port`; raises Unavailable with its log's end when it does not.

    Afterwards it is asked to end, and ended with all it started when it has not done so in `stop_seconds`.
    """
    with log.open("ab") as output:
        # A session of its own, so that the processes it starts can be ended with it.
        process = subprocess.Popen(
            [*command],
            env=dict(environment),
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        if port is not None:
            _await(port, process, log)
        yield
    finally:
        _stop(process, stop_seconds, port)


def _stop(process: subprocess.Popen[bytes], seconds: float, port: int | None) -> None:
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        # What it started is nobody's child now, so only its door tells when it is gone.
        deadline = time.monotonic() + GONE_SECONDS_MAX
        while port is not None and _listens(port) and time.monotonic() < deadline:
            time.sleep(0.02)


def _await(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline and process.poll() is None:
        if _listens(port):
            return
        time.sleep(0.05)
    said = log.read_text(errors="replace").strip().splitlines() or ["nothing"]
    raise Unavailable(f"its server did not start, and said: {said[-1][:300]}")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0
