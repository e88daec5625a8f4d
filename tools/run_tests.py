"""`make test`: every test on SQLite, then what touches the database again on PostgreSQL; skips are said aloud."""

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.postgres import PostgresMissing, private_cluster  # noqa: E402  after the path is set

PACKAGES = {"chromium": "chromium", "fonts-noto-cjk": "", "postgresql": ""}
SAME_ON_BOTH = {
    "bench",
    "browser",
    "judges",
    "live",
    "miniprogram",
    "platforms",
    "sandbox",
    "storm",
    "vectors",
}
"""Folders that touch no database, or start each of their own; every other one runs again on PostgreSQL."""


def main() -> int:
    """Run the tests; exit code 0 only when all that could run passed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--fast", action="store_true", help="rules and doors on SQLite only")
    args = parser.parse_args()
    os.chdir(ROOT)
    started = time.monotonic()
    if args.fast:
        code, counted = _pytest("SQLite, fast part", ["-m", "not browser and not judge and not slow"], {})
        return _close([counted], code, started)
    _install_missing()
    code, first = _pytest("SQLite, everything", [], {})
    other_code, second = _on_postgres()
    node_code, third = _node_tests()
    return _close([first, second, third], code or other_code or node_code, started)


def _install_missing() -> None:
    """Install Debian's Chromium, fonts and PostgreSQL where that is allowed."""
    missing = [name for name in PACKAGES if not _is_installed(name)]
    if not missing:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print(
            f"make test: not allowed to install {', '.join(missing)}; tests that need them are skipped",
            flush=True,
        )
        return
    print(f"make test: installing {', '.join(missing)}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "-qq", "update"], check=False, env=environment)
    subprocess.run(
        ["apt-get", "-qq", "install", "-y", "--no-install-recommends", *missing],
        check=False,
        env=environment,
        stdout=subprocess.DEVNULL,
    )


def _is_installed(package: str) -> bool:
    if package == "postgresql":
        return any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or bool(shutil.which("initdb"))
    if PACKAGES[package]:
        return bool(shutil.which(PACKAGES[package]))
    return subprocess.run(["dpkg", "-s", package], check=False, capture_output=True).returncode == 0


def _pytest(title: str, arguments: list[str], environment: dict[str, str]) -> tuple[int, dict[str, int]]:
    print(f"\n=== {title}", flush=True)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-n",
        "2",
        "--dist",
        "loadfile",
        "-rs",
        "--durations=8",
        *arguments,
    ]
    process = subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    last = ""
    assert process.stdout is not None
    for line in process.stdout:
        print(line, end="", flush=True)
        if re.search(r"\d+ (passed|failed|error)", line):
            last = line
    return process.wait(), _counts(last)


def _counts(line: str) -> dict[str, int]:
    return {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|skipped|errors?)", line)}


def _on_postgres() -> tuple[int, dict[str, int]]:
    tests = sorted(path for path in (ROOT / "tests").iterdir() if path.name not in SAME_ON_BOTH)
    folders = [f"tests/{path.name}" for path in tests if any(path.glob("test_*.py"))]
    try:
        with private_cluster() as url:
            return _pytest("PostgreSQL, what touches the database", folders, {"DATABASE_URL": url})
    except PostgresMissing as problem:
        print(f"make test: SKIPPED the whole suite on PostgreSQL: {problem}", flush=True)
        return 0, {"skipped": 1}


def _node_tests() -> tuple[int, dict[str, int]]:
    if not (ROOT / "tests" / "miniprogram").is_dir():
        return 0, {}
    print("\n=== mini program", flush=True)
    done = subprocess.run(["npm", "run", "--silent", "test"], check=False, capture_output=True, text=True)
    print(done.stdout + done.stderr, flush=True)
    counts = dict(re.findall(r"^(?:#|ℹ) (pass|fail|skipped) (\d+)$", done.stdout, re.M))
    return done.returncode, {
        "passed": int(counts.get("pass", 0)),
        "failed": int(counts.get("fail", 0)),
        "skipped": int(counts.get("skipped", 0)),
    }


def _close(counted: list[dict[str, int]], code: int, started: float) -> int:
    total = {word: sum(counts.get(word, 0) for counts in counted) for word in ("passed", "failed", "skipped")}
    failed = total["failed"] + sum(counts.get("error", 0) + counts.get("errors", 0) for counts in counted)
    print(f"\nin {time.monotonic() - started:.0f} s")
    print(f"{total['passed']} passed, {failed} failed, {total['skipped']} skipped", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
