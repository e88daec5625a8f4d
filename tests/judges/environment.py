"""Virtual environments for SDKs written by others: pinned, made once, kept under .cache/judges."""

import fcntl
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
CACHE = ROOT / ".cache" / "judges"
INSTALL_SECONDS_MAX = 300
RUN_SECONDS_MAX = 180
NPM_OPTIONS = ("--ignore-scripts", "--no-audit", "--no-fund", "--save-exact", "--fetch-retries=1")


def environment(name: str, pins: Sequence[str]) -> Path:
    """The Python of an environment with exactly these pins (`package==version`), made when absent.

    The folder's name carries a hash of the pins, so changing one makes a new environment. A lock lets parallel
    test processes share it. Where the package index cannot be reached the calling test is skipped, with the reason.
    """
    key = hashlib.sha256("\n".join(pins).encode()).hexdigest()[:12]
    folder = CACHE / f"{name}-{key}"
    python = folder / "bin" / "python"
    done = folder / "installed"
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            _install(folder, python, pins)
            done.write_text("\n".join(pins))
    return python


def npm_environment(name: str, pins: Sequence[str]) -> Path:
    """A private folder in which npm has installed exactly these pins (`package@version`), made when absent.

    No script of a package runs. As with `environment`, an unreachable registry skips the calling test.
    """
    key = hashlib.sha256("\n".join(pins).encode()).hexdigest()[:12]
    folder = CACHE / f"{name}-{key}"
    done = folder / "installed"
    folder.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            (folder / "package.json").write_text('{"private": true}')
            command = ["npm", "install", *NPM_OPTIONS, *pins]
            _fetch(command, pins, folder)
            done.write_text("\n".join(pins))
    return folder


def _install(folder: Path, python: Path, pins: Sequence[str]) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
    _fetch([str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", *pins], pins, folder)


def _fetch(command: Sequence[str], pins: Sequence[str], folder: Path) -> None:
    try:
        subprocess.run(
            command, check=True, timeout=INSTALL_SECONDS_MAX, capture_output=True, text=True, cwd=folder
        )
    except (OSError, subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        reason = getattr(error, "stderr", None) or error
        pytest.skip(f"{' '.join(pins)} cannot be installed here: {str(reason).strip()[-200:]}")


def run(
    program: Path | str, script: Path, arguments: dict[str, Any], extra: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Run a judge's script with `program` (a Python or node) and one JSON argument.

    Its last output line is a JSON object, returned.

    `extra` adds environment variables, such as the proxy to a sandbox under the providers' host names. Raises
    AssertionError with everything the script printed when it fails.
    """
    finished = subprocess.run(
        [str(program), str(script), json.dumps(arguments)],
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS_MAX,
        env={**clean_environment(), **(extra or {})},
        check=False,
    )
    assert finished.returncode == 0, f"{script.name} failed:\n{finished.stdout}\n{finished.stderr}"
    answer: dict[str, Any] = json.loads(finished.stdout.strip().splitlines()[-1])
    return answer


def red(checks: Sequence[dict[str, Any]]) -> list[str]:
    """What went wrong in the checks of a judge (see verdict.py), a line each."""
    return [f"{check['check']}: {check['detail']}" for check in checks if not check["ok"]]


def clean_environment() -> dict[str, str]:
    """The environment without proxies or Django settings, so that nothing but the sandbox is reached."""
    dropped = {"http_proxy", "https_proxy", "all_proxy", "django_settings_module", "pythonpath"}
    return {key: value for key, value in os.environ.items() if key.lower() not in dropped}


@dataclass
class Judge:
    """A receiver written with somebody else's SDK, running in its own process."""

    url: str
    process: subprocess.Popen[str]

    def next(self) -> dict[str, Any]:
        """What it understood of the next push; fails the test when it has died instead."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"the judge ended with {self.process.wait(timeout=5)}"
        seen: dict[str, Any] = json.loads(line)
        return seen


@contextmanager
def receiving(python: Path, script: Path, arguments: dict[str, Any]) -> Iterator[Judge]:
    """Run a receiver's script: it prints its URL, then a JSON line a push, and ends when its input closes."""
    with subprocess.Popen(
        [str(python), str(script), json.dumps(arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=clean_environment(),
    ) as process:
        assert process.stdout is not None and process.stdin is not None
        try:
            yield Judge(process.stdout.readline().strip(), process)
        finally:
            process.stdin.close()
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
