"""Pulls a local archive by turns with bare RSA decrypts of the same keys in as many processes; prints both as JSON.

Everything that needs Django is imported late: the processes of the pool import this module too.
"""

import json
import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import padding

from seta.platforms.core import rsa

PROCESSES = 2
WARM_MESSAGES = 6_000


def main() -> None:
    """Arguments: rounds, messages a round, and optionally `profile`."""
    rounds, size = int(sys.argv[1]), int(sys.argv[2])
    print(json.dumps(measure(rounds, size, profile="profile" in sys.argv)))


def measure(rounds: int, size: int, *, profile: bool = False) -> dict[str, Any]:
    """Seconds of each turn at both, what is true afterwards, and the memory it took."""
    from bench.archive_world import World  # noqa: PLC0415  boots Django, which the pool's processes need not

    world = World()
    names = ("pull", "bare", "page", "bare_cpu", "opening_cpu", "writing_cpu")
    told: dict[str, list[float]] = {name: [] for name in names}
    with (
        ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as bare,
        world.openers(PROCESSES) as openers,
    ):
        openers.start()
        list(bare.map(_decrypt, [(world.pem, [])] * PROCESSES))
        # Everybody is known by then: who comes later is as rare as in a year-old archive.
        world.pull(WARM_MESSAGES, openers)
        for _ in range(rounds):
            fresh = world.say(size)
            before = _cpu_seconds(_pids(bare))
            told["bare"].append(_bare(bare, world.pem, fresh))
            told["bare_cpu"].append(_cpu_seconds(_pids(bare)) - before)
            before, mine = _cpu_seconds(_pids(openers.pool)), time.process_time()
            seconds, pages = world.timed_pull(openers, profile=profile)
            told["pull"].append(seconds)
            told["opening_cpu"].append(_cpu_seconds(_pids(openers.pool)) - before)
            told["writing_cpu"].append(time.process_time() - mine)
            told["page"] += pages
        memory = peak_mb("self") + sum(map(peak_mb, _pids(openers.pool)))
    return {**told, "size": size, "checks": world.truth(), "memory_mb": memory}


def _bare(pool: ProcessPoolExecutor, pem: str, wrapped: Sequence[bytes]) -> float:
    """Seconds that all processes together take for these keys, each once, and nothing else."""
    shares = [(pem, list(wrapped[start::PROCESSES])) for start in range(PROCESSES)]
    started = time.perf_counter()
    assert sum(pool.map(_decrypt, shares)) == len(wrapped)
    return time.perf_counter() - started


def _decrypt(share: tuple[str, list[bytes]]) -> int:
    key, scheme = rsa.private_key(share[0]), padding.PKCS1v15()
    return sum(len(key.decrypt(wrapped, scheme)) > 0 for wrapped in share[1])


def _pids(pool: ProcessPoolExecutor | None) -> list[int]:
    return list(pool._processes) if pool is not None else []


def _cpu_seconds(pids: Sequence[int]) -> float:
    """Processor time that these processes have had so far, to a hundredth of a second."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def peak_mb(pid: int | str) -> float:
    """The most memory that a process has had resident."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    main()
