"""The delivery journal: every request taken and every push sent, in order, with what was answered."""

from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

ENTRIES_MAX = 20_000
BODY_CHARACTERS_MAX = 4_096


@dataclass(frozen=True)
class Entry:
    """One exchange. `direction` is `in` (a call to the sandbox), `out` (a push) or `act` (a control action)."""

    n: int
    at: float
    direction: str
    family: str
    method: str
    path: str
    status: int
    request: str
    response: str
    note: str


class Journal:
    """Keeps the newest 20,000 exchanges; `total` counts all of them."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self.entries: deque[Entry] = deque(maxlen=ENTRIES_MAX)
        self.total = 0

    def add(
        self,
        direction: str,
        family: str,
        method: str,
        path: str,
        status: int,
        request: str | bytes = "",
        response: str | bytes = "",
        note: str = "",
    ) -> Entry:
        """Write one exchange down; long and binary bodies are cut and described."""
        self.total += 1
        entry = Entry(
            self.total,
            self._now(),
            direction,
            family,
            method,
            path,
            status,
            _text(request),
            _text(response),
            note,
        )
        self.entries.append(entry)
        return entry

    def select(self, *, family: str = "", direction: str = "", since: int = 0) -> list[dict[str, Any]]:
        """The entries after number `since`, as plain dicts, optionally of one family or direction."""
        return [
            asdict(entry)
            for entry in self.entries
            if entry.n > since
            and (not family or entry.family == family)
            and (not direction or entry.direction == direction)
        ]


def _text(body: str | bytes) -> str:
    if isinstance(body, bytes):
        try:
            body = body.decode()
        except UnicodeDecodeError:
            return f"<{len(body)} bytes>"
    if len(body) > BODY_CHARACTERS_MAX:
        return body[:BODY_CHARACTERS_MAX] + f"... <{len(body)} characters>"
    return body
