"""A person's own copy of everything that a house keeps of them, in the words of the person."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from zoneinfo import ZoneInfo

from seta.boutique.queries import OrderView, orders_of_person
from seta.boutique.queries.service import order_service
from seta.clienteling.queries.profile import notes_on, profile
from seta.consultations.queries import consultations_of
from seta.conversations.queries import follows_of, messages_of
from seta.guide.queries import plans_of
from seta.houses import queries as houses
from seta.kit import money
from seta.loyalty.queries import earned
from seta.oversight.queries.archive import archived_days
from seta.people import queries as people
from seta.privacy.rules import language_of
from seta.privacy.words import CODED, meaning, word
from seta.stores.queries import appointments_of, visits_of

ROWS_MAX = 10_000


@dataclass(frozen=True)
class Field:
    """One value of a row under its label."""

    label: str
    value: str


@dataclass(frozen=True)
class Section:
    """What one part keeps; a row is a thing, such as an order."""

    code: str
    title: str
    rows: tuple[tuple[Field, ...], ...]


@dataclass(frozen=True)
class OwnCopy:
    """Everything, with who keeps it; times are the house's."""

    house: str
    made_at: datetime
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class _Reader:
    """For whom the copy is made: values are written for them, empty ones are left out."""

    house_id: int
    person_id: int
    language: str
    zone: tzinfo
    now: datetime
    sections: list[Section] = field(default_factory=list)

    def row(self, **values: object) -> tuple[Field, ...]:
        """Fields in the order given."""
        written = ((label, self._text(self._said(label, value))) for label, value in values.items())
        return tuple(Field(word(label.rstrip("_"), self.language), text) for label, text in written if text)

    def add(self, code: str, rows: Iterable[tuple[Field, ...]]) -> None:
        """A section, unless it is empty."""
        kept = tuple(row for row in rows if row)
        if kept:
            self.sections.append(Section(code, word(code, self.language), kept))

    def _said(self, label: str, value: object) -> object:
        return meaning(value, self.language) if label in CODED and isinstance(value, str) else value

    def _text(self, value: object) -> str:
        match value:
            case None:
                return ""
            case bool():
                return word("yes" if value else "no", self.language)
            case datetime():
                return value.astimezone(self.zone).strftime("%Y-%m-%d %H:%M")
            case date():
                return value.isoformat()
            case tuple() | list():
                return "; ".join(text for one in value if (text := self._text(one)))
            case _:
                return str(value)


def own_copy(*, house_id: int, person_id: int, tag: str, now: datetime) -> OwnCopy:
    """What the house keeps of a person, section by section; `tag` is the reader's language."""
    house = houses.house(house_id)
    reader = _Reader(house_id, person_id, language_of(tag), ZoneInfo(house.timezone), now)
    for tell in (_person, _orders, _visits, _plans, _membership, _book, _talk):
        tell(reader)
    return OwnCopy(house.name, now, tuple(reader.sections))


def _person(to: _Reader) -> None:
    card = people.card(to.person_id)
    names = [f"{kind} {app} {value}" for kind, app, value in people.identities(to.person_id)]
    to.add(
        "person",
        [
            to.row(name=card.display_name, language=card.language, city=card.city, since=card.created_at),
            *(to.row(identity=" ".join(name.split())) for name in names),
        ],
    )
    given = people.consents(to.person_id)
    to.add("answers", [to.row(purpose=one.purpose, answer=one.granted, at=one.at) for one in given])


def _orders(to: _Reader) -> None:
    found = orders_of_person(
        house_id=to.house_id, person_id=to.person_id, language=to.language, limit=ROWS_MAX
    )
    to.add("orders", [_order(to, one) for one in found])


def _order(to: _Reader, one: OrderView) -> tuple[Field, ...]:
    service = order_service(order_id=one.id, house_id=to.house_id, language=to.language, now=to.now)
    assert service is not None
    where = service.way.address
    parts = (
        (where.recipient, where.phone, where.country, where.postcode, where.region, where.street)
        if where
        else ()
    )
    return to.row(
        number=one.number,
        state=one.state,
        total=money.text(one.total, one.currency),
        at=one.placed_at,
        piece=[f"{line.name} {line.label} × {line.quantity}" for line in one.lines],
        store=one.boutique,
        address=" ".join(part for part in parts if part),
        card=service.gift.card_text if service.gift else "",
        invoice=[f"{paper.title} {paper.tax_number} {paper.email}".strip() for paper in service.fapiao],
    )


def _visits(to: _Reader) -> None:
    booked = appointments_of(to.person_id, limit=ROWS_MAX)
    came = visits_of(to.person_id, limit=ROWS_MAX)
    to.add(
        "visits",
        [
            *(
                to.row(
                    store=one.boutique_name, kind=one.kind, at=one.starts_at, state=one.state, note=one.note
                )
                for one in booked
            ),
            *(to.row(store=one.boutique, at=one.checked_in_at, kind=one.means) for one in came),
        ],
    )
    calls = consultations_of(house_id=to.house_id, person_id=to.person_id)
    to.add(
        "calls",
        [
            to.row(with_=one.host_name, kind=one.kind, at=one.starts_at, state=one.state, topic=one.topic)
            for one in calls
        ],
    )


def _plans(to: _Reader) -> None:
    found = plans_of(person_id=to.person_id, language=to.language, limit=ROWS_MAX)
    to.add(
        "plans",
        [
            to.row(
                day=one.day,
                stops=[f"{stop.start} {stop.name}" for stop in one.stops],
                interests=one.interests,
                at=one.created_at,
            )
            for one in found
        ],
    )


def _membership(to: _Reader) -> None:
    rows = earned(to.person_id, to.now, language=to.language)
    to.add(
        "membership",
        [to.row(at=one.at, for_=f"{one.way_name} {one.label}", points=one.counts) for one in rows],
    )


def _book(to: _Reader) -> None:
    known = profile(
        house_id=to.house_id, person_id=to.person_id, reader=None, now=to.now, language=to.language
    )
    standing = [to.row(tier=known.tier)] if known.orders else []
    to.add(
        "book",
        [
            *standing,
            *(to.row(size=f"{one.category} {one.system} {one.value}", note=one.note) for one in known.sizes),
            *(to.row(taste=f"{one.kind}: {one.value}") for one in known.preferences),
            *(to.row(date=f"{one.month}-{one.day} {one.kind} {one.label}") for one in known.dates),
            *(to.row(owned=f"{one.name} {one.size}".strip(), note=one.note) for one in known.pieces),
            *(to.row(wish=one.name, note=one.note, at=one.added_at) for one in known.wishes),
            *(
                to.row(note=one.text, with_=one.author, at=one.written_at)
                for one in notes_on(house_id=to.house_id, person_id=to.person_id)
            ),
        ],
    )


def _talk(to: _Reader) -> None:
    spells = follows_of(to.person_id)
    to.add(
        "follows",
        [to.row(followed=one.followed_at, unfollowed=one.unfollowed_at, scene=one.scene) for one in spells],
    )
    said = messages_of(house_id=to.house_id, person_id=to.person_id, limit=ROWS_MAX)
    to.add("messages", [_message(to, one.direction, one.body or one.kind, one.sent_at) for one in said])
    days = archived_days(house_id=to.house_id, person_id=to.person_id, zone=to.zone, limit=ROWS_MAX)
    to.add(
        "chats",
        [
            *(to.row(at=day.last_at, count=day.received + day.sent) for day in days),
            *([to.row(note=word("copy", to.language))] if days else []),
        ],
    )


def _message(to: _Reader, direction: str, body: str, at: datetime) -> tuple[Field, ...]:
    who = word("you" if direction == "in" else "house", to.language)
    return (Field(f"{at.astimezone(to.zone):%Y-%m-%d %H:%M} {who}", body),)
