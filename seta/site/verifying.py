"""`seta archive verify BUNDLE` on its own: runs before any setting is read, needs no database and no network."""

import argparse
import json
import sys
import time
from pathlib import Path

from seta.oversight.rules import heads
from seta.oversight.rules.heads import SignedHead
from seta.oversight.rules.verifying import Report, verify


def arguments(parser: argparse.ArgumentParser) -> None:
    """The bundle, and what the reader has got from elsewhere to compare it with."""
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--key", default="", help="the house's first public key, or its 16-digit short name")
    parser.add_argument(
        "--heads",
        type=Path,
        metavar="FILE",
        help="heads that a witness kept: one JSON object or SETA1 text a line",
    )
    parser.add_argument("--json", metavar="OUT", help="write the report as JSON (- for standard output)")


def main(argv: list[str]) -> int:
    """Run on bare arguments."""
    parser = argparse.ArgumentParser(prog="seta archive verify", description="Check a bundle of evidence.")
    arguments(parser)
    return run(parser.parse_args(argv))


def run(args: argparse.Namespace) -> int:
    """Exit code 0 when everything holds, 1 when something does not, 2 when there is nothing to check."""
    began = time.monotonic()
    try:
        witnessed = read_witnessed(args.heads) if args.heads else []
        report = verify(args.bundle, key=args.key, witnessed=witnessed)
    except (OSError, heads.Unreadable) as problem:
        print(f"seta archive verify: {problem}", file=sys.stderr)
        return 2
    seconds = round(time.monotonic() - began, 3)
    if args.json:
        told = {"ok": report.ok, "faults": report.faults, "notes": report.notes, "seconds": seconds}
        text = json.dumps({**told, **report.facts}, ensure_ascii=False, indent=2)
        if args.json == "-":
            print(text)
        else:
            Path(args.json).write_text(text + "\n", encoding="utf-8")
    else:
        _tell(report, seconds)
    return 0 if report.ok else 1


def read_witnessed(path: Path) -> list[SignedHead]:
    """Heads from a witness's file or from printed codes, one a line; raises OSError and Unreadable."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            if line.startswith("SETA1"):
                found.append(heads.read_paper(line))
            else:
                row = json.loads(line)
                found.append(SignedHead(heads.read_head_text(row["head"]), str(row["signature"])))
        except (ValueError, KeyError, TypeError) as problem:
            raise heads.Unreadable(f"{path} line {number}: {problem}") from problem
    return found


def _tell(report: Report, seconds: float) -> None:
    facts = report.facts
    if facts.get("house"):
        print(f"{facts['house']}, {facts['origin']}")
        print(f"asked by {facts['asked_by']}, approved by {facts['approved_by']}, purpose {facts['purpose']}")
        print(f"made at {facts['made_at']}, scope {facts['scope']}, counts {facts['counts']}")
        print(f"key {facts.get('key', '')}, witnesses: {', '.join(facts.get('witnesses', [])) or 'none'}")
    for note in report.notes:
        print(f"note   {note}")
    for fault in report.faults:
        print(f"WRONG  {fault}")
    print(f"{'everything holds' if report.ok else 'this bundle does not hold'} ({seconds} s)")
