"""The audit log's proof: every entry's digest is folded into the next, so a change anywhere shows."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from json.encoder import encode_basestring_ascii
from typing import Any

GENESIS = bytes(32)
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


@dataclass(frozen=True)
class Entry:
    """One line of the log as it is kept: canonical body, its leaf and the chain up to it, in hex."""

    seq: int
    body: str
    leaf: str
    chain: str


@dataclass(frozen=True)
class ChainReport:
    """What a check of the whole log found; `fault` names the first line that does not fit, or is empty."""

    entries: int
    head: str
    fault: str = ""

    @property
    def ok(self) -> bool:
        """Whether every line fits."""
        return not self.fault


def canonical(value: Mapping[str, Any]) -> str:
    """JSON with sorted keys, no spaces and ASCII only: one text for one value."""
    return _ENCODER.encode(value)


def quoted(text: str) -> str:
    """A text as it stands in canonical JSON."""
    return encode_basestring_ascii(text)


def leaf(body: str) -> bytes:
    """SHA-256 of a zero byte and the body (RFC 6962's leaf hash)."""
    return hashlib.sha256(b"\x00" + body.encode("ascii")).digest()


def link(before: bytes, leaf_hash: bytes) -> bytes:
    """The chain after one more leaf."""
    return hashlib.sha256(before + leaf_hash).digest()


def extend(before: Entry | None, bodies: Iterable[Mapping[str, Any]]) -> list[Entry]:
    """New entries after the last one kept; each body is given its own seq, so a line cannot be moved."""
    return [Entry(*line) for line in lines(before, map(canonical, bodies))]


def lines(before: Entry | None, bodies: Iterable[str]) -> Iterator[tuple[int, str, str, str]]:
    """The values of new entries after the last one kept, from bodies that are canonical JSON already.

    Each body is given its own seq at its end: no key of a body may sort behind that.
    """
    seq = before.seq if before else 0
    chain = bytes.fromhex(before.chain) if before else GENESIS
    for body in bodies:
        seq += 1
        text = f'{body[:-1]},"seq":{seq}}}'
        digest = leaf(text)
        chain = link(chain, digest)
        yield seq, text, digest.hex(), chain.hex()


def verify(entries: Iterable[Entry]) -> ChainReport:
    """Check a whole log from its first line; finds any bit changed, any line removed, added, moved or redated."""
    chain, count = GENESIS, 0
    for entry in entries:
        count += 1
        fault = fault_of(entry, count, chain)
        if fault:
            return ChainReport(count, chain.hex(), f"line {count}: {fault}")
        chain = bytes.fromhex(entry.chain)
    return ChainReport(count, chain.hex())


def fault_of(entry: Entry, expected_seq: int, before: bytes) -> str:
    """What is wrong with a line at its place in the log, after the chain so far; empty when it fits."""
    if entry.seq != expected_seq:
        return f"number {entry.seq} stands where {expected_seq} should: a line is missing or moved"
    try:
        digest, told = leaf(entry.body), json.loads(entry.body)["seq"]
    except (ValueError, KeyError, TypeError):
        return "the body is not a canonical entry"
    if told != entry.seq:
        return "the body belongs to another line"
    if digest.hex() != entry.leaf:
        return "the body was changed"
    if link(before, digest).hex() != entry.chain:
        return "the chain does not follow from the line before"
    return ""
