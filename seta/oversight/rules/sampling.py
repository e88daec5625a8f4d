"""Draws a sample that anyone can draw again: from the seed and the keys alone, at least so many of each stratum."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

BPS = 10_000


@dataclass(frozen=True, order=True)
class Candidate:
    """Something that may be drawn: the stratum it counts for and a key that tells nothing of its content."""

    stratum: str
    key: str


def key_of(*parts: object) -> str:
    """The key of something known by these parts: SHA-256 in hex of the parts joined by colons."""
    return hashlib.sha256(":".join(map(str, parts)).encode()).hexdigest()


def population_digest(candidates: Iterable[Candidate]) -> str:
    """SHA-256 over the sorted lines `stratum TAB key NEWLINE`; it names the population before the seed is known."""
    digest = hashlib.sha256()
    for each in sorted(candidates):
        digest.update(f"{each.stratum}\t{each.key}\n".encode())
    return digest.hexdigest()


def rank(seed: str, key: str) -> str:
    """Where a key stands for a seed: SHA-256 of the seed's bytes and the key's bytes, both given in hex."""
    return hashlib.sha256(bytes.fromhex(seed) + bytes.fromhex(key)).hexdigest()


def quota(size: int, *, minimum: int, share_bps: int) -> int:
    """How many of a stratum are drawn: the share rounded up, never under the minimum, never over its size."""
    return min(size, max(minimum, -(-size * share_bps // BPS)))


def draw(
    candidates: Sequence[Candidate], *, seed: str, minimum: int, share_bps: int
) -> tuple[Candidate, ...]:
    """The candidates of lowest rank in each stratum, by stratum and rank; the order of the input does not matter."""
    assert minimum >= 0 and 0 <= share_bps <= BPS
    strata: dict[str, list[Candidate]] = {}
    for each in set(candidates):
        strata.setdefault(each.stratum, []).append(each)
    drawn: list[Candidate] = []
    for _, members in sorted(strata.items()):
        members.sort(key=lambda each: rank(seed, each.key))
        drawn.extend(members[: quota(len(members), minimum=minimum, share_bps=share_bps)])
    return tuple(drawn)


def sizes(candidates: Iterable[Candidate]) -> Mapping[str, int]:
    """How many candidates each stratum has."""
    counted: dict[str, int] = {}
    for each in candidates:
        counted[each.stratum] = counted.get(each.stratum, 0) + 1
    return counted
