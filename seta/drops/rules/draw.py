"""A draw that anybody can redo: a seed promised by its hash, a published list, and one way to shuffle it.

The promise is SHA-256 of the seed's 32 bytes, shown before anybody can enter. Each entry has a code that says
nothing of its person. The list's digest is SHA-256 of the codes, sorted and joined by line feeds. An entry's
number is HMAC-SHA256 with the seed as key over `digest:code`; the order is by these numbers, as hexadecimal
text, ascending. Nobody who enters can know the numbers before the seed is opened, and no entry can be added or
taken away afterwards without changing all of them.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

FORMAT = "seta-draw-1"
CODE_CHARS = "23456789abcdefghjkmnpqrstuvwxyz"
CODE_LENGTH = 12
ALGORITHM = (
    "digest = SHA-256 of the codes sorted and joined by LF; number of a code = HMAC-SHA256(key = seed bytes,"
    " message = digest hex + ':' + code); order = codes by number hex ascending; the first `pieces` get a piece,"
    " the others follow in this order"
)


class Unreadable(ValueError):
    """A file that is no record of a draw; the message says what is wrong with it."""


@dataclass(frozen=True)
class Record:
    """What is published of a draw; instants are aware."""

    house: str
    drop: str
    pieces: int
    seed_hash: str
    seed: str
    committed_at: datetime
    drawn_at: datetime
    order: tuple[str, ...]


def promise(seed: bytes) -> str:
    """The hash that is shown before the entries open."""
    return hashlib.sha256(seed).hexdigest()


def digest(codes: Iterable[str]) -> str:
    """The fingerprint of the list of entries, whatever order they are given in."""
    return hashlib.sha256("\n".join(sorted(codes)).encode()).hexdigest()


def shuffle(codes: Sequence[str], *, seed: bytes) -> list[str]:
    """The codes in the order in which they are drawn; each code once."""
    assert len(set(codes)) == len(codes), "an entry has one code"
    mark = digest(codes)
    numbers = {code: hmac.new(seed, f"{mark}:{code}".encode(), hashlib.sha256).hexdigest() for code in codes}
    return sorted(codes, key=lambda code: (numbers[code], code))


def faults(record: Record) -> list[str]:
    """What is wrong with a published draw; nothing when it was made as promised."""
    found = []
    seed = _seed(record.seed)
    if promise(seed) != record.seed_hash:
        found.append("the seed is not the one that was promised: its SHA-256 differs from seed_hash")
    if len(set(record.order)) != len(record.order):
        found.append("an entry stands in the list twice")
    elif tuple(shuffle(record.order, seed=seed)) != record.order:
        found.append("the order is not what the seed makes of this list of entries")
    if record.committed_at >= record.drawn_at:
        found.append("the seed was promised after the draw was made")
    return found


def write(record: Record) -> dict[str, Any]:
    """The record as it is published."""
    return {
        "format": FORMAT,
        "house": record.house,
        "drop": record.drop,
        "pieces": record.pieces,
        "seed_hash": record.seed_hash,
        "seed": record.seed,
        "committed_at": record.committed_at.astimezone(UTC).isoformat(),
        "drawn_at": record.drawn_at.astimezone(UTC).isoformat(),
        "algorithm": ALGORITHM,
        "digest": digest(record.order),
        "entries": len(record.order),
        "order": list(record.order),
    }


def read(text: str) -> Record:
    """The record in a file; raises Unreadable."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise Unreadable(f"this is not JSON: {problem}") from problem
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise Unreadable(f"this is no record of a draw: its format is not {FORMAT}")
    order = told.get("order")
    if not isinstance(order, list) or not all(isinstance(code, str) and code for code in order):
        raise Unreadable("order: a list of codes is expected")
    pieces = told.get("pieces")
    if not isinstance(pieces, int) or isinstance(pieces, bool) or pieces < 1:
        raise Unreadable("pieces: a whole number above zero is expected")
    record = Record(
        house=_text(told, "house"),
        drop=_text(told, "drop"),
        pieces=pieces,
        seed_hash=_text(told, "seed_hash"),
        seed=_text(told, "seed"),
        committed_at=_instant(told, "committed_at"),
        drawn_at=_instant(told, "drawn_at"),
        order=tuple(order),
    )
    _seed(record.seed)
    if told.get("digest") != digest(record.order):
        raise Unreadable("digest: this list of entries is not the one that was published")
    return record


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str):
        raise Unreadable(f"{name}: a text is expected")
    return value


def _instant(told: Mapping[str, Any], name: str) -> datetime:
    try:
        found = datetime.fromisoformat(_text(told, name))
    except ValueError as problem:
        raise Unreadable(f"{name}: an instant such as 2026-11-22T12:00:00+00:00 is expected") from problem
    if found.tzinfo is None:
        raise Unreadable(f"{name}: its time zone is missing")
    return found


def _seed(text: str) -> bytes:
    try:
        seed = bytes.fromhex(text)
    except ValueError as problem:
        raise Unreadable("seed: hexadecimal digits are expected") from problem
    if len(seed) != 32:
        raise Unreadable("seed: 32 bytes are expected")
    return seed
