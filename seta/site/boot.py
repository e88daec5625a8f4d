"""Make this process a Seta process: Django ready, the table of facts in force."""

import os

import django


def boot() -> None:
    """Set Django up and install the wiring; safe to call again."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seta.site.settings")
    django.setup()
    from seta.site import wiring  # noqa: PLC0415  the parts' models need Django to be ready

    wiring.install()
