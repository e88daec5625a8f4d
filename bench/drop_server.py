"""The gate alone on a server, with a database behind it or with no store: what the drop bench measures."""

import os
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path

from seta.site.boot import boot, settle

boot()

from seta.drops.gate import DatabaseStore, Gate  # noqa: E402  Django is ready only now
from seta.drops.operations import Asker, Batch  # noqa: E402
from seta.drops.rules import Hold, Holding, Refusal, Standing, State, hold_until  # noqa: E402


class NoStore:
    """Answers from a counter: the limit that a durable gate is compared with."""

    def __init__(self) -> None:
        self.seq = 0

    def turn(self, drop_id: int) -> AbstractContextManager[None]:
        """At once."""
        return nullcontext()

    def reserve_many(self, *, drop_id: int, askers: Sequence[Asker], now: datetime) -> Batch:
        """A piece for everybody."""
        until = hold_until(now, 600)
        outcomes: list[Holding | Refusal] = []
        for asker in askers:
            self.seq += 1
            outcomes.append(Holding(asker.person_id, self.seq, Hold.RESERVED, until))
        opens, closes = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
        return Batch(outcomes, Standing(askers[0].house_id, State.OPEN, opens, closes, 10**9))

    def holders(self, *, drop_id: int) -> Mapping[int, Holding]:
        """Nobody is asked for, since there is always a piece left."""
        return {}

    def add_tallies(self, *, drop_id: int, counts: dict[str, int]) -> None:
        """Nothing is kept."""

    def close(self) -> None:
        """Nothing is held."""


IS_DURABLE = os.environ.get("SETA_BENCH_STORE", "database") == "database"
app = Gate(store=DatabaseStore() if IS_DURABLE else NoStore(), is_threaded=IS_DURABLE)
settle()
if ready := os.environ.get("SETA_BENCH_READY"):
    Path(ready, str(os.getpid())).touch()
