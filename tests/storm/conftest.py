"""Databases, sandboxes and grounds for storms."""

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest

from tests.sandbox_server import RunningSandbox, sandbox, sandbox_process
from tests.storm.yard import STORES, Template, Yard, templates, yard

__all__ = ["empty_databases", "sandbox", "sandbox_process"]

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def empty_databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Template]]:
    """A migrated database of each store, made when first asked for and copied for each storm."""
    with templates(tmp_path_factory.mktemp("templates")) as made:
        yield made


class Grounds(dict[str, Yard]):
    """A yard of each store, made when first asked for."""

    def __init__(
        self, stack: ExitStack, folder: Path, sandbox: RunningSandbox, empty: dict[str, Template]
    ) -> None:
        super().__init__()
        self._stack, self._folder, self._sandbox, self._empty = stack, folder, sandbox, empty

    def __missing__(self, store: str) -> Yard:
        made = yard(self._folder / store, self._sandbox, self._empty[store], name="grounds")
        self[store] = self._stack.enter_context(made)
        return self[store]


@pytest.fixture(scope="session")
def grounds(
    tmp_path_factory: pytest.TempPathFactory,
    sandbox_process: RunningSandbox,
    empty_databases: dict[str, Template],
) -> Iterator[Grounds]:
    """Where houses of many tests stand beside each other, so that Django starts once for each store."""
    with ExitStack() as stack:
        yield Grounds(stack, tmp_path_factory.mktemp("grounds"), sandbox_process, empty_databases)


@pytest.fixture(params=STORES)
def place(request: pytest.FixtureRequest, grounds: Grounds, sandbox: RunningSandbox) -> Iterator[Yard]:
    """A new house in a fresh world, on each store; its processes end with the test."""
    made = grounds[request.param]
    made.move(f"house{next(_NUMBERS)}")
    yield made
    made.clear()
