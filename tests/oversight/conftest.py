"""An archive that serves what a test puts in, and a house whose WeCom points at it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.oversight.archive_server import Archive, running_archive
from tests.oversight.evidence_world import found


@pytest.fixture(scope="session")
def archive_process() -> Iterator[Archive]:
    with running_archive() as running:
        yield running


@pytest.fixture
def archive(archive_process: Archive) -> Archive:
    archive_process.records.clear()
    return archive_process


@pytest.fixture
def connected(db: None, archive: Archive, settings: Settings, tmp_path: Path) -> int:
    """A house with nothing archived, supervisors Anna and Bruno, and Lin, an associate."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.VAR_DIR = tmp_path
    return found(archive)
