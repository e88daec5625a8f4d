"""Databases and demo worlds made once and copied: migrated tables for a worker, a seeded world for a module.

A template lies in .cache/templates under a digest of what it was made from, so that no change is missed; whoever
needs it first makes it, under a lock that the others wait for.
"""

import ast
import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from seta.site.demo.world import Place, World, free_port

ROOT = Path(__file__).resolve().parent.parent
STORE = ROOT / ".cache" / "templates"
KEPT = 6
"""How many templates stay: this run's, and those of a checkout somebody is still testing."""
SQLITE = "seta.sqlite3"


def copy_tables(file: Path) -> None:
    """Put an empty database of this version's tables at `file`; an earlier one there is replaced."""
    with _lock():
        shutil.copyfile(_tables(), file)


def copy_tables_to(url: str) -> None:
    """As `copy_tables`, for the PostgreSQL database that `url` names."""
    with _lock():
        template = f"seta_tables_{digest_of_tables(ROOT)}"
        _make_database(url, template)
        _copy_database(url, template)


@contextmanager
def demo_place(folder: Path, *, cluster_url: str = "") -> Iterator[Place]:
    """A seeded demo world in `folder` on free ports, nothing of it running; on PostgreSQL where `cluster_url` says.

    The sandbox forgets with its process, so a world is copied as it was before anything asked the sandbox.
    """
    port, sandbox_port = free_port(), free_port()
    url = beside(cluster_url, f"seta_place_{os.getpid()}_{port}") if cluster_url else ""
    place = Place(folder, port, sandbox_port, url)
    with _lock():
        template = _seeded()
        shutil.copytree(template, folder)
        if url:
            name = f"seta_world_{template.name}"
            _seed_database(cluster_url, name, template)
            _copy_database(url, name)
    move_accounts(place)
    try:
        yield place
    finally:
        if url:
            drop_database(url)


def move_accounts(place: Place) -> None:
    """Let the seeded accounts call this place's sandbox: the template's listened on another port."""
    statement = "UPDATE houses_platformaccount SET base_url = "
    if place.database_url:
        with psycopg.connect(place.database_url, autocommit=True) as server:
            server.execute(statement + "%s", [place.sandbox_url])
        return
    with closing(sqlite3.connect(place.folder / SQLITE)) as file, file:
        file.execute(statement + "?", [place.sandbox_url])


def digest_of_tables(root: Path) -> str:
    """Of every migration and every module of ours that one imports, at however many removes."""
    files = set(root.glob("seta/*/migrations/*.py"))
    unread = list(files)
    while unread:
        found = {file for file in _imported(root, unread.pop()) if file not in files}
        files |= found
        unread += found
    return _digest(root, [*files, root / "requirements" / "test.txt"])


def digest_of_everything(root: Path, on: date) -> str:
    """Of all that the seed and the sandbox are made of, the key that seals the seeded secrets, and the day.

    A seeded world's sale is over two days later, so a template serves on its own day only.
    """
    kinds = {".py", ".json", ".csv", ".txt", ".yaml", ".toml"}
    found = [file for top in ("seta", "seta_sandbox") for file in (root / top).rglob("*")]
    files = [file for file in found if file.suffix in kinds]
    return _digest(
        root, [*files, root / "requirements" / "test.txt"], os.environ.get("SETA_SECRET_KEY", ""), str(on)
    )


def drop_database(url: str) -> None:
    """Remove the PostgreSQL database that `url` names, whoever is connected."""
    with psycopg.connect(beside(url, "postgres"), autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{_name(url)}" WITH (FORCE)')


def beside(url: str, name: str) -> str:
    """The database `name` on the server that `url` leads to."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _tables() -> Path:
    folder = STORE / f"tables-{digest_of_tables(ROOT)}"
    if not folder.exists():
        with _in_the_making(folder) as made:
            _seta("migrate", var=made, database_url="")
            _settle(made / SQLITE)
    os.utime(folder)
    return folder / SQLITE


def _seeded() -> Path:
    folder = STORE / f"world-{digest_of_everything(ROOT, datetime.now(UTC).date())}"
    if not folder.exists():
        with _in_the_making(folder) as made:
            shutil.copyfile(_tables(), made / SQLITE)
            _seed(Place(made, free_port(), free_port()))
            _settle(made / SQLITE)
    os.utime(folder)
    return folder


def _seed(place: Place) -> None:
    keyring = ROOT / ".cache" / "sandbox" / "keyring.json"
    if keyring.exists():
        place.config_path.parent.mkdir(parents=True)
        shutil.copy(keyring, place.config_path.parent)
    world = World(place)
    try:
        world.start_sandbox(seed=1)
        world.run("seed", "--sandbox", str(place.config_path))
    finally:
        world.stop()


def _settle(file: Path) -> None:
    """Bring what the write-ahead log holds into the file, so that the file alone is the database."""
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA journal_mode=DELETE")


def _seed_database(cluster_url: str, name: str, template: Path) -> None:
    url = beside(cluster_url, name)
    if _has(cluster_url, name):
        return
    tables = f"seta_tables_{digest_of_tables(ROOT)}"
    _make_database(cluster_url, tables)
    unfinished = beside(cluster_url, f"{name}_unfinished")
    _copy_database(unfinished, tables)
    config = template / "sandbox" / "config.json"
    _seta("seed", "--sandbox", str(config), var=template, database_url=unfinished)
    _rename(unfinished, _name(url))


def _make_database(cluster_url: str, name: str) -> None:
    if _has(cluster_url, name):
        return
    _forget_earlier(cluster_url)
    unfinished = beside(cluster_url, f"{name}_unfinished")
    _copy_database(unfinished, "template0")
    STORE.mkdir(parents=True, exist_ok=True)
    _seta("migrate", var=STORE, database_url=unfinished)
    _rename(unfinished, name)


def _forget_earlier(cluster_url: str) -> None:
    with psycopg.connect(beside(cluster_url, "postgres"), autocommit=True) as server:
        found = server.execute("SELECT datname FROM pg_database WHERE datname ~ '^seta_(tables|world)_'")
        names = [name for (name,) in found]
    for name in names:
        drop_database(beside(cluster_url, name))


def _copy_database(url: str, template: str) -> None:
    drop_database(url)
    with psycopg.connect(beside(url, "postgres"), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{_name(url)}" TEMPLATE "{template}"')


def _rename(url: str, name: str) -> None:
    with psycopg.connect(beside(url, "postgres"), autocommit=True) as server:
        server.execute(f'ALTER DATABASE "{_name(url)}" RENAME TO "{name}"')


def _has(url: str, name: str) -> bool:
    with psycopg.connect(beside(url, "postgres"), autocommit=True) as server:
        found = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    return found is not None


def _name(url: str) -> str:
    return urlsplit(url).path.lstrip("/")


def _seta(*arguments: str, var: Path, database_url: str) -> None:
    environment = Place(var, 0, 0, database_url).environment()
    command = [sys.executable, "-m", "seta.site.cli", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def _lock() -> Iterator[None]:
    STORE.mkdir(parents=True, exist_ok=True)
    with (STORE / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def _in_the_making(folder: Path) -> Iterator[Path]:
    """A folder that takes its name only when the block has ended well."""
    made = folder.with_suffix(".making")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    yield made
    made.rename(folder)
    kept = sorted((one for one in STORE.iterdir() if one.is_dir()), key=lambda one: one.stat().st_mtime)
    for old in kept[:-KEPT]:
        shutil.rmtree(old)


def _imported(root: Path, file: Path) -> Iterator[Path]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names = [one.name for one in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
        if isinstance(node, ast.ImportFrom):
            module = node.module or ""
            names = [module, *(f"{module}.{name}" for name in names)]
        for name in names:
            path = root.joinpath(*name.split("."))
            if name.startswith("seta."):
                yield from (one for one in (path.with_suffix(".py"), path / "__init__.py") if one.exists())


def _digest(root: Path, files: Iterable[Path], *words: str) -> str:
    total = hashlib.sha256("".join(words).encode())
    for file in sorted(files):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        total.update(f"{file.relative_to(root)} {content}\n".encode())
    return total.hexdigest()[:16]
