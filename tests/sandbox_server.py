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
START_SECONDS_MAX = 60.0


@dataclass
class RunningSandbox:
    """`config` is the exported config.json; `folder` holds it and its PEM files."""

    base_url: str
    config: dict[str, Any]
    folder: Path
    process: subprocess.Popen[bytes]
    client: httpx.Client
    proxy_url: str = ""

    def judge_environment(self) -> dict[str, str]:
        """Variables that lead an SDK with hard-coded hosts here; for a sandbox started with `tls=True`."""
        ca = str(self.folder / "tls_ca.pem")
        names = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS")
        return {"HTTPS_PROXY": self.proxy_url, **dict.fromkeys(names, ca)}

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


def start_sandbox(
    tmp_path: Path, *, seed: int = 1, port: int | None = None, tls: bool = False
) -> RunningSandbox:
    """Start `seta-sandbox serve` and return once it answers. The caller stops it.

    With `tls`, the providers' host names are served too, through the CONNECT proxy at `proxy_url`.
    """
    folder = tmp_path / "sandbox"
    folder.mkdir(parents=True, exist_ok=True)
    if KEYRING_CACHE.exists():
        shutil.copy(KEYRING_CACHE, folder / "keyring.json")
    port = port or free_port()
    command = [sys.executable, "-m", "seta_sandbox.cli", "serve", "--port", str(port), "--seed", str(seed)]
    proxy_port = free_port() if tls else 0
    if tls:
        command += ["--tls-port", str(free_port()), "--proxy-port", str(proxy_port)]
    with (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--export", str(folder)], cwd=ROOT, stdout=log, stderr=subprocess.STDOUT
        )
    base_url = f"http://127.0.0.1:{port}"
    client = httpx.Client(trust_env=False, timeout=20)
    proxy_url = f"http://127.0.0.1:{proxy_port}" if tls else ""
    running = RunningSandbox(base_url, {}, folder, process, client, proxy_url)
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


@pytest.fixture(scope="session")
def tls_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    """A sandbox under the providers' own host names, for judges; shared, not reset."""
    running = start_sandbox(tmp_path_factory.mktemp("tls-sandbox"), tls=True)
    yield running
    running.stop()


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
