"""A house with a client and an associate, and a consultation of theirs with passes to its room."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from seta.consultations import operations, queries
from seta.consultations.queries import ConsultationCard
from seta.consultations.rules import ASSOCIATE, CLIENT, SUPERVISOR, RoomPass
from seta.houses.operations import hire
from seta.houses.queries import members
from seta.kit.ids import new_id
from seta.people.operations import recognise
from seta.people.rules import IdentityKey
from tests.conversations.world import make_house

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
START = NOON + timedelta(hours=2)
PASSWORD = "silk-road-2026"


@dataclass(frozen=True)
class Call:
    """A booked consultation at START for half an hour, and who takes part."""

    house: int
    person: int
    user: int
    supervisor: int
    card: ConsultationCard

    def one(self, role: str) -> RoomPass:
        """A pass as its link holds it, read back."""
        user = {CLIENT: 0, ASSOCIATE: self.user, SUPERVISOR: self.supervisor}[role]
        text = queries.client_pass(self.card)
        if role != CLIENT:
            text = queries.staff_pass(self.card, role=role, user_id=user)
        return queries.read_pass(text, now=NOON)

    @property
    def client(self) -> RoomPass:
        """The client's pass."""
        return self.one(CLIENT)

    @property
    def host(self) -> RoomPass:
        """The associate's pass."""
        return self.one(ASSOCIATE)


def make_call(*, starts_at: datetime = START, now: datetime = NOON, kind: str = "video") -> Call:
    """A new house of its own with one consultation booked."""
    code = new_id("h").replace("_", "-").lower()[:20]
    house, _account = make_house(code=code)
    for role in ("associate", "supervisor"):
        hire(house_id=house, username=f"{role}-{code}", password=PASSWORD, role=role, name=f"{role} 林悦")
    users = {member.role: member.user_id for member in members(house)}
    person = make_client(house, "o-chen")
    card = operations.book(
        house_id=house,
        person_id=person,
        user_id=users["associate"],
        host_name="林悦",
        kind=kind,
        starts_at=starts_at,
        minutes=30,
        now=now,
    )
    return Call(house, person, users["associate"], users["supervisor"], card)


def make_client(house: int, openid: str, *, now: datetime = NOON) -> int:
    """A client of a house."""
    key = IdentityKey("openid", f"wx-oa-{house}", openid)
    return recognise(house_id=house, identities=[key], now=now, display_name="陈晓")


def begin(call: Call, *, now: datetime = START) -> tuple[int, int]:
    """Both are in the room and see each other; the sessions of client and associate."""
    sessions = tuple(
        operations.enter(one=one, device=device, now=now).session
        for one, device in ((call.client, "phone"), (call.host, "desk"))
    )
    operations.note_connected(one=call.host, now=now)
    return sessions[0], sessions[1]
