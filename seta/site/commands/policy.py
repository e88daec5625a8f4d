"""`seta policy`: scan messages with the house's rules, or test the rules on their own examples and a labelled set."""

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from seta.houses.queries import HouseMissing, house_by_code
from seta.oversight.operations import ScanError, run_policy_tests, scan_file
from seta.oversight.operations.scoring import SetMissing, missed, quality_lines, score_policy
from seta.site.commands.command import Command, write_json
from seta.site.trouble import Trouble


def arguments(parser: argparse.ArgumentParser) -> None:
    """`scan FILE --json OUT` or `test`."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="scan|test")
    scan = verbs.add_parser("scan", help="judge each line of a JSONL file")
    scan.add_argument("file", type=Path)
    scan.add_argument(
        "--json", metavar="OUT", default="-", help="where the results go (- for standard output)"
    )
    scan.add_argument(
        "--house", metavar="CODE", help="judge by this house's live policy, not the shipped one"
    )
    test = verbs.add_parser(
        "test", help="run every rule's own examples, and score both sides of the labelled set"
    )
    test.add_argument("--json", metavar="OUT", help="write the tables as JSON (- for standard output)")
    test.add_argument(
        "--show-missed",
        action="store_true",
        help="the messages that are judged wrongly, of the tuning side only",
    )


def run(args: argparse.Namespace) -> int:
    """Exit code 1 when a rule's own example fails; the labelled set has targets but no exit code."""
    if args.verb == "scan":
        try:
            write_json(scan_file(args.file, house_id=_house(args.house)), args.json)
        except (OSError, ScanError) as problem:
            raise Trouble(str(problem)) from None
        return 0
    return _test(json_to=args.json, show_missed=args.show_missed)


def _house(code: str | None) -> int | None:
    """The id of a house by its code; None when none is asked for."""
    if code is None:
        return None
    try:
        return house_by_code(code).id
    except HouseMissing:
        raise Trouble(f"there is no house {code}; `seta init` makes one") from None


def _test(*, json_to: str | None, show_missed: bool) -> int:
    told = run_policy_tests()
    try:
        quality: dict[str, Any] = score_policy()
        wrong = missed() if show_missed else []
    except SetMissing as problem:
        quality, wrong = {"missing": str(problem)}, []
    if json_to:
        write_json({**told, "quality": quality, **({"wrong": wrong} if show_missed else {})}, json_to)
    else:
        print("\n".join(_page(told, quality, wrong)))
    return 0 if told.get("ok", True) else 1


def _page(told: Mapping[str, Any], quality: Mapping[str, Any], wrong: list[dict[str, Any]]) -> Iterator[str]:
    yield f"# Policy {told['policy']}: every rule's own examples"
    yield from ("", "| rule | severity | hits | found | misses | alarmed |", "|---|---|---:|---:|---:|---:|")
    for row in told["rules"]:
        yield (
            " | ".join(
                (
                    "| " + row["rule"],
                    row["severity"],
                    *(str(row[key]) for key in ("hits", "found", "misses", "alarmed")),
                )
            )
            + " |"
        )
    for row in told["rules"]:
        yield from (f"- {row['rule']}: {failure}" for failure in row["failures"])
    if "missing" in quality:
        yield from ("", quality["missing"])
        return
    yield from ("", *quality_lines())
    if wrong:
        yield from ("", "## Judged wrongly, tuning side", "")
    for each in wrong:
        rules = f" ({', '.join(each['rules'])})" if each["rules"] else ""
        yield f"- {each['wrong']}: {each['about']} {each['variant']} {each['language']}{rules}: {each['text']}"


COMMAND = Command("judge messages by the policy, or test its rules", arguments, run)
