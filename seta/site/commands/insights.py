"""`seta insights`: a measure over the lake."""

import argparse
from pathlib import Path

from seta.insights.queries import UnknownMeasure
from seta.insights.queries import run as measure
from seta.site.commands.command import Command, write_json
from seta.site.trouble import Trouble


def arguments(parser: argparse.ArgumentParser) -> None:
    """`run NAME --json OUT`."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="run")
    one = verbs.add_parser("run", help="compute a measure")
    one.add_argument("name")
    one.add_argument("--engine", choices=("duckdb",), default="duckdb")
    one.add_argument("--lake", type=Path, help="the lake's folder, when it is not this server's")
    one.add_argument("--json", metavar="OUT", default="-", help="where the rows go (- for standard output)")


def run(args: argparse.Namespace) -> int:
    """Exit code 0 with the rows, also when the lake is empty."""
    try:
        answer = measure(args.name, lake_dir=args.lake)
    except UnknownMeasure as problem:
        raise Trouble(str(problem)) from None
    write_json({"rows": list(answer.rows), "seconds": round(answer.seconds, 4)}, args.json)
    return 0


COMMAND = Command("compute a measure over the lake", arguments, run)
