"""`seta drops`: make a published draw again, to see that it is the one that was promised."""

import argparse

from seta.site import redoing
from seta.site.commands.command import Command


def arguments(parser: argparse.ArgumentParser) -> None:
    """`redo FILE`."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="redo")
    redoing.arguments(
        verbs.add_parser("redo", help="check a published draw; needs no database and no settings")
    )


def run(args: argparse.Namespace) -> int:
    """Exit code 1 when the draw is not what was promised."""
    return redoing.run(args)


COMMAND = Command("check the record of a draw", arguments, run)
