"""Fills an archive of its own for the search bench, asks it, and asks every message for the truth; prints JSON."""

import gc
import json
import os
import random
import resource
import sys
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction

from seta.site.boot import boot

boot()

from bench.search_talk import Talk  # noqa: E402  Django is ready only now
from seta.houses.operations import found_house  # noqa: E402
from seta.oversight import bodies  # noqa: E402
from seta.oversight.models import BodyKey  # noqa: E402
from seta.oversight.models.archive import checksum  # noqa: E402
from seta.oversight.operations.indexing import IndexRow, index_messages  # noqa: E402
from seta.oversight.rules.fold import fold, warm  # noqa: E402
from seta.oversight.search import index  # noqa: E402
from seta.oversight.search.finding import Filters, newest  # noqa: E402
from seta.people.models import Person  # noqa: E402

PEOPLE = 2_000
BATCH = 5_000
NEWEST = 50
HOTTEST = 40
START = datetime(2026, 1, 1, tzinfo=UTC)
_COLUMNS = (
    "id, house_id, account_id, seq, msgid, msgid_checksum, conversation, conversation_checksum, userid, "
    "external_userid, person_id, sender_role, kind, sealed_body, body_key_id, sent_at, archived_at, revokes, "
    "unread_parts"
)


def fill(house_id: int, number: int) -> tuple[list[str], float]:
    """Archive and index messages as the archive does; returns their folded texts and the seconds indexing took."""
    now = datetime.now(UTC)
    people = Person.objects.bulk_create(Person(house_id=house_id, created_at=now) for _ in range(PEOPLE))
    with transaction.atomic():
        bodies.keys_for(house_id=house_id, person_ids=[person.pk for person in people], now=now)
    keys = list(BodyKey.objects.filter(house_id=house_id))
    talk = Talk(7).messages(number)
    texts: list[str] = []
    spent = 0.0
    for start in range(1, number + 1, BATCH):
        batch = [next(talk) for _ in range(min(BATCH, number + 1 - start))]
        rows = [_row(house_id, start + place, text, keys) for place, text in enumerate(batch)]
        with transaction.atomic():
            _insert(rows)
            began = time.perf_counter()
            index_messages(
                [IndexRow(start + place, text) for place, text in enumerate(batch)], house_id=house_id
            )
            spent += time.perf_counter() - began
        texts.extend(map(fold, batch))
    index.settle()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return texts, spent


_ciphers: dict[int, Any] = {}


def _row(house_id: int, number: int, text: str, keys: Sequence[BodyKey]) -> tuple[Any, ...]:
    key = keys[number * 7919 % len(keys)]
    msgid = f"m{number}"
    sealed = bodies.seal(text.encode(), key=key, bound_to=f"{house_id}:{msgid}")
    client, at = f"wm{key.pk}", START + timedelta(seconds=number * 20)
    talk = f"sa{number % 50}:{client}"
    return (
        number, house_id, house_id, number, msgid, checksum(msgid), talk, checksum(talk), f"sa{number % 50}", client,
        key.person_id, "sa" if number % 2 else "client", "text", sealed, key.pk, at, at, "", 0,
    )  # fmt: skip


def _insert(rows: Sequence[tuple[Any, ...]]) -> None:
    marks = ", ".join(["%s"] * len(rows[0]))
    adapt = connection.ops.adapt_datetimefield_value
    plain = [(*row[:15], adapt(row[15]), adapt(row[16]), *row[17:]) for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO oversight_archivedmessage ({_COLUMNS}) VALUES ({marks})", plain)


class Scan:
    """Looks through every folded text, newest first: what a search must find."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._count = len(texts)
        self._whole = "\n".join(reversed(texts))
        self._starts = [0]
        for text in reversed(texts):
            self._starts.append(self._starts[-1] + len(text) + 1)

    def newest(self, term: str) -> list[int]:
        """The ids of the newest messages that hold the term."""
        found: list[int] = []
        at = self._whole.find(term)
        while at >= 0 and len(found) < NEWEST:
            place = bisect_right(self._starts, at) - 1
            found.append(self._count - place)
            at = self._whole.find(term, self._starts[place + 1])
        return found


def queries(texts: Sequence[str], number: int) -> tuple[list[str], list[str]]:
    """Random pieces of two to four characters that somebody said, and the pairs said most."""
    draw = random.Random(11)
    pieces: list[str] = []
    while len(pieces) < number:
        text, width = draw.choice(texts), 2 + len(pieces) % 3
        if len(text) >= width:
            at = draw.randrange(len(text) - width + 1)
            pieces.append(text[at : at + width])
    counted = Counter(pair for text in texts[:20_000] for pair in set(map(str.__add__, text, text[1:])))
    return pieces, [pair for pair, _ in counted.most_common(HOTTEST)]


def ask(
    house_id: int, terms: Sequence[str], filters: Filters
) -> tuple[list[tuple[float, float]], list[list[int]]]:
    """Milliseconds a question by the clock and of this thread, its words opened and rechecked; and what was found."""
    spent, found = [], []
    for term in terms:
        began, computed = time.perf_counter(), time.thread_time()
        page = newest(house_id=house_id, terms=(term,), filters=filters, before=None, limit=NEWEST)
        computed = time.thread_time() - computed
        spent.append(((time.perf_counter() - began) * 1000, computed * 1000))
        found.append([one.message_id for one in page])
    return spent, found


def measure(number: int, asked: int) -> dict[str, Any]:
    """Everything the bench reports about one store."""
    call_command("migrate", verbosity=0)
    warm()
    house_id = found_house(code="bench", name="Bench", kind="maison")
    texts, spent = fill(house_id, number)
    random_terms, hottest = queries(texts, asked)
    characters = sorted({term[0] for term in random_terms})[:HOTTEST]
    scan = Scan(texts)
    told: dict[str, Any] = {"messages": number, "indexed_a_second": round(number / spent)}
    # The million texts are here for the truth only; a server's collector does not walk over them.
    gc.collect()
    gc.freeze()
    ask(house_id, random_terms[:20], Filters())
    groups = {"random": random_terms, "hottest": hottest, "one_character": characters}
    missed = invented = 0
    for name, terms in groups.items():
        times, found = ask(house_id, terms, Filters())
        told[name] = _figures(times)
        for term, ids in zip(terms, found, strict=True):
            truth = scan.newest(term)
            missed += len(set(truth) - set(ids))
            invented += len(set(ids) - set(truth)) + (ids != truth)
    told["one_associate"] = _figures(ask(house_id, random_terms[:60], Filters(userid="sa7"))[0])
    told["scan_p50_ms"] = _figures([(_timed(scan, term), 0.0) for term in random_terms[:60]])["p50_ms"]
    told |= {"missed": missed, "invented": invented, "index_mb": _index_mb()}
    return told | {"resident_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}


def _timed(scan: Scan, term: str) -> float:
    began = time.perf_counter()
    scan.newest(term)
    return (time.perf_counter() - began) * 1000


def _figures(times: Sequence[tuple[float, float]]) -> dict[str, float]:
    """By the clock, and of this thread alone: what others do on the machine counts in the first only."""
    clock, own = (sorted(each[side] for each in times) for side in (0, 1))
    last = len(clock) - 1
    return {
        "queries": len(clock),
        "p50_ms": round(clock[last // 2], 3),
        "p99_ms": round(clock[int(last * 0.99)], 3),
        "max_ms": round(clock[last], 3),
        "thread_p50_ms": round(own[last // 2], 3),
        "thread_p99_ms": round(own[int(last * 0.99)], 3),
    }


def _index_mb() -> float:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sum(length(block)) FROM oversight_search_data")
        else:
            cursor.execute("SELECT pg_total_relation_size('oversight_search')")
        return round(float(cursor.fetchone()[0]) / 1e6, 1)


if __name__ == "__main__":
    os.nice(5)
    told = measure(int(sys.argv[1]), int(sys.argv[2]))
    Path(sys.argv[3]).write_text(json.dumps(told))
