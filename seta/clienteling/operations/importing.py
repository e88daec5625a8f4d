"""Take a client book in from CSV with a report row by row, and give it out again, which is logged."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from seta.clienteling.models import (
    Associate,
    ClientBookEntry,
    ClientNote,
    ClientSize,
    ImportantDate,
    Preference,
)
from seta.clienteling.operations.book import add_entry, index_names
from seta.clienteling.rules import PHONE_TAIL_DIGITS, Refusal, Refused
from seta.clienteling.rules.importing import COLUMNS, ClientLine, ReadBook, RowProblem, read_book
from seta.kit.spreadsheets import inert
from seta.oversight.operations import append_audit
from seta.people import queries as people
from seta.people.operations import recognise, record_consent
from seta.people.rules import IdentityKey

EXPORT_COLUMNS = (
    "name",
    "phone_tail",
    "remark",
    "birthday",
    "language",
    "sizes",
    "preferences",
    "since",
    "role",
)


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or would do when `is_dry`; rows with a problem change nothing."""

    is_dry: bool
    rows: int
    added: int
    known: int
    problems: tuple[RowProblem, ...]


def import_clients(
    *, house_id: int, associate_id: int, data: bytes, is_dry: bool, now: datetime
) -> ImportReport:
    """Put the clients of a CSV file into an associate's book; a dry run reads and changes nothing.

    Every row is kept whole or not at all; none turns a client's no to messages into a yes. Raises Refused (UNKNOWN,
    INACTIVE).
    """
    associate = Associate.objects.filter(pk=associate_id, house_id=house_id).first()
    if associate is None:
        raise Refused(Refusal.UNKNOWN)
    if not associate.is_active:
        raise Refused(Refusal.INACTIVE)
    read = _without_withdrawn(house_id, read_book(data))
    known = sum(_is_in_book(associate, line) for line in read.lines)
    if not is_dry and read.lines:
        with transaction.atomic():
            ids = [_take_in(associate, line, now) for line in read.lines]
            for start in range(0, len(ids), 500):
                index_names(house_id=house_id, person_ids=ids[start : start + 500])
            details = {"associate": associate_id, "rows": len(ids), "problems": len(read.problems)}
            append_audit(house_id=house_id, kind="book.imported", details=details, now=now)
    bad_rows = len({problem.row for problem in read.problems})
    return ImportReport(is_dry, len(read.lines) + bad_rows, len(read.lines) - known, known, read.problems)


def _without_withdrawn(house_id: int, read: ReadBook) -> ReadBook:
    """The book without the rows that say yes for somebody whose newest answer is no, which are told as problems."""
    yes = [line.phone for line in read.lines if line.consents]
    known = {
        phone: person_id
        for start in range(0, len(yes), 500)
        for phone, person_id in people.find_many(
            house_id=house_id, kind="phone", app="", values=yes[start : start + 500]
        ).items()
    }
    refused = {phone for phone, person_id in known.items() if _messages_answer(person_id) is False}
    withdrawn = {line.row for line in read.lines if line.consents and line.phone in refused}
    problems = [RowProblem(row, "consent_messages", "withdrawn") for row in withdrawn]
    return ReadBook(
        tuple(line for line in read.lines if line.row not in withdrawn),
        tuple(sorted([*read.problems, *problems], key=lambda problem: problem.row)),
    )


def _messages_answer(person_id: int) -> bool | None:
    """The newest answer to being written to; None for silence."""
    said = {each.purpose: each.granted for each in people.consents(person_id)}
    return said.get("messages")


def _is_in_book(associate: Associate, line: ClientLine) -> bool:
    person_id = people.find(house_id=associate.house_id, kind="phone", app="", value=line.phone)
    if person_id is None:
        return False
    return ClientBookEntry.objects.filter(associate=associate, person_id=person_id).exists()


def _take_in(associate: Associate, line: ClientLine, now: datetime) -> int:
    identities = [IdentityKey("phone", "", line.phone)]
    house_id = associate.house_id
    person_id = recognise(
        house_id=house_id, identities=identities, now=now, display_name=line.name, language=line.language
    )
    entry, _ = add_entry(associate, person_id, external_userid="", way=None, now=now)
    entry.remark = line.remark or entry.remark
    entry.phone_tail = line.phone[-PHONE_TAIL_DIGITS:]
    entry.save(update_fields=["remark", "phone_tail"])
    _keep_known(associate, person_id, line, now)
    if line.consents is not None and line.consents is not _messages_answer(person_id):
        record_consent(
            house_id=house_id,
            person_id=person_id,
            purpose="messages",
            granted=line.consents,
            source=f"import by {associate.code}",
            now=now,
        )
    return person_id


def _keep_known(associate: Associate, person_id: int, line: ClientLine, now: datetime) -> None:
    whose: dict[str, Any] = {"house_id": associate.house_id, "person_id": person_id}
    kept = {"kept_by": associate, "kept_at": now}
    if line.birthday:
        month, day, year = line.birthday
        ImportantDate.objects.update_or_create(
            **whose, kind="birthday", label="", defaults={"month": month, "day": day, "year": year, **kept}
        )
    if line.size:
        category, system, value = line.size
        ClientSize.objects.update_or_create(
            **whose, category=category, defaults={"system": system, "value": value, **kept}
        )
    if line.preference:
        Preference.objects.get_or_create(**whose, kind="style", value=line.preference, defaults=kept)
    if line.note:
        ClientNote.objects.get_or_create(
            **whose,
            author=associate,
            visibility=ClientNote.Visibility.BOUTIQUE,
            text=line.note,
            defaults={"boutique": associate.boutique, "written_at": now},
        )


def export_book(*, house_id: int, associate_id: int, user_id: int, now: datetime) -> str:
    """An associate's book as CSV, without notes and with phone tails only; every export is logged."""
    if not Associate.objects.filter(pk=associate_id, house_id=house_id).exists():
        raise Refused(Refusal.UNKNOWN)
    entries = list(
        ClientBookEntry.objects.filter(associate_id=associate_id, ended_at__isnull=True).order_by(
            "since", "id"
        )
    )
    ids = [entry.person_id for entry in entries]
    named = people.cards(ids)
    sizes = _by_person(ClientSize.objects.filter(house_id=house_id, person_id__in=ids))
    tastes = _by_person(Preference.objects.filter(house_id=house_id, person_id__in=ids))
    births = {
        row.person_id: row
        for row in ImportantDate.objects.filter(house_id=house_id, person_id__in=ids, kind="birthday")
    }
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(EXPORT_COLUMNS)
    for entry in entries:
        person = named[entry.person_id]
        birth = births.get(entry.person_id)
        cells = [
            person.display_name,
            entry.phone_tail,
            entry.remark,
            _birthday(birth) if birth else "",
            person.language,
            sizes.get(entry.person_id, ""),
            tastes.get(entry.person_id, ""),
            entry.since.date().isoformat(),
            entry.role,
        ]
        writer.writerow([inert(cell) for cell in cells])
    details = {"associate": associate_id, "user": user_id, "clients": len(entries)}
    append_audit(house_id=house_id, kind="book.exported", details=details, now=now)
    return out.getvalue()


def _by_person(rows: Iterable[ClientSize | Preference]) -> dict[int, str]:
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(str(row))
    return {person: "; ".join(texts) for person, texts in found.items()}


def _birthday(row: ImportantDate) -> str:
    day = f"{row.month:02d}-{row.day:02d}"
    return f"{row.year}-{day}" if row.year else day


def template() -> str:
    """An empty file with the columns that can be imported."""
    return ",".join(COLUMNS) + "\r\n"
