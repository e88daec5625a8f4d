"""A whole world in processes of its own: the sandbox, a seeded database, a server; all ended by who began it."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import httpx

from seta.site.trouble import Trouble

ROOT = Path(__file__).resolve().parent.parent.parent.parent
START_SECONDS_MAX = 60.0
STOP_SECONDS_MAX = 15.0


@dataclass(frozen=True)
class Place:
    """Where a world lives: its data folder, its ports, and its database (SQLite in the folder when empty)."""

    folder: Path
    seta_port: int
    sandbox_port: int
    database_url: str = ""

    @property
    def seta_url(self) -> str:
        """Where the server answers."""
        return f"http://127.0.0.1:{self.seta_port}"

    @property
    def sandbox_url(self) -> str:
        """Where the sandbox and the phone answer."""
        return f"http://127.0.0.1:{self.sandbox_port}"

    @property
    def config_path(self) -> Path:
        """The sandbox's exported configuration."""
        return self.folder / "sandbox" / "config.json"

    def environment(self) -> dict[str, str]:
        """The environment of this world's processes."""
        kept = {
            name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "SETA_SQLITE")
        }
        given = {"SETA_VAR": str(self.folder), "SETA_PUBLIC_URL": self.seta_url, "PYTHONUNBUFFERED": "1"}
        if self.database_url:
            given["DATABASE_URL"] = self.database_url
        return {**kept, **given}


@dataclass
class World:
    """The processes of a place, started in order and stopped in reverse."""

    place: Place
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    sandbox: subprocess.Popen[bytes] | None = None
    server: subprocess.Popen[bytes] | None = None

    def start(self, *, fresh: bool = True, seed: int = 1) -> None:
        """Start everything; `fresh` forgets an earlier world of this folder, as the sandbox has forgotten it too."""
        refuse_busy(self.place.sandbox_port, "the sandbox")
        refuse_busy(self.place.seta_port, "the server")
        if fresh:
            forget(self.place.folder)
        make_folder(self.place.folder)
        self.start_sandbox(seed=seed)
        self.run("migrate")
        self.run("seed", "--sandbox", str(self.place.config_path))
        self.start_server()
        self.run("seed", "--sandbox", str(self.place.config_path), "--connect", self.place.seta_url)

    def start_sandbox(self, *, seed: int) -> None:
        """Start the sandbox with the phone and the mini program's bundle, and wait for its configuration."""
        command = [sys.executable, "-m", "seta_sandbox.cli", "serve", "--port", str(self.place.sandbox_port)]
        command += ["--seed", str(seed), "--export", str(self.place.config_path.parent)]
        bundle = ROOT / "simulator" / "dist"
        if bundle.is_dir():
            command += ["--miniprogram", str(bundle)]
        self.sandbox = self._spawn("sandbox", command)
        self._await(self.sandbox, f"{self.place.sandbox_url}/_control/journal", "the sandbox", post=True)

    def start_server(self) -> None:
        """Start `seta serve` and wait until it answers."""
        command = [sys.executable, "-m", "seta.site.cli", "serve", "--port", str(self.place.seta_port)]
        self.server = self._spawn("server", command)
        self._await(self.server, f"{self.place.seta_url}/healthz", "the server")

    def run(self, *arguments: str) -> None:
        """Run a `seta` command in this world to its end; raises Trouble with its last words."""
        done = subprocess.run(
            [sys.executable, "-m", "seta.site.cli", *arguments],
            env=self.place.environment(),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            words = (done.stderr or done.stdout).strip().splitlines()
            raise Trouble(f"`seta {arguments[0]}` failed: {words[-1] if words else 'no word'}")

    def stop(self) -> None:
        """End what was started, newest first."""
        for process in reversed(self.processes):
            process.terminate()
        for process in reversed(self.processes):
            try:
                process.wait(STOP_SECONDS_MAX)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes.clear()

    def wait(self) -> None:
        """Stay until a process ends or the person at the shell stops us."""
        while all(process.poll() is None for process in self.processes):
            time.sleep(0.3)

    def config(self) -> dict[str, Any]:
        """What the sandbox exported."""
        config: dict[str, Any] = json.loads(self.place.config_path.read_text(encoding="utf-8"))
        return config

    def last_words(self, lines: int = 40) -> str:
        """The end of each process's log, for when a step failed; the logs go with the folder."""
        told = []
        for log in sorted(self.place.folder.glob("*.log")):
            told += [f"--- {log.name}", *log.read_text(errors="replace").splitlines()[-lines:]]
        return "\n".join(told)

    def server_memory_mb(self) -> float:
        """Resident memory of the server and its children now, in MB."""
        assert self.server is not None
        return sum(_resident_mb(pid) for pid in _with_children(self.server.pid))

    def _spawn(self, name: str, command: Sequence[str]) -> subprocess.Popen[bytes]:
        with (self.place.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                command, env=self.place.environment(), cwd=ROOT, stdout=log, stderr=subprocess.STDOUT
            )
        self.processes.append(process)
        return process

    def _await(self, process: subprocess.Popen[bytes], url: str, who: str, *, post: bool = False) -> None:
        deadline = time.monotonic() + START_SECONDS_MAX
        with httpx.Client(trust_env=False, timeout=2) as client:
            while time.monotonic() < deadline:
                if process.poll() is not None:
                    break
                try:
                    answer = client.post(url, json={}) if post else client.get(url)
                    if answer.status_code == 200:
                        return
                except httpx.TransportError:
                    pass
                time.sleep(0.05)
        raise Trouble(f"{who} did not start; its last words are in {self.place.folder}/*.log")


def end_when_told() -> None:
    """Let SIGTERM end this process as Ctrl-C does, so that the world it began is taken down with it."""

    def end(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, end)


def refuse_busy(port: int, who: str) -> None:
    """Raise Trouble when something listens on the port already."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise Trouble(f"port {port} is in use, and {who} needs it: stop what listens there and try again")


def make_folder(folder: Path) -> None:
    """Make the data folder; raises Trouble when it cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as problem:
        raise Trouble(
            f"cannot write to {folder}: {problem.strerror}; choose another folder with SETA_VAR"
        ) from None


def forget(folder: Path) -> None:
    """Remove an earlier world, but keep the sandbox's keys, which take seconds to make."""
    keyring = folder / "sandbox" / "keyring.json"
    kept = keyring.read_bytes() if keyring.exists() else None
    try:
        shutil.rmtree(folder, ignore_errors=False)
    except FileNotFoundError:
        return
    except OSError as problem:
        raise Trouble(f"cannot clear {folder}: {problem.strerror}") from None
    if kept:
        keyring.parent.mkdir(parents=True)
        keyring.write_bytes(kept)


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _with_children(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    found = [pid]
    if children.exists():
        for child in children.read_text().split():
            found += _with_children(int(child))
    return found


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0.0
    for line in status.read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0
