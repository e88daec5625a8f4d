"""`seta payments`: compare a provider's bill with the ledger."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from seta.houses import queries as houses
from seta.payments.operations import reconcile_file
from seta.site.commands.command import Command, write_json
from seta.site.trouble import Trouble


def arguments(parser: argparse.ArgumentParser) -> None:
    """`reconcile --provider NAME FILE --json OUT`."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="reconcile")
    reconcile = verbs.add_parser("reconcile", help="compare a bill with the ledger")
    reconcile.add_argument("file", type=Path)
    reconcile.add_argument("--provider", choices=("wechat", "alipay"), required=True)
    reconcile.add_argument("--house", help="the house's code, when the server has several")
    reconcile.add_argument(
        "--json", metavar="OUT", default="-", help="where the counts go (- for standard output)"
    )


def run(args: argparse.Namespace) -> int:
    """Exit code 0 when the file could be read and compared, whatever it says."""
    try:
        args.file.stat()
    except OSError as problem:
        raise Trouble(f"cannot read {args.file}: {problem.strerror}") from None
    try:
        told = reconcile_file(
            house_id=_house(args.house), provider=args.provider, path=args.file, now=datetime.now(UTC)
        )
    except (ValueError, LookupError) as problem:
        raise Trouble(f"{args.file} was refused whole: {problem}") from None
    write_json(told, args.json)
    return 0


def _house(code: str | None) -> int:
    known = houses.houses()
    chosen = [house for house in known if code in (None, house.code)]
    if len(chosen) == 1:
        return chosen[0].id
    raise Trouble(
        f"say which house with --house: {', '.join(house.code for house in known) or 'there is none yet'}"
    )


COMMAND = Command("compare a provider's bill with the ledger", arguments, run)
