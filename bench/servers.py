"""Servers under measurement: each alone on its port, in its own process, ended by who started it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from seta.site.demo.world import ROOT, free_port
from seta.site.trouble import Trouble


@contextmanager
def serving(application: str, *, environment: Mapping[str, str], folder: Path) -> Iterator[int]:
    """Serve an ASGI application with granian, one worker, on a free port; gives the port."""
    port = free_port()
    command = [sys.executable, "-m", "bench.serve", application, str(port)]
    log_path = folder / f"{application.split(':')[0]}.log"
    with log_path.open("ab") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **environment}, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        _await(port, process, log_path)
        yield port
    finally:
        process.terminate()
        process.wait(15)


def _await(port: int, process: subprocess.Popen[bytes], log_path: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=2, trust_env=False)
            return
        except httpx.TransportError:
            time.sleep(0.05)
    raise Trouble(f"the server under measurement did not start:\n{log_path.read_text()[-2000:]}")
