"""Where a bench's own processes run: a database and keys of its own, durable whatever the shell says."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.postgres import private_cluster

DROPPED = ("DATABASE_URL", "SETA_SQLITE", "SETA_SQLITE_SYNCHRONOUS")


def plain(folder: Path) -> dict[str, str]:
    """The environment of a bench on SQLite in a folder."""
    kept = {name: value for name, value in os.environ.items() if name not in DROPPED}
    own = {"SETA_VAR": str(folder), "SETA_SECRET_KEY": "only-for-the-bench", "SETA_LOG_LEVEL": "ERROR"}
    return {**kept, **own}


@contextmanager
def environment(folder: Path, store: str) -> Iterator[dict[str, str]]:
    """The environment of a bench on `sqlite`, or on `postgres` with a private server until the block ends."""
    if store == "postgres":
        with private_cluster(durable=True) as url:
            yield {**plain(folder), "DATABASE_URL": url}
    else:
        yield plain(folder)
