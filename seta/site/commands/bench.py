"""`seta bench`: a workload, its limit measured in the same run, and what must be true of it."""

import argparse
import sys

from rich.console import Console
from rich.table import Table

from bench.workloads import WORKLOADS
from seta.site.commands.command import Command, write_json


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which workload, how long, on which store."""
    parser.add_argument("name", choices=[*WORKLOADS, "all"])
    parser.add_argument("--quick", action="store_true", help="seconds instead of a minute")
    parser.add_argument("--store", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--json", metavar="FILE", help="write the figures as JSON (- for standard output)")


def run(args: argparse.Namespace) -> int:
    """Exit code 1 when a check of a workload does not hold, 2 when none measures on that store."""
    told = []
    for name in WORKLOADS if args.name == "all" else [args.name]:
        try:
            told.append(WORKLOADS[name](quick=args.quick, store=args.store))
        except ValueError as problem:
            print(f"seta bench {name}: {problem}", file=sys.stderr)
    if not told:
        return 2
    write_json(told[0] if len(told) == 1 else told, args.json)
    if args.json != "-":
        _print(told)
    return 0 if all(_holds(one["checks"]) for one in told) else 1


def _holds(checks: dict[str, object]) -> bool:
    """Counts must be 0, truths must be true."""
    return all(value is True or (value == 0 and value is not False) for value in checks.values())


def _print(told: list[dict[str, object]]) -> None:
    table = Table("workload", "value", "p50 ms", "p99 ms", "limit", "of the limit", "checks")
    for one in told:
        limit = one["limit"]
        assert isinstance(limit, dict)
        table.add_row(
            str(one["name"]),
            f"{one['value']:,.0f} {one['unit']}",
            f"{one['p50_ms']:.1f}",
            f"{one['p99_ms']:.1f}",
            f"{limit['value']:,.0f} ({limit['what']})",
            f"{one['ratio_to_limit']:.3f}",
            ", ".join(f"{name} {value}" for name, value in one["checks"].items()),  # type: ignore[attr-defined]
        )
        extra = {key: value for key, value in one.items() if key.startswith(("ratio_to_", "extra_"))}
        extra.pop("ratio_to_limit", None)
        if extra:
            table.add_row("", *[f"{key} {value}" for key, value in extra.items()][:6])
    Console().print(table)


COMMAND = Command("measure a workload against its limit", arguments, run)
