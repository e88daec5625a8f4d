"""`seta drops redo FILE` on its own: runs before any setting is read, needs no database and no network."""

import argparse
import json
import sys
from pathlib import Path

from seta.drops.rules import draw


def arguments(parser: argparse.ArgumentParser) -> None:
    """The published record of a draw."""
    parser.add_argument("file", type=Path, help="the record, as the mini program or the desk gives it")
    parser.add_argument(
        "--promise", default="", metavar="SHA256", help="the hash that you were shown before you entered"
    )
    parser.add_argument("--entry", default="", metavar="CODE", help="say which place this entry was drawn at")
    parser.add_argument("--json", metavar="OUT", help="write the result as JSON (- for standard output)")


def main(argv: list[str]) -> int:
    """Run on bare arguments."""
    parser = argparse.ArgumentParser(
        prog="seta drops redo", description="Make a published draw again and compare it."
    )
    arguments(parser)
    return run(parser.parse_args(argv))


def run(args: argparse.Namespace) -> int:
    """Exit code 0 when the draw is what was promised, 1 when it is not, 2 when there is nothing to check."""
    try:
        record = draw.read(args.file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, draw.Unreadable) as problem:
        print(f"seta drops redo: {args.file}: {problem}", file=sys.stderr)
        return 2
    faults = draw.faults(record)
    if args.promise and args.promise.strip().lower() != record.seed_hash:
        faults.append("seed_hash is not the promise that you were shown")
    place = record.order.index(args.entry) + 1 if args.entry in record.order else None
    if args.entry and place is None:
        faults.append(f"the entry {args.entry} is not in the list")
    told = {
        "ok": not faults,
        "faults": faults,
        "drop": record.drop,
        "entries": len(record.order),
        "pieces": record.pieces,
        "place": place,
    }
    if args.json:
        text = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
        if args.json == "-":
            print(text, end="")
        else:
            Path(args.json).write_text(text, encoding="utf-8")
    else:
        _tell(record, faults, place)
    return 1 if faults else 0


def _tell(record: draw.Record, faults: list[str], place: int | None) -> None:
    print(f"{record.house}, {record.drop}: {record.pieces} pieces, {len(record.order)} entries")
    print(f"promised {record.seed_hash} at {record.committed_at}, drawn at {record.drawn_at}")
    for fault in faults:
        print(f"wrong: {fault}")
    if place is not None:
        print(f"your entry was drawn at place {place}")
    if not faults:
        print("The draw is the one that was promised: the seed gives this order of this list.")
