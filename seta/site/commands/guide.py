"""`seta guide`: solve a public instance of the planner's problem."""

import argparse
from pathlib import Path

from seta.guide.rules.toptw import InstanceError, broken, read_instance, solve_instance
from seta.site.commands.command import Command, write_json
from seta.site.trouble import Trouble


def arguments(parser: argparse.ArgumentParser) -> None:
    """`toptw FILE --days M --seconds S --seed N --json OUT`."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="toptw")
    toptw = verbs.add_parser("toptw", help="visit the most of a town within its windows")
    toptw.add_argument("file", type=Path)
    toptw.add_argument("--days", type=int, default=1, help="how many routes")
    toptw.add_argument("--seconds", type=float, default=1.0, help="how long to search")
    toptw.add_argument(
        "--iterations",
        type=int,
        help="search for so many rounds, not seconds; gives the same routes every time",
    )
    toptw.add_argument("--seed", type=int, default=1)
    toptw.add_argument(
        "--json", metavar="OUT", default="-", help="where score and routes go (- for standard output)"
    )


def run(args: argparse.Namespace) -> int:
    """Every solution is judged once more before it is told."""
    if args.seconds <= 0 or (args.iterations is not None and args.iterations < 0):
        raise Trouble("--seconds must be more than 0 and --iterations not below 0")
    try:
        instance = read_instance(args.file.read_text(encoding="utf-8", errors="replace"), args.file.name)
        solution = solve_instance(
            instance, days=args.days, seed=args.seed, seconds=args.seconds, iterations=args.iterations
        )
    except OSError as problem:
        raise Trouble(f"cannot read {args.file}: {problem.strerror}") from None
    except InstanceError as problem:
        raise Trouble(f"{args.file.name}: {problem}") from None
    wrong = broken(instance, solution, days=args.days)
    assert not wrong, wrong
    whole = int(solution.score) if solution.score == int(solution.score) else solution.score
    write_json({"score": whole, "routes": solution.routes}, args.json)
    return 0


COMMAND = Command("solve a public instance with the planner's solver", arguments, run)
