"""A real sandbox in its own process on a free port, for tests that want the wire."""

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).resolve().parent.parent
KEYRING_CACHE = ROOT / ".cache" / "sandbox" / "keyring.json"
START_SECONDS_MAX = 30.0


@dataclass
class RunningSandbox:
    """`config` is the exported config.json; `folder` holds it and its PEM files."""

    base_url: str
    config: dict[str, Any]
    folder: Path
    process: subprocess.Popen[bytes]
    client: httpx.Client

    def control(self, action: str, **body: Any) -> dict[str, Any]:
        """Run a control action; fails the test with the sandbox's own message when it is refused."""
        response = self.client.post(f"{self.base_url}/_control/{action}", json=body)
        assert response.status_code == 200, f"{action}: {response.status_code} {response.text}"
        answer: dict[str, Any] = response.json()
        return answer

    def journal(self, **select: Any) -> list[dict[str, Any]]:
        """The journal's entries, selected by `family`, `direction` or `since`."""
        entries: list[dict[str, Any]] = self.control("journal", **select)["entries"]
        return entries

    def stop(self) -> None:
        """End the process that `start_sandbox` started."""
        self.client.close()
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start_sandbox(tmp_path: Path, *, seed: int = 1, port: int | None = None) -> RunningSandbox:
    """Start `seta-sandbox serve` and return once it answers. The caller stops it."""
    folder = tmp_path / "sandbox"
    folder.mkdir(parents=True, exist_ok=True)
    if KEYRING_CACHE.exists():
        shutil.copy(KEYRING_CACHE, folder / "keyring.json")
    port = port or free_port()
    command = [sys.executable, "-m", "seta_sandbox.cli", "serve", "--port", str(port), "--seed", str(seed)]
    with (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--export", str(folder)], cwd=ROOT, stdout=log, stderr=subprocess.STDOUT
        )
    base_url = f"http://127.0.0.1:{port}"
    client = httpx.Client(trust_env=False, timeout=20)
    running = RunningSandbox(base_url, {}, folder, process, client)
    try:
        _wait_until_it_answers(running)
    except BaseException:
        running.stop()
        raise
    running.config = json.loads((folder / "config.json").read_text())
    _keep_keyring(folder)
    return running


def free_port() -> int:
    """A port of 127.0.0.1 that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_it_answers(running: RunningSandbox) -> None:
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline:
        if running.process.poll() is not None:
            break
        try:
            running.client.post(f"{running.base_url}/_control/settle", json={})
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"the sandbox did not start:\n{(running.folder / 'log.txt').read_text()}")


def _keep_keyring(folder: Path) -> None:
    keyring = folder / "keyring.json"
    if keyring.exists():
        KEYRING_CACHE.parent.mkdir(parents=True, exist_ok=True)
        temporary = KEYRING_CACHE.with_suffix(f".{folder.parent.name}.tmp")
        shutil.copy(keyring, temporary)
        temporary.replace(KEYRING_CACHE)


@pytest.fixture(scope="session")
def sandbox_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    """One sandbox for the whole session; tests use `sandbox`, which resets it first."""
    running = start_sandbox(tmp_path_factory.mktemp("sandbox"))
    yield running
    running.stop()


@pytest.fixture
def sandbox(sandbox_process: RunningSandbox) -> RunningSandbox:
    """A running sandbox with a fresh world and no callback URLs."""
    sandbox_process.control("reset", seed=1, callbacks=False)
    return sandbox_process
