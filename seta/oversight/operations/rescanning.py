"""Judges history anew with another policy, to show what it would have raised before it goes live."""

import hashlib
import multiprocessing
import os
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from heapq import nsmallest

import msgspec
from django.db.models import Min

from seta.oversight import bodies
from seta.oversight.models import ArchivedMessage
from seta.oversight.rules.compiling import Policy
from seta.oversight.rules.rescanning import Finding, Judged, Judging, Kept, begin, work

CHUNK_MESSAGES = 1000
# Below this a process takes longer to start than the work does.
POOL_MESSAGES_MIN = 20_000
WAITING_CHUNKS_PER_PROCESS = 3
SAMPLE_FINDINGS = 20


@dataclass(frozen=True)
class RescanReport:
    """What a policy would have raised: one alert a category and message, by day and by leading rule, and a sample.

    Repeats are not merged: an alert that nobody has seen cannot stay open.
    """

    messages: int
    unreadable: int
    alerts: int
    by_day: tuple[tuple[date, int], ...]
    by_rule: tuple[tuple[str, int], ...]
    sample: tuple[Finding, ...]
    days: int
    seconds: float
    processes: int

    @property
    def alerts_a_day(self) -> float:
        """Over the days of the period, those without talk too."""
        return self.alerts / self.days

    @property
    def alert_share(self) -> float:
        """Alerts of all messages that could be read."""
        return self.alerts / self.messages if self.messages else 0.0


def rescan(
    *, house_id: int, policy: Policy, since: datetime, now: datetime, processes: int | None = None
) -> RescanReport:
    """Judge everything said since then, a chunk in memory at a time; writes nothing.

    Large histories are judged by one process a core; `processes` says otherwise, and 1 stays in this one. The sample
    is drawn evenly by digests, so that the same history and policy give the same one. Call outside a transaction.
    """
    began = time.monotonic()
    wanted = (os.cpu_count() or 1) if processes is None else processes
    rows = ArchivedMessage.objects.filter(house_id=house_id, sent_at__gte=since, sent_at__lt=now)
    is_small = processes is None and not rows[POOL_MESSAGES_MIN : POOL_MESSAGES_MIN + 1].exists()
    if is_small or multiprocessing.current_process().daemon:
        wanted = 1
    tally = _Tally(policy.version)
    chunks = _chunks(house_id, since, now, tally)
    for judged in _here(chunks, policy) if wanted == 1 else _by_pool(chunks, policy, wanted):
        tally.add(judged)
    return RescanReport(
        messages=tally.messages,
        unreadable=tally.unreadable,
        alerts=sum(tally.by_rule.values()),
        by_day=tuple((date.fromordinal(day), count) for day, count in sorted(tally.by_day.items())),
        by_rule=tuple(tally.by_rule.most_common()),
        sample=tuple(finding for _, finding in tally.sample),
        days=max(1, (now - since).days),
        seconds=time.monotonic() - began,
        processes=wanted,
    )


class _Tally:
    def __init__(self, version: str) -> None:
        self._version = version
        self.messages = self.unreadable = 0
        self.by_day: Counter[int] = Counter()
        self.by_rule: Counter[str] = Counter()
        self.sample: list[tuple[str, Finding]] = []

    def add(self, judged: Judged) -> None:
        self.messages += judged.messages
        self.unreadable += judged.unreadable
        self.by_day.update(finding.day for finding in judged.findings)
        self.by_rule.update(finding.rule for finding in judged.findings)
        drawn = [(self._place(finding), finding) for finding in judged.findings]
        self.sample = nsmallest(SAMPLE_FINDINGS, [*self.sample, *drawn], key=lambda each: each[0])

    def _place(self, finding: Finding) -> str:
        name = f"{self._version}:{finding.rule}:{finding.message_id}"
        return hashlib.sha256(name.encode()).hexdigest()


def _chunks(house_id: int, since: datetime, until: datetime, tally: _Tally) -> Iterator[list[Kept]]:
    rows = ArchivedMessage.objects.filter(house_id=house_id, sent_at__gte=since, sent_at__lt=until)
    first = rows.aggregate(first=Min("pk"))["first"]
    if first is None:
        return
    values = rows.filter(pk__gte=first).order_by("pk").values_list(
        "pk", "sent_at", "sender_role", "account_id", "msgid", "body_key_id", "body_key__sealed", "sealed_body"
    )  # fmt: skip
    chunk: list[Kept] = []
    for pk, sent_at, sender, account_id, msgid, key_id, key, sealed in values.iterator(CHUNK_MESSAGES):
        try:
            secret = bodies.opened(key_id, key).secret
        except bodies.BodyUnreadable:
            tally.unreadable += 1
            continue
        day = sent_at.astimezone(UTC).toordinal()
        chunk.append(Kept(pk, day, sender, f"{account_id}:{msgid}", secret, bytes(sealed)))
        if len(chunk) == CHUNK_MESSAGES:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _here(chunks: Iterator[list[Kept]], policy: Policy) -> Iterator[Judged]:
    return map(Judging(policy).chunk, chunks)


def _by_pool(chunks: Iterator[list[Kept]], policy: Policy, processes: int) -> Iterator[Judged]:
    decode: Callable[[bytes], Judged] = msgspec.msgpack.Decoder(Judged).decode
    pool = ProcessPoolExecutor(
        processes,
        # A server has threads, and a fork of them may hold a lock for ever.
        mp_context=multiprocessing.get_context("spawn"),
        initializer=begin,
        initargs=(policy.rules, policy.version),
    )
    try:
        waiting: deque[Future[bytes]] = deque()
        for chunk in chunks:
            waiting.append(pool.submit(work, msgspec.msgpack.encode(chunk)))
            if len(waiting) > WAITING_CHUNKS_PER_PROCESS * processes:
                yield decode(waiting.popleft().result())
        while waiting:
            yield decode(waiting.popleft().result())
    finally:
        pool.shutdown(cancel_futures=True)
