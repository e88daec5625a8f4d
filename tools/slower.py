"""Lists the tests that FAST=1 leaves out, from what `pytest -m "not browser and not judge" --durations=0` prints."""

import re
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / "tests" / "slower.txt"
# On two cores this leaves about eighty seconds of tests.
SECONDS = 0.28
_LINE = re.compile(r"\s*([\d.]+)s (call|setup|teardown)\s+(\S+?\.py(?:::\w+)+)(\[.*)?$")


def slower(lines: Iterable[str], seconds: float = SECONDS) -> list[str]:
    """Tests, without their parameters, that took at least `seconds` in one of them.

    What the first test of a file sets up for all of them does not count.
    """
    took: dict[tuple[str, str], float] = defaultdict(float)
    set_up: dict[str, list[tuple[float, tuple[str, str]]]] = defaultdict(list)
    for line in lines:
        if found := _LINE.match(line):
            one = (found[3], found[4] or "")
            if found[2] == "setup":
                set_up[found[3].partition("::")[0]].append((float(found[1]), one))
            else:
                took[one] += float(found[1])
    for each in set_up.values():
        usual = 3 * statistics.median(time for time, _ in each)
        for time, one in each:
            took[one] += min(time, usual)
    return sorted({name for (name, _), time in took.items() if time >= seconds})


if __name__ == "__main__":
    found = slower(sys.stdin)
    FILE.write_text("\n".join([*found, ""]), encoding="utf-8")
    print(f"{len(found)} tests take {SECONDS} s or more")
