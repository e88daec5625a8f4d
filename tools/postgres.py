"""A private PostgreSQL cluster on a free port, made from Debian's binaries and gone when its user ends."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BINARIES = Path("/usr/lib/postgresql")


class PostgresMissing(RuntimeError):
    """No PostgreSQL server is installed here."""


def binaries() -> Path:
    """The folder of the newest installed server; raises PostgresMissing."""
    found = sorted(BINARIES.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    raise PostgresMissing("no PostgreSQL server here (Debian: apt-get install postgresql)")


def free_port() -> int:
    """A TCP port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def private_cluster(*, durable: bool = False) -> Iterator[str]:
    """Start a cluster and give its DATABASE_URL; `durable` keeps fsync on, for benches.

    PostgreSQL refuses to run as root, so root runs it as the user `postgres` that Debian's package makes.
    """
    bin_dir = binaries()
    folder = Path(tempfile.mkdtemp(prefix="seta-pg-"))
    as_user = _as_postgres(folder)
    port = free_port()
    data = folder / "data"
    try:
        _run(
            [
                *as_user,
                str(bin_dir / "initdb"),
                "-D",
                str(data),
                "-U",
                "seta",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--no-sync",
            ]
        )
        safe = "on" if durable else "off"
        options = (
            f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync={safe}"
            f" -c synchronous_commit={safe} -c full_page_writes={safe} -c max_connections=200"
        )
        pg_ctl = [*as_user, str(bin_dir / "pg_ctl"), "-D", str(data), "-w", "-t", "60"]
        _run([*pg_ctl, "-l", str(folder / "log.txt"), "-o", options, "start"])
        try:
            _run([str(bin_dir / "createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", "seta", "seta"])
            yield f"postgres://seta@127.0.0.1:{port}/seta"
        finally:
            subprocess.run([*pg_ctl, "-m", "immediate", "stop"], check=False, capture_output=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_postgres(folder: Path) -> list[str]:
    if os.geteuid() != 0:
        return []
    try:
        user = pwd.getpwnam("postgres")
    except KeyError as problem:
        raise PostgresMissing("PostgreSQL cannot run as root and there is no user `postgres`") from problem
    os.chown(folder, user.pw_uid, user.pw_gid)
    return ["runuser", "-u", "postgres", "--"]


def _run(command: list[str]) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd="/")
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
