"""Opens records of the archive and judges them: in this process, or for large pulls in one process a core.

Knows no database and no Django, so that a process of its own starts quickly and can reach nothing.
"""

import gc
import logging
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field

import msgspec

from seta.oversight.rules import ALLOWED, Action, Hit, bundle, fold, judge
from seta.oversight.rules import archive as reading
from seta.oversight.rules.archive import Malformed, Message
from seta.oversight.rules.compiling import Policy, compile_rules
from seta.oversight.rules.policy import Rule
from seta.oversight.search.tokens import Tokens
from seta.platforms.core.errors import PlatformError
from seta.platforms.wecom import ArchiveRecord, RecordOpener
from seta.platforms.wecom.archive import DECRYPT_FAILED, read_json_object

log = logging.getLogger(__name__)

CHANNEL = "wecom_1to1"
POOL_RECORDS_MIN = 2000
# Who writes what they open, and the server beside it, come first: writing that falls behind is left over at the end.
NICENESS = 5
MALFORMED, UNEXPECTED, OPENER_DIED = "MALFORMED", "UNEXPECTED", "OPENER_DIED"


class Found(msgspec.Struct, frozen=True, array_like=True):
    """A hit of policy, in a shape that travels between processes."""

    rule: str
    severity: str
    action: str
    start: int
    end: int
    tier: str

    @property
    def hardness(self) -> int:
        """What its action comes to: the larger, the harder."""
        return Action[self.action.upper()]


class Outcome(msgspec.Struct, frozen=True, array_like=True):
    """What became of one record: a message with its hits, or a code and a reason why it would not open.

    `words` are its tokens for the search index, `told` is its record for the log in canonical JSON; `shadow` is what
    rules on trial found.
    """

    message: Message | None
    hits: tuple[Found, ...] = ()
    code: str = ""
    reason: str = ""
    words: str = ""
    told: str = ""
    shadow: tuple[Found, ...] = ()


@dataclass(frozen=True)
class Reading:
    """All that it takes to open and read an account's records; `search_key` is that of the house's tokens."""

    opener: RecordOpener
    rules: tuple[Rule, ...]
    version: str
    account_id: int
    search_key: bytes = field(repr=False)

    def reader(self, policy: Policy | None = None) -> "Reader":
        """Ready to read: the policy compiled, unless it is given."""
        compiled = policy or compile_rules(self.rules, version=self.version)
        return Reader(self.opener, compiled, self.account_id, Tokens(self.search_key))


@dataclass(frozen=True)
class Reader:
    """A reading in one process."""

    opener: RecordOpener
    policy: Policy
    account_id: int
    tokens: Tokens


@dataclass(slots=True, eq=False)
class _Work:
    """A record on its way: what each step makes of it for the next, or why it goes no further."""

    record: ArchiveRecord
    key: bytes = b""
    plain: bytes = b""
    message: Message | None = None
    folded: str = ""
    words: str = ""
    told: str = ""
    hits: tuple[Found, ...] = ()
    shadow: tuple[Found, ...] = ()
    refused: Outcome | None = None

    def outcome(self) -> Outcome:
        """What became of it in the end."""
        return self.refused or Outcome(self.message, self.hits, "", "", self.words, self.told, self.shadow)


def open_records(records: Sequence[ArchiveRecord], reader: Reader) -> list[Outcome]:
    """Decrypt, read and judge records; whatever is wrong with one is told and never raised.

    Each step is taken for all records before the next one: what is done a thousand times in a row stays in the
    processor's caches, out of which one record's RSA would drive the next one's policy.
    """
    work = [_Work(record) for record in records]
    for step in (_unwrap, _decrypt, _read, _fold, _judge, _index, _tell):
        for each in work:
            if each.refused is None:
                try:
                    step(each, reader)
                except Exception as problem:
                    each.refused = _refusal(each.record, problem)
    return [each.outcome() for each in work]


def _refusal(record: ArchiveRecord, problem: Exception) -> Outcome:
    if isinstance(problem, PlatformError):
        return Outcome(None, (), problem.code, problem.message)
    if isinstance(problem, (Malformed, RecursionError)):
        return Outcome(None, (), MALFORMED, str(problem))
    # One message that nobody thought of must not hold up all that come after it.
    log.error("record %s of the archive was not understood", record.seq, exc_info=problem)
    return Outcome(None, (), UNEXPECTED, f"{type(problem).__name__}: {problem}"[:200])


def _unwrap(work: _Work, reader: Reader) -> None:
    work.key = reader.opener.unwrap(work.record)


def _decrypt(work: _Work, reader: Reader) -> None:
    work.plain = reader.opener.decrypt(work.record, work.key)


def _read(work: _Work, reader: Reader) -> None:
    work.message = reading.read_plain(work.plain)
    if work.message is not None:
        return
    try:
        fields = read_json_object(work.plain)
    except (ValueError, RecursionError) as problem:
        reason = f"the opened record is not JSON: {problem}"[:200]
        work.refused = Outcome(None, (), DECRYPT_FAILED, reason)
        return
    if not isinstance(fields, dict):
        raise Malformed("the opened record is not an object")
    work.message = reading.read(fields)


def _fold(work: _Work, reader: Reader) -> None:
    assert work.message is not None
    work.folded = fold(work.message.text)


def _judge(work: _Work, reader: Reader) -> None:
    assert work.message is not None
    work.hits, work.shadow = judged(work.message, reader.policy, folded=work.folded)


def _index(work: _Work, reader: Reader) -> None:
    work.words = reader.tokens.words_of_folded(work.folded)


def _tell(work: _Work, reader: Reader) -> None:
    message = work.message
    assert message is not None
    work.told = bundle.record_text(
        account=reader.account_id,
        seq=work.record.seq,
        msgid=message.msgid,
        conversation=message.conversation,
        associate=message.associate,
        client=message.client,
        sender_role=message.sender_role,
        kind=message.kind,
        sent_ms=message.sent_ms,
        text=message.text,
    )


def judged(
    message: Message, policy: Policy, *, folded: str | None = None
) -> tuple[tuple[Found, ...], tuple[Found, ...]]:
    """What policy finds in an archived message by itself: what counts, and what rules on trial found.

    Hits that a graver one of their category has said already count as evidence beside it. `folded` is the message's
    text as `fold` gives it, where that is known.
    """
    if not message.text:
        return (), ()
    verdict = judge(message.text, channel=CHANNEL, sender=message.sender_role, policy=policy, folded=folded)
    if verdict is ALLOWED:
        return (), ()
    return tuple(map(found_of, verdict.hits + verdict.supporting)), tuple(map(found_of, verdict.shadow))


def found_of(hit: Hit) -> Found:
    """A hit as it travels."""
    return Found(hit.rule, hit.severity, hit.action.word, hit.start, hit.end, hit.tier)


Gather = Callable[[], list[Outcome]]


class Openers:
    """Opens batches of records; starts one process a core when more than a few thousand have come.

    A context manager. A record that kills the process which opens it is told apart from its neighbours and given
    the code OPENER_DIED.
    """

    def __init__(
        self,
        opener: RecordOpener,
        policy: Policy,
        *,
        account_id: int,
        search_key: bytes,
        processes: int | None = None,
        pool_from: int | None = None,
    ) -> None:
        self._reading = Reading(opener, policy.rules, policy.version, account_id, search_key)
        self._reader = self._reading.reader(policy)
        self._processes = (os.cpu_count() or 1) if processes is None else processes
        self._pool_from = POOL_RECORDS_MIN if pool_from is None else pool_from
        self.pool: ProcessPoolExecutor | None = None
        self._seen = 0

    def __enter__(self) -> "Openers":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def versions(self) -> frozenset[int]:
        """The key versions it can open."""
        return self._reading.opener.versions

    def close(self) -> None:
        """End the processes."""
        if self.pool is not None:
            self.pool.shutdown(cancel_futures=True)
            self.pool = None

    def submit(self, records: Sequence[ArchiveRecord]) -> Gather:
        """Begin to open records; the answer waits for their outcomes, in order.

        One process opens all of them: hand over a page at a time and several ahead. Cut smaller, the processor would
        forget RSA and each step after it for every piece.
        """
        self._seen += len(records)
        if not self._wants_pool():
            return lambda: open_records(records, self._reader)
        future = self._send(records)
        return lambda: self._gathered(records, future)

    def start(self) -> None:
        """Start the processes now and wait until they are ready."""
        if self._wants_pool(at_once=True):
            ready = [self._started().submit(_ready) for _ in range(self._processes)]
            for one in ready:
                one.result()

    def _wants_pool(self, at_once: bool = False) -> bool:
        if self._processes < 2 or multiprocessing.current_process().daemon:
            return False
        return at_once or self.pool is not None or self._seen >= self._pool_from

    def _started(self) -> ProcessPoolExecutor:
        if self.pool is None:
            self.pool = ProcessPoolExecutor(
                self._processes,
                # A server has threads, and a fork of them may hold a lock for ever.
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_begin,
                initargs=(self._reading,),
            )
        return self.pool

    def _starts(self) -> bool:
        try:
            return self._started().submit(_ready).result()
        except BrokenProcessPool:
            self.close()
            return False

    def _send(self, records: Sequence[ArchiveRecord]) -> "Future[bytes] | None":
        try:
            return self._started().submit(_work, msgspec.msgpack.encode(records))
        except BrokenProcessPool:
            return None

    def _gathered(self, records: Sequence[ArchiveRecord], future: "Future[bytes] | None") -> list[Outcome]:
        try:
            if future is not None:
                return _OUTCOMES.decode(future.result())
        except BrokenProcessPool:
            pass
        self.close()
        return list(self._one_by_one(records))

    def _one_by_one(self, records: Sequence[ArchiveRecord]) -> Iterator[Outcome]:
        if not self._starts():
            log.error("no process to open the archive can be started; it is opened in this one")
            self._processes = 1
            yield from open_records(records, self._reader)
            return
        for record in records:
            try:
                yield from _OUTCOMES.decode(
                    self._started().submit(_work, msgspec.msgpack.encode([record])).result()
                )
            except BrokenProcessPool:
                self.close()
                log.error("record %s of the archive ended the process that opened it", record.seq)
                yield Outcome(None, (), OPENER_DIED, "opening it ended the process that did so")


_RECORDS = msgspec.msgpack.Decoder(list[ArchiveRecord])
_OUTCOMES = msgspec.msgpack.Decoder(list[Outcome])
_ENCODER = msgspec.msgpack.Encoder()
_mine: list[Reader] = []


def _begin(account: Reading) -> None:
    """What a process does first: compile the policy, and keep what lives for ever out of the collector's way."""
    _mine[:] = [account.reader()]
    os.nice(NICENESS)
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


def _ready() -> bool:
    return bool(_mine)


def _work(records: bytes) -> bytes:
    return _ENCODER.encode(open_records(_RECORDS.decode(records), _mine[0]))
