"""What every test of the platform stands on: Django, the wiring, a database that nobody else uses."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

# A test's database need not survive a power cut.
os.environ.setdefault("SETA_SQLITE_SYNCHRONOUS", "OFF")
os.environ.setdefault("SETA_SECRET_KEY", "only-for-tests-only-for-tests-only-for-tests")


def pytest_configure() -> None:
    """Put the table of facts in force before the first test publishes one."""
    from seta.site.boot import boot  # noqa: PLC0415  after the environment is set

    boot()
    # No test asserts a time: a busy machine proves nothing.
    slow = hypothesis.HealthCheck.too_slow
    hypothesis.settings.register_profile("seta", deadline=None, suppress_health_check=[slow])
    hypothesis.settings.load_profile("seta")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow what was measured to be (tools/slower.py); FAST=1 leaves it out."""
    slower = set(Path(__file__).with_name("slower.txt").read_text(encoding="utf-8").split())
    for item in items:
        if item.nodeid.partition("[")[0] in slower:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True)
def no_shelf_of_another_test() -> None:
    """Rows of two tests have the same ids, and what was read of the one's is not the other's."""
    from seta.content import queries  # noqa: PLC0415  after the environment is set

    queries._shelf.cache_clear()


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: "DjangoDbBlocker"
) -> Iterator[None]:
    """This process's database, as a copy of the tables that one process has made for all."""
    from django.conf import settings  # noqa: PLC0415  after the environment is set
    from django.db import connection  # noqa: PLC0415

    from tests import templates  # noqa: PLC0415

    connection.close()
    own = connection.settings_dict
    name = str(own["TEST"].get("NAME") or f"test_{own['NAME']}")
    url = os.environ.get("DATABASE_URL")
    if url:
        url = templates.beside(url, name)
        templates.copy_tables_to(url)
    else:
        templates.copy_tables(Path(name))
    settings.DATABASES["default"]["NAME"] = own["NAME"] = name
    yield
    with django_db_blocker.unblock():
        connection.close()
    if url:
        templates.drop_database(url)
    else:
        for file in Path(name).parent.glob(f"{Path(name).name}*"):
            file.unlink()
