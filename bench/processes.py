"""What a server under measurement takes: processor time and memory of its process and those it started."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def processor_seconds(process: subprocess.Popen[bytes]) -> float:
    """Processor time taken so far, in user and kernel mode, of all processes of a server."""
    return sum(_seconds(pid) for pid in _family(process.pid))


def resident_mb(process: subprocess.Popen[bytes]) -> float:
    """Memory that all processes of a server hold, in MB of 10^6 bytes; pages they share count for each."""
    return sum(_resident(pid) for pid in _family(process.pid)) / 1e6


def _family(pid: int) -> Iterator[int]:
    yield pid
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        yield from _family(int(child))


def _seconds(pid: int) -> float:
    # The name in brackets may hold spaces; fields 14 and 15 of proc(5) are user and kernel time.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
