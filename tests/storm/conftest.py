"""Databases and sandboxes for storms."""

from collections.abc import Iterator

import pytest

from tests.sandbox_server import sandbox, sandbox_process
from tests.storm.yard import Template, templates

__all__ = ["empty_databases", "sandbox", "sandbox_process"]


@pytest.fixture(scope="session")
def empty_databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Template]]:
    """A migrated database of each store, made when first asked for and copied for each storm."""
    with templates(tmp_path_factory.mktemp("templates")) as made:
        yield made
