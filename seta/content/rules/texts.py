"""Texts compared by what is left of them once case, width, script and punctuation are gone."""

import re
import unicodedata
from functools import cache
from hashlib import blake2b, sha256
from typing import Any

import opencc

TEXT_CHARS_COMPARED_MAX = 20_000
_FIGURES = re.compile(r"\d+")


@cache
def _simplified() -> Any:
    return opencc.OpenCC("t2s")


def normalise(text: str) -> str:
    """Letters, digits and characters only; full-width, case and traditional script folded; never fails."""
    plain = unicodedata.normalize("NFKC", text[:TEXT_CHARS_COMPARED_MAX]).casefold()
    kept = "".join(
        character for character in plain if character.isalnum() and not 0xD800 <= ord(character) < 0xE000
    )
    return str(_simplified().convert(kept))


def shingles(normalised: str) -> frozenset[str]:
    """Every pair of neighbours; the character itself when there is only one."""
    if len(normalised) == 1:
        return frozenset(normalised)
    return frozenset(map(str.__add__, normalised, normalised[1:]))


def figures(normalised: str) -> frozenset[str]:
    """The numbers of a text: a changed price is a changed text, however alike the rest is."""
    return frozenset(_FIGURES.findall(normalised))


def simhash(normalised: str) -> int:
    """Sixty-four bits that are close for texts that share most of their pairs (Charikar, 2002)."""
    totals = [0] * 64
    for shingle in shingles(normalised):
        digest = int.from_bytes(blake2b(shingle.encode(), digest_size=8).digest(), "big")
        for bit in range(64):
            totals[bit] += 1 if digest >> bit & 1 else -1
    return sum(1 << bit for bit, total in enumerate(totals) if total > 0)


def distance(left: int, right: int) -> int:
    """How many bits two prints differ in."""
    return (left ^ right).bit_count()


def digest(data: bytes) -> str:
    """SHA-256 as 64 hexadecimal digits."""
    return sha256(data).hexdigest()
