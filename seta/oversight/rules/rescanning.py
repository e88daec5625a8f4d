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
# Longer texts are seldom said twice; so many short ones take some ten megabytes a process.
REPEATED_CHARS_MAX, TEXTS_KEPT_MAX = 40, 50_000
Place = tuple[str, int, int]
"""A rule, and where in a text it was found."""


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


class Judging:
    """Judges chunks by one policy; short texts that the same side has said before are not judged again.

    Greetings and thanks are much of all talk, and what a policy finds in a message alone depends on nothing else.
    """

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._known: dict[tuple[str, str], tuple[Place, ...]] = {}

    def chunk(self, chunk: Sequence[Kept]) -> Judged:
        """One finding a category and message, as the archive opens alerts, named by its leading rule.

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
            findings += [Finding(kept.id, kept.day, *place) for place in self._found(kept.sender, text)]
        return Judged(len(chunk) - unreadable, unreadable, findings)

    def _found(self, sender: str, text: str) -> tuple[Place, ...]:
        if len(text) > REPEATED_CHARS_MAX:
            return self._judged(sender, text)
        found = self._known.get((sender, text))
        if found is None:
            if len(self._known) >= TEXTS_KEPT_MAX:
                self._known.clear()
            found = self._known[sender, text] = self._judged(sender, text)
        return found

    def _judged(self, sender: str, text: str) -> tuple[Place, ...]:
        verdict = judge(text, channel=CHANNEL, sender=sender, policy=self._policy)
        if verdict is ALLOWED:
            return ()
        hits = (*verdict.hits, *verdict.supporting, *verdict.shadow)
        leads = [leading(each, self._policy) for each in by_category(hits, self._policy)]
        return tuple((hit.rule, hit.start, hit.end) for hit in leads)


_mine: list[Judging] = []
_CHUNK = msgspec.msgpack.Decoder(list[Kept])
_ENCODER = msgspec.msgpack.Encoder()


def begin(rules: tuple[Rule, ...], version: str) -> None:
    """What a process does first: compile the policy, and keep what lives for ever out of the collector's way."""
    _mine[:] = [Judging(compile_rules(rules, version=version))]
    gc.collect()
    gc.freeze()


def work(chunk: bytes) -> bytes:
    """A chunk in MessagePack, judged, in MessagePack."""
    return _ENCODER.encode(_mine[0].chunk(_CHUNK.decode(chunk)))
