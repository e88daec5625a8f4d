"""Gates of one machine write by turns: who waits asks for the database's lock only when nobody here holds it."""

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

log = logging.getLogger(__name__)


class Turns:
    """A queue of processes for each place in a file; the kernel lets go of a process that dies.

    The database's own locks are the law, also between machines. But SQLite has who comes second look again after
    milliseconds, and a batch that waits for PostgreSQL's row is closed already: who waits here goes on gathering.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: FileIO | None = None

    @contextmanager
    def taken(self, place: int) -> Iterator[None]:
        """Wait for the turn at a place, and give it on when the block ends; one thread of a process at a time."""
        file = self._locked(place)
        try:
            yield
        finally:
            if file is not None:
                fcntl.lockf(file, fcntl.LOCK_UN, 1, place)

    def close(self) -> None:
        """Close the file until the next turn."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _locked(self, place: int) -> FileIO | None:
        """A folder that cannot be written to costs time and no piece, so nobody is refused for it."""
        try:
            if self._file is None:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._file = FileIO(self._path, "a")
            fcntl.lockf(self._file, fcntl.LOCK_EX, 1, place)
        except OSError:
            log.warning("gates cannot take turns by %s", self._path, exc_info=True)
            return None
        return self._file
