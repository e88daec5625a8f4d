"""The stores' door for the mini program: boutiques, slots, appointments, check-ins, calendar files."""

from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status
from pydantic import AwareDatetime, Field

from seta.people.auth import Client, ClientAuth
from seta.people.queries import current_id
from seta.stores import queries
from seta.stores.operations import BookingRefused, book, cancel, check_in, confirm, hold, move
from seta.stores.queries import AppointmentCard
from seta.stores.rules import Refusal, refusal_text

router = Router(auth=ClientAuth())

Body = Status[dict[str, Any]]

_STATUS = {
    Refusal.UNKNOWN_BOUTIQUE: 404,
    Refusal.UNKNOWN_APPOINTMENT: 404,
    Refusal.FULL: 409,
    Refusal.ALREADY_BOOKED: 409,
    Refusal.TOO_MANY: 409,
    Refusal.HOLD_EXPIRED: 409,
    Refusal.TOO_LATE: 409,
    Refusal.NOT_BOOKED: 409,
}


class AppointmentIn(Schema):
    """A wish for a time: the boutique's id or code, an instant with its offset, `visit` or `fitting`."""

    boutique_id: int | str
    starts_at: AwareDatetime
    kind: str = Field(default="visit", max_length=20)
    note: str = Field(default="", max_length=300)
    hold: bool = False


class MoveIn(Schema):
    """Another time for an appointment: an instant with its offset."""

    starts_at: AwareDatetime


class CheckInIn(Schema):
    """What the store's screen shows."""

    code: str = Field(max_length=80)


@router.get("/boutiques")
def boutiques(request: HttpRequest) -> dict[str, Any]:
    """The house's stores."""
    return {"boutiques": [asdict(card) for card in queries.boutiques(_client(request).house_id)]}


@router.get("/slots", response={200: dict[str, Any], 404: dict[str, Any]})
def slots(request: HttpRequest, boutique: str, day: date, kind: str = "visit") -> Body:
    """A day's slots with the seats left in each."""
    client = _client(request)
    found = queries.slots(client.house_id, boutique, day=day, kind=kind, now=datetime.now(UTC))
    if found is None:
        return _refused(Refusal.UNKNOWN_BOUTIQUE, client)
    return Status(200, {"slots": [asdict(slot) for slot in found]})


@router.post(
    "/appointments",
    response={201: dict[str, Any], 404: dict[str, Any], 409: dict[str, Any], 422: dict[str, Any]},
)
def make_appointment(request: HttpRequest, body: AppointmentIn) -> Body:
    """Book a time, or hold it for ten minutes."""
    client, now = _client(request), datetime.now(UTC)
    wish: dict[str, Any] = {
        "house_id": client.house_id,
        "person_id": client.person_id,
        "boutique": str(body.boutique_id),
        "starts_at": body.starts_at,
        "kind": body.kind,
        "now": now,
    }
    try:
        card = hold(**wish) if body.hold else book(**wish, note=body.note)
    except BookingRefused as refused:
        return _refused(refused.refusal, client)
    return Status(201, _appointment(card))


@router.get("/appointments")
def my_appointments(request: HttpRequest) -> dict[str, Any]:
    """The client's own appointments."""
    cards = queries.appointments_of(_client(request).person_id)
    return {"appointments": [_appointment(card) for card in cards]}


@router.get("/appointments/{public_id}.ics", auth=None, include_in_schema=True)
def calendar(request: HttpRequest, public_id: str, sig: str = "") -> HttpResponse:
    """The calendar file behind a signed address; calendars open it without a session."""
    content = queries.calendar_file(public_id, sig)
    if content is None:
        return HttpResponse("this link is not valid\n", status=404, content_type="text/plain; charset=utf-8")
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8; method=REQUEST")
    response["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return response


@router.post(
    "/appointments/{public_id}/confirm",
    response={200: dict[str, Any], 404: dict[str, Any], 409: dict[str, Any]},
)
def confirm_appointment(request: HttpRequest, public_id: str) -> Body:
    """Turn a hold into an appointment."""
    client = _client(request)
    try:
        card = confirm(public_id=public_id, person_id=client.person_id, now=datetime.now(UTC))
    except BookingRefused as refused:
        return _refused(refused.refusal, client)
    return Status(200, _appointment(card))


@router.post(
    "/appointments/{public_id}/cancel",
    response={200: dict[str, Any], 404: dict[str, Any], 409: dict[str, Any]},
)
def cancel_appointment(request: HttpRequest, public_id: str) -> Body:
    """Give a time back."""
    client = _client(request)
    try:
        card = cancel(public_id=public_id, person_id=client.person_id, now=datetime.now(UTC))
    except BookingRefused as refused:
        return _refused(refused.refusal, client)
    return Status(200, _appointment(card))


@router.post(
    "/appointments/{public_id}/move",
    response={200: dict[str, Any], 404: dict[str, Any], 409: dict[str, Any], 422: dict[str, Any]},
)
def move_appointment(request: HttpRequest, public_id: str, body: MoveIn) -> Body:
    """Give an appointment another time in the same boutique; the old one is free at once."""
    client = _client(request)
    try:
        card = move(
            house_id=client.house_id,
            person_id=client.person_id,
            public_id=public_id,
            starts_at=body.starts_at,
            now=datetime.now(UTC),
        )
    except BookingRefused as refused:
        return _refused(refused.refusal, client)
    return Status(200, _appointment(card))


@router.post("/check-ins", response={201: dict[str, Any], 422: dict[str, Any]})
def make_check_in(request: HttpRequest, body: CheckInIn) -> Body:
    """Check in at a store with the code on its screen."""
    client = _client(request)
    try:
        card = check_in(
            house_id=client.house_id, person_id=client.person_id, code=body.code, now=datetime.now(UTC)
        )
    except BookingRefused as refused:
        return _refused(refused.refusal, client)
    return Status(201, asdict(card))


def _client(request: HttpRequest) -> Client:
    """Who asks, as the person they are today: a session may name one who was merged since."""
    client: Client = request.auth  # type: ignore[attr-defined]
    return replace(client, person_id=current_id(client.person_id))


def _appointment(card: AppointmentCard) -> dict[str, Any]:
    fields = asdict(card)
    fields["appointment_id"] = fields.pop("id")
    for private in ("house_id", "person_id", "person_name"):
        del fields[private]
    return fields


def _refused(refusal: Refusal, client: Client) -> Body:
    error = {"code": refusal.value, "message": refusal_text(refusal, client.language)}
    return Status(_STATUS.get(refusal, 422), {"error": error})
