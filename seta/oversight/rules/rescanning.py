"""One chunk of history judged anew: opens bodies and judges them; needs no database, so any process can do it."""

import gc
from collections.abc import Sequence
from functools import lru_cache

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from seta.oversight.rules.alerting import by_category, leading
from seta.oversight.rules.compiling import Policy, compile_rules
from seta.oversight.rules.judging import ALLOWED, judge
from seta.oversight.rules.policy import Rule

CHANNEL = "wecom_1to1"
NONCE_BYTES = 12
CIPHERS_KEPT_MAX = 4096


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """An archived message as it lies in the archive, with its key open; `day` is its ordinal in UTC."""

    id: int
    day: int
    sender: str
    bound_to: str
    secret: bytes
    sealed: bytes


class Finding(msgspec.Struct, frozen=True, array_like=True):
    """An alert that a message would open: its category's leading rule and where that was found."""

    message_id: int
    day: int
    rule: str
    start: int
    end: int


class Judged(msgspec.Struct, frozen=True, array_like=True):
    """What became of a chunk."""

    messages: int
    unreadable: int
    findings: list[Finding]


@lru_cache(maxsize=CIPHERS_KEPT_MAX)
def _cipher(secret: bytes) -> AESGCM:
    return AESGCM(secret)


def judge_chunk(chunk: Sequence[Kept], policy: Policy) -> Judged:
    """Judge a chunk: one finding a category and message, as the archive opens alerts, named by its leading rule.

    Rules that are only on trial count as if they were live.
    """
    findings: list[Finding] = []
    unreadable = 0
    for kept in chunk:
        try:
            body = _cipher(kept.secret).decrypt(
                kept.sealed[:NONCE_BYTES], kept.sealed[NONCE_BYTES:], kept.bound_to.encode()
            )
            text = body.decode()
        except (InvalidTag, ValueError):
            unreadable += 1
            continue
        verdict = judge(text, channel=CHANNEL, sender=kept.sender, policy=policy)
        if verdict is not ALLOWED:
            hits = (*verdict.hits, *verdict.supporting, *verdict.shadow)
            leads = [leading(each, policy) for each in by_category(hits, policy)]
            findings += [Finding(kept.id, kept.day, hit.rule, hit.start, hit.end) for hit in leads]
    return Judged(len(chunk) - unreadable, unreadable, findings)


_mine: list[Policy] = []
_CHUNK = msgspec.msgpack.Decoder(list[Kept])
_ENCODER = msgspec.msgpack.Encoder()


def begin(rules: tuple[Rule, ...], version: str) -> None:
    """What a process does first: compile the policy, and keep what lives for ever out of the collector's way."""
    _mine[:] = [compile_rules(rules, version=version)]
    gc.collect()
    gc.freeze()


def work(chunk: bytes) -> bytes:
    """A chunk in MessagePack, judged, in MessagePack."""
    return _ENCODER.encode(judge_chunk(_CHUNK.decode(chunk), _mine[0]))
