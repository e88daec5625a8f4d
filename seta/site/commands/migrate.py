"""`seta migrate`: bring the database to this version."""

import argparse

from seta.site.commands.command import Command
from seta.site.preparing import prepare


def arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(args: argparse.Namespace) -> int:
    """Make the data folder and the tables."""
    prepare()
    return 0


COMMAND = Command("make the data folder and bring the database to this version", arguments, run)
