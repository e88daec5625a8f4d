"""`seta policy`: scan messages with the house's rules, or run the rules' own tests."""

import argparse
import json
from pathlib import Path

from seta.oversight.operations import ScanError, run_policy_tests, scan_file
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
    test = verbs.add_parser("test", help="run every rule's own examples")
    test.add_argument("--json", metavar="OUT", help="write the table as JSON")


def run(args: argparse.Namespace) -> int:
    """Exit code 1 when a rule's own example fails."""
    if args.verb == "scan":
        try:
            write_json(scan_file(args.file), args.json)
        except (OSError, ScanError) as problem:
            raise Trouble(str(problem)) from None
        return 0
    told = run_policy_tests()
    write_json(told, args.json)
    if not args.json:
        print(json.dumps(told, ensure_ascii=False, indent=2))
    return 0 if told.get("ok", True) else 1


COMMAND = Command("judge messages by the policy, or test its rules", arguments, run)
