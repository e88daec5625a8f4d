"""The table of hearers, handed down by the composition root before anything is published."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from seta.events.events import Fact

Hearer = Callable[[Any, datetime], None]
"""An operation that takes the fact and the instant; it may run more than once for the same fact."""

Tap = Callable[[Sequence[tuple[int, Fact]], datetime], None]
"""An operation that keeps rows of its own for facts and their event numbers, in the transaction that tells them."""


@dataclass(frozen=True)
class Routes:
    """Which operation hears which fact; hearers are named by part and verb, as deliveries keep them."""

    by_fact: Mapping[type[Fact], Mapping[str, Hearer]]

    def hearers(self, kind: type[Fact]) -> Sequence[str]:
        """Names of the hearers of a kind of fact."""
        return tuple(self.by_fact.get(kind, {}))

    def find(self, fact_name: str, hearer_name: str) -> tuple[type[Fact], Hearer] | None:
        """The kind of fact and the operation behind two names, or None when the table has changed since."""
        for kind, hearers in self.by_fact.items():
            if kind.name == fact_name and hearer_name in hearers:
                return kind, hearers[hearer_name]
        return None


def hearer_name(hearer: Hearer) -> str:
    """`boutique.on_payment_succeeded` for the operation of that part."""
    parts = hearer.__module__.split(".")
    part = parts[1] if len(parts) > 1 else parts[0]
    return f"{part}.{hearer.__name__}"


def routes_of(table: Mapping[type[Fact], Sequence[Hearer]]) -> Routes:
    """Check and name a table of hearers."""
    by_fact = {kind: {hearer_name(hearer): hearer for hearer in hearers} for kind, hearers in table.items()}
    for kind, hearers in table.items():
        assert kind.name.count(".") == 2, f"{kind.__name__} needs a name like part.noun.past"
        assert len(by_fact[kind]) == len(hearers), f"{kind.name} lists a hearer twice"
    return Routes(by_fact)


class _Installed:
    routes = Routes({})
    tap: tuple[frozenset[str], Tap] | None = None


def install(routes: Routes, tap: tuple[frozenset[str], Tap] | None = None) -> None:
    """Make a table the one in force; the composition root calls this once per process.

    `tap` is an operation with the names of the facts it is for.
    """
    _Installed.routes = routes
    _Installed.tap = tap


def installed() -> Routes:
    """The table in force."""
    return _Installed.routes


def tap_of(facts: Sequence[Fact]) -> Tap | None:
    """What is to run in the transaction that tells these facts, when one of them is tapped."""
    if _Installed.tap is None:
        return None
    names, tap = _Installed.tap
    return tap if any(fact.name in names for fact in facts) else None
