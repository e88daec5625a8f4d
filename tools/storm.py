"""`make storm SEED=n [PAYMENTS=10000] [STORE=sqlite|postgres]`: a stormy day of payments, judged at its end.

Exit code 0 says that nothing was wrong and that every kind of trouble has happened; how often each has is printed.
"""

import argparse
import json
import logging
import secrets
import sys
import tempfile
import time
from pathlib import Path

import structlog

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.sandbox_server import start_sandbox  # noqa: E402  after the path is set
from tests.storm import day, evening  # noqa: E402
from tests.storm.plan import Plan, make_plan  # noqa: E402
from tests.storm.yard import STORES, templates, yard  # noqa: E402

PAYMENTS_PER_ROUND = 100


def main() -> int:
    """Run one storm; exit code 0 only when nothing is wrong at its end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0, help="0 draws one and prints it")
    parser.add_argument("--payments", type=int, default=10_000)
    parser.add_argument("--store", choices=STORES, default="sqlite")
    parser.add_argument("--kills", type=int, default=12, help="how often the server is killed")
    args = parser.parse_args()
    # Only what has gone wrong: the sandbox's bills are read through clients that say each call.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    seed = args.seed or secrets.randbelow(10**6) + 1
    rounds = max(args.payments // PAYMENTS_PER_ROUND, 8)
    plan = make_plan(seed, args.payments, rounds=rounds, kills=args.kills)
    print(f"storm: seed {seed}, {args.payments} payments, {args.store}, plan {plan.digest}", flush=True)
    with tempfile.TemporaryDirectory(prefix="seta-storm-") as folder:
        verdict, seconds = _run(Path(folder), plan, args.store)
    print(json.dumps({name: value for name, value in verdict.counts.items() if name != "happened"}))
    for kind, times in verdict.counts["happened"].items():
        print(f"{times:7} {kind}")
    for line in verdict.wrong[:50]:
        print(f"WRONG {line}")
    rate = args.payments / seconds
    print(f"{len(verdict.wrong)} wrong; {seconds:.0f} s, {rate:.1f} payments a second", flush=True)
    print(f"the same again: make storm SEED={seed} PAYMENTS={args.payments} STORE={args.store}")
    return 1 if verdict.wrong else 0


def _run(folder: Path, plan: Plan, store: str) -> tuple[evening.Verdict, float]:
    sandbox = start_sandbox(folder, seed=plan.seed)
    try:
        with (
            templates(folder) as empty,
            yard(folder / "yard", sandbox, empty[store], name="storm", seed=plan.seed) as place,
        ):
            started = time.monotonic()
            storm = day.begin(place, plan)
            for number in range(plan.rounds):
                storm.round(number)
                if number % 10 == 9:
                    print(
                        f"round {number + 1} of {plan.rounds}, {time.monotonic() - started:.0f} s", flush=True
                    )
            storm.drain()
            verdict = evening.close(storm)
            return verdict, time.monotonic() - started
    finally:
        sandbox.stop()


if __name__ == "__main__":
    sys.exit(main())
