"""An environment for each peer: pinned with hashes, made once, kept under .cache/peers."""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bench.peers.peer import Unavailable

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache" / "peers"
PINS = Path(__file__).resolve().parent / "requirements"
INSTALL_SECONDS_MAX = 900
WORLD_SECONDS_MAX = 900


def home(name: str) -> Path:
    """The Python of the peer's environment, installed when absent or when its pins have changed.

    Raises Unavailable where the package index does not give what is pinned.
    """
    pins = PINS / f"{name}.txt"

    def commands(folder: Path) -> list[list[str]]:
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--require-hashes"]
        return [[sys.executable, "-m", "venv", "--clear", str(folder)], [*pip, "-r", str(pins)]]

    return _installed(name, pins, commands) / "bin" / "python"


def npm_home(name: str) -> Path:
    """The peer's `node_modules`, exactly as locked; no script of a package runs. Raises Unavailable as `home` does."""
    lock = PINS / name / "package-lock.json"

    def commands(folder: Path) -> list[list[str]]:
        for file in (lock, lock.with_name("package.json")):
            shutil.copy(file, folder)
        options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        return [["npm", "ci", *options, "--prefix", str(folder)]]

    return _installed(name, lock, commands) / "node_modules"


def _installed(name: str, pins: Path, commands: Callable[[Path], list[list[str]]]) -> Path:
    """The peer's folder, named by its pins, filled by the commands when that has not been done yet."""
    folder = CACHE / f"{name}-{hashlib.sha256(pins.read_bytes()).hexdigest()[:12]}"
    done = folder / "installed"
    folder.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            _run(commands(folder))
            done.touch()
    return folder


def _run(commands: Sequence[Sequence[str]]) -> None:
    try:
        for command in commands:
            subprocess.run(command, check=True, timeout=INSTALL_SECONDS_MAX, capture_output=True, text=True)
    except (OSError, subprocess.SubprocessError) as problem:
        raise Unavailable(f"its packages cannot be installed here: {last_line(problem)}") from problem


def last_line(problem: Exception) -> str:
    """What a failed command said last, or the problem itself."""
    said = str(getattr(problem, "stderr", None) or problem).strip()
    return said.splitlines()[-1][:300] if said else type(problem).__name__


def clean_environment() -> dict[str, str]:
    """The shell's variables without those that would reach into a peer from ours."""
    dropped = ("DJANGO_", "PYTHON", "DATABASE_URL", "SETA_", "VIRTUAL_ENV", "PRETIX_")
    return {name: value for name, value in os.environ.items() if not name.startswith(dropped)}


def world(python: Path, module: str, environment: Mapping[str, str], *arguments: str) -> dict[str, str | int]:
    """What a peer's module says, run in the peer's environment: its last line, as JSON; raises Unavailable."""
    try:
        done = subprocess.run(
            [str(python), "-m", module, *arguments],
            env=dict(environment),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
            timeout=WORLD_SECONDS_MAX,
        )
    except subprocess.SubprocessError as problem:
        raise Unavailable(f"its shop could not be made: {last_line(problem)}") from problem
    said: dict[str, str | int] = json.loads(done.stdout.strip().splitlines()[-1])
    return said
