"""How much of the machine was ours to use: the same bare work before every measurement of a run."""

import hashlib
import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

SECONDS = 0.5
BUSY_SHARE = 0.7
"""Below this share of the run's best moment, figures of two moments should not be compared."""

_BLOCK = bytes(1 << 16)


def strength(seconds: float = SECONDS) -> float:
    """Megabytes a second that all cores together can hash just now."""
    cores = os.cpu_count() or 1
    started = time.perf_counter()
    # Hashing a large block lets go of the interpreter, so a thread is a core.
    with ThreadPoolExecutor(cores) as pool:
        blocks = sum(pool.map(_hash, [started + seconds] * cores))
    return blocks * len(_BLOCK) / (time.perf_counter() - started) / 1e6


def _hash(until: float) -> int:
    blocks = 0
    while time.perf_counter() < until:
        hashlib.sha256(_BLOCK).digest()
        blocks += 1
    return blocks


def evenness(strengths: Sequence[float]) -> float:
    """The weakest moment of a run as a share of its strongest; 1 when there was but one."""
    return min(strengths, default=1.0) / max(strengths, default=1.0)
