"""Who hears what: the one table of callbacks and facts, read from top to bottom."""

from collections.abc import Mapping, Sequence
from typing import Any

from seta.callbacks.rules import CallbackTable, Handler
from seta.events import routes
from seta.events.events import Fact
from seta.events.routes import Hearer
from seta.events.worker import Sweep

CALLBACKS: Mapping[tuple[str, str], Handler] = {}

EVENTS: Mapping[type[Fact], Sequence[Hearer]] = {}


def callback_table() -> CallbackTable:
    """The table that the callback doors dispatch by."""
    return CallbackTable(handlers=CALLBACKS)


def install() -> None:
    """Put the table of facts in force; once per process, before anything is published."""
    routes.install(routes.routes_of(EVENTS))


def sweeps() -> list[Sweep]:
    """What the worker does on a schedule."""
    return []


def hot_doors() -> dict[str, Any]:
    """Plain ASGI applications by the start of their path."""
    return {}
