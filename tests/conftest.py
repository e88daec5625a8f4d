"""What every test of the platform stands on: Django, the wiring, a clean database."""

import os

# A test's database need not survive a power cut.
os.environ.setdefault("SETA_SQLITE_SYNCHRONOUS", "OFF")
os.environ.setdefault("SETA_SECRET_KEY", "only-for-tests-only-for-tests-only-for-tests")


def pytest_configure() -> None:
    """Put the table of facts in force before the first test publishes one."""
    from seta.site.boot import boot  # noqa: PLC0415  after the environment is set

    boot()
