"""`seta payments`: compare a provider's bill with the ledger, and take in the rates of a day."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from seta.houses import queries as houses
from seta.payments.operations import import_rates, reconcile_file
from seta.payments.operations.reconciling import refused_json
from seta.payments.rules.refusals import PaymentRefused, Refusal
from seta.platforms.core.errors import PlatformError
from seta.site.commands.command import Command, write_json
from seta.site.trouble import Trouble


def arguments(parser: argparse.ArgumentParser) -> None:
    """`reconcile --provider NAME FILE --json OUT` and `rates --source NAME [FILE] --json OUT`."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="reconcile|rates")
    rates = verbs.add_parser("rates", help="take in a source's exchange rates of the day")
    rates.add_argument("file", type=Path, nargs="?", help="for ecb: eurofxref-daily.xml or eurofxref.csv")
    rates.add_argument("--source", choices=("ecb", "wechatpay", "antom"), required=True)
    rates.add_argument("--house", help="the house's code, when the server has several")
    rates.add_argument(
        "--json", metavar="OUT", default="-", help="where the rates go (- for standard output)"
    )
    reconcile = verbs.add_parser("reconcile", help="compare a bill with the ledger")
    reconcile.add_argument("file", type=Path)
    reconcile.add_argument("--provider", choices=("wechat", "alipay", "antom"), required=True)
    reconcile.add_argument("--house", help="the house's code, when the server has several")
    reconcile.add_argument(
        "--json", metavar="OUT", default="-", help="where the counts go (- for standard output)"
    )


def run(args: argparse.Namespace) -> int:
    """Exit code 0 when the file could be read and compared, whatever it says; refused whole is 1, and why."""
    if args.verb == "rates":
        return _rates(args)
    try:
        args.file.stat()
    except OSError as problem:
        raise Trouble(f"cannot read {args.file}: {problem.strerror}") from None
    try:
        told = reconcile_file(
            house_id=_house(args.house), provider=args.provider, path=args.file, now=datetime.now(UTC)
        )
    except PaymentRefused as problem:
        if problem.code is Refusal.BAD_BILL:
            write_json(refused_json(args.provider, problem.detail), args.json)
        raise Trouble(f"{args.file} was refused whole: {problem.detail or problem}") from None
    except (ValueError, LookupError) as problem:
        raise Trouble(f"{args.file} was refused whole: {problem}") from None
    write_json(told, args.json)
    return 0


def _rates(args: argparse.Namespace) -> int:
    """Exit code 0 when the rates stand, new or the same as before."""
    if (args.file is None) == (args.source == "ecb"):
        raise Trouble("give the central bank's file with --source ecb, and no file with a provider")
    try:
        content = args.file.read_bytes() if args.file else b""
    except OSError as problem:
        raise Trouble(f"cannot read {args.file}: {problem.strerror}") from None
    try:
        card = import_rates(
            house_id=_house(args.house), source=args.source, content=content, now=datetime.now(UTC)
        )
    except (ValueError, LookupError, PlatformError) as problem:
        raise Trouble(f"no rates were taken in: {problem}") from None
    told = {
        "source": card.source,
        "date": card.on.isoformat(),
        "rates": dict(card.rates),
        "new": card.changed,
    }
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


COMMAND = Command("compare a provider's bill with the ledger; take in rates", arguments, run)
