"""`seta payments`: compare a provider's bill with the ledger, and take in the rates of a day."""

import argparse
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from seta.houses import queries as houses
from seta.kit.money import decimal_text
from seta.payments.operations import import_rates, reconcile_file
from seta.payments.operations.reconciling import refused_json
from seta.payments.rules.refusals import PaymentRefused, Refusal
from seta.platforms.core.errors import PlatformError
from seta.site.commands.command import Command, write_json
from seta.site.trouble import Trouble

BREAKS_SHOWN = 40
BREAKS_LEFT = 3


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
        "--json", metavar="OUT", help="where the counts and breaks go (- for standard output; no table then)"
    )
    reconcile.add_argument(
        "--check", action="store_true", help=f"leave with {BREAKS_LEFT} when the bill and the books differ"
    )


def run(args: argparse.Namespace) -> int:
    """Exit code 0 when the file could be read and compared, 1 when it was refused whole, and why.

    With `--check` a comparison that found breaks leaves with 3.
    """
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
    if args.json != "-":
        sys.stdout.writelines(f"{line}\n" for line in table(told))
    return BREAKS_LEFT if args.check and told["breaks"] else 0


def table(told: Mapping[str, Any]) -> Iterator[str]:
    """What a comparison found, for a person: lines in each category, then each break with what to do about it."""
    again = "" if told["new"] else " (read before; nothing changed)"
    yield f"{told['provider']} {told['kind']} bill of {told['date']}: {told['rows']} rows{again}"
    for category, count in sorted(told["categories"].items(), key=lambda one: (one[0] != "matched", one[0])):
        yield f"  {category:<20}{count:>9}"
    breaks = told["breaks"]
    if not breaks:
        yield "The bill and the books agree."
        return
    shown = breaks[:BREAKS_SHOWN]
    width = max(len(one["key"]) for one in shown)
    yield f"{len(breaks)} to explain:"
    yield f"  {'category':<20}{'key':<{width}}{'ours':>14}{'theirs':>14}{'gap':>14}"
    for one in shown:
        ours, theirs = (_amount(one[name], "CNY") for name in ("our_amount", "their_amount"))
        gap = _amount(one["gap"] or None, one["gap_currency"], is_named=True)
        yield f"  {one['category']:<20}{one['key']:<{width}}{ours:>14}{theirs:>14}{gap:>14}"
    if len(breaks) > len(shown):
        yield f"  ... and {len(breaks) - len(shown)} more: --json OUT writes all of them"
    for category, proposal in {one["category"]: one["proposal"] for one in breaks}.items():
        yield f"{category}: {proposal}"


def _amount(amount: int | None, currency: str, *, is_named: bool = False) -> str:
    if amount is None:
        return "-"
    return f"{decimal_text(amount, currency)} {currency}" if is_named else decimal_text(amount, currency)


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
