"""Make this process a Seta process: Django ready, the table of facts in force."""

import gc
import os

import django


def boot() -> None:
    """Set Django up and install the wiring; safe to call again."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seta.site.settings")
    django.setup()
    from seta.site import wiring  # noqa: PLC0415  the parts' models need Django to be ready

    wiring.install()


def settle() -> None:
    """Take what is loaded by now out of the garbage collector's rounds; for servers, once all is imported.

    A full round over Django and the parts stops every request for about 100 ms; frozen, none of it is looked at.
    """
    gc.collect()
    gc.freeze()
