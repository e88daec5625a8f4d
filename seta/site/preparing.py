"""Make what a Seta process needs before it can run: a data folder that can be written, and tables."""

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError

from seta.site.trouble import Trouble


def prepare() -> None:
    """Make the data folder and the tables; raises Trouble when either cannot be written."""
    try:
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        probe = settings.VAR_DIR / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as problem:
        raise Trouble(
            f"cannot write to {settings.VAR_DIR}: {problem.strerror}; set SETA_VAR to a folder of yours"
        ) from (problem)
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except OperationalError as problem:
        raise Trouble(f"cannot reach the database: {problem}") from problem
