"""What a browser in a consultation asks and tells, with the pass of its link; and a client's own list, by session.

Refusals are raised as ConsultationRefused; the composition root answers them by `refused`.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.security import HttpBearer
from pydantic import Field

from seta.consultations import operations, queries, rules
from seta.consultations.queries import ConsultationCard, RoomView
from seta.consultations.rules import PIECE_BYTES_MAX, ConsultationRefused, Refusal, RoomPass, consent_words
from seta.kit.clock import BEIJING
from seta.kit.words import in_language
from seta.oversight.operations.recordings import RecordingUnreadable
from seta.people.auth import Client, ClientAuth

_STATUS = {
    Refusal.BAD_LINK: 401,
    Refusal.LINK_EXPIRED: 401,
    Refusal.UNKNOWN: 404,
    Refusal.NO_ASSOCIATE: 404,
    Refusal.NOT_YOURS: 403,
    Refusal.NOT_ANNOUNCED: 403,
    Refusal.TOO_LARGE: 413,
}


class PassAuth(HttpBearer):
    """Lets in who shows the pass of a link; `request.auth` is then a RoomPass."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The pass; raises ConsultationRefused (BAD_LINK, LINK_EXPIRED)."""
        return queries.read_pass(token, now=datetime.now(UTC))


room_router = Router(auth=PassAuth())
router = Router(auth=ClientAuth())


def refused(request: HttpRequest, problem: ConsultationRefused) -> tuple[int, dict[str, Any]]:
    """The status and body of a refusal, in the caller's language."""
    error = {"code": problem.refusal.value, "message": problem.text(_language(request))}
    return _STATUS.get(problem.refusal, 409), {"error": error}


class AnswerIn(Schema):
    """A yes or a no to being recorded."""

    granted: bool


class StartIn(Schema):
    """What the browser records into, such as video/webm;codecs=vp8,opus."""

    media_type: str = Field(max_length=80)


class QualityIn(Schema):
    """What the browser measured."""

    measured: dict[str, float | None] = Field(max_length=20)


class WishIn(Schema):
    """A call that a client books alone; `agreed` is their yes to the words of `/hosts`."""

    associate: int
    kind: str = Field(max_length=10)
    starts_at: datetime
    minutes: int
    topic: str = Field("", max_length=120)
    agreed: bool = False


@room_router.get("/state")
def state(request: HttpRequest) -> dict[str, Any]:
    """How the room stands."""
    return _told(queries.room_view(_pass(request), now=datetime.now(UTC)), _language(request))


@room_router.post("/connected")
def connected(request: HttpRequest) -> dict[str, Any]:
    """The browser sees the other one."""
    return _done(request, lambda one, now: operations.note_connected(one=one, now=now))


@room_router.post("/consent")
def consent(request: HttpRequest, body: AnswerIn) -> dict[str, Any]:
    """Agree to being recorded, or withdraw."""
    language = _language(request)
    return _done(
        request,
        lambda one, now: operations.answer(one=one, granted=body.granted, language=language, now=now),
    )


@room_router.post("/recording")
def begin(request: HttpRequest, body: StartIn) -> dict[str, Any]:
    """Begin to record; the answer's `id` goes into the address of each piece."""
    return {"id": operations.start(one=_pass(request), media_type=body.media_type, now=datetime.now(UTC))}


@room_router.post("/recording/stop")
def stop(request: HttpRequest) -> dict[str, Any]:
    """Stop recording."""
    return _done(request, lambda one, now: operations.stop(one=one, now=now))


@room_router.post("/recording/{recording_id}/pieces/{place}")
def piece(request: HttpRequest, recording_id: int, place: int) -> dict[str, Any]:
    """The next piece, as it left the recorder; the body is the piece."""
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > PIECE_BYTES_MAX:
        raise ConsultationRefused(Refusal.TOO_LARGE)
    try:
        kept = operations.add_piece(
            one=_pass(request),
            recording_id=recording_id,
            place=place,
            data=request.body,
            now=datetime.now(UTC),
        )
    except RecordingUnreadable as problem:
        raise ConsultationRefused(Refusal.NOT_RECORDING) from problem
    return {"pieces": kept}


@room_router.post("/quality")
def quality(request: HttpRequest, body: QualityIn) -> dict[str, Any]:
    """Round trip, jitter, loss and bytes as the browser measured them."""
    return _done(
        request, lambda one, now: operations.report_quality(one=one, measured=body.measured, now=now)
    )


@room_router.post("/hang-up")
def hang_up(request: HttpRequest) -> dict[str, Any]:
    """End the call for both."""
    return _done(request, lambda one, now: operations.hang_up(one=one, now=now))


@router.get("/")
def mine(request: HttpRequest) -> dict[str, Any]:
    """The client's consultations with their links, latest first."""
    client = _client(request)
    found = queries.consultations_of(house_id=client.house_id, person_id=client.person_id)
    return {"consultations": [_row(card) for card in found]}


@router.get("/hosts")
def hosts(request: HttpRequest) -> dict[str, Any]:
    """With whom the client may book a call, for how long, and what they agree to."""
    client = _client(request)
    found = queries.hosts_of(house_id=client.house_id, person_id=client.person_id)
    return {
        "hosts": [{"id": one.associate_id, "name": one.name, "boutique": one.boutique} for one in found],
        "minutes": list(rules.SELF_MINUTES),
        "words": in_language(rules.CALL_WORDS, client.language),
    }


@router.get("/free")
def free(request: HttpRequest, associate: int, day: date, minutes: int) -> dict[str, Any]:
    """When a call may begin on a day of the house's: by its clock, and by Beijing's beside it."""
    client = _client(request)
    times = queries.free_times(
        house_id=client.house_id,
        person_id=client.person_id,
        associate_id=associate,
        day=day,
        minutes=minutes,
        now=datetime.now(UTC),
    )
    return {
        "times": [
            {
                "starts_at": at.isoformat(),
                "label": f"{at:%H:%M}",
                "beijing": f"{at.astimezone(BEIJING):%m-%d %H:%M}",
            }
            for at in times
        ]
    }


@router.post("/")
def book(request: HttpRequest, body: WishIn) -> dict[str, Any]:
    """Book a call with one's own associate; the same wish again is the same call."""
    client = _client(request)
    card = operations.book_by_client(
        house_id=client.house_id,
        person_id=client.person_id,
        associate_id=body.associate,
        kind=body.kind,
        starts_at=body.starts_at,
        minutes=body.minutes,
        agreed=body.agreed,
        language=client.language,
        topic=body.topic,
        now=datetime.now(UTC),
    )
    return _row(card)


@router.post("/{public_id}/cancel")
def cancel(request: HttpRequest, public_id: str) -> dict[str, Any]:
    """Give one's own time back."""
    client = _client(request)
    card = queries.consultation(house_id=client.house_id, public_id=public_id)
    if card is None or card.person_id != client.person_id:
        raise ConsultationRefused(Refusal.UNKNOWN)
    now = datetime.now(UTC)
    return _row(operations.cancel(house_id=client.house_id, public_id=public_id, by="client", now=now))


def _row(card: ConsultationCard) -> dict[str, Any]:
    return {
        "id": card.id,
        "kind": card.kind,
        "host": card.host_name,
        "topic": card.topic,
        "starts_at": card.starts_at.isoformat(),
        "minutes": card.minutes,
        "state": card.state,
        "url": queries.client_link(card),
    }


def _told(view: RoomView, language: str) -> dict[str, Any]:
    card = view.consultation
    return {
        "state": card.state,
        "role": view.role,
        "present": view.present,
        "answers": view.answers,
        "recording": view.recording_id,
        "pieces": view.recording_pieces,
        "listener": view.listener_name,
        "started_at": card.started_at.isoformat() if card.started_at else None,
        "consent_words": consent_words(language),
        "is_open": card.is_open(datetime.now(UTC)),
    }


def _done(request: HttpRequest, work: Callable[[RoomPass, datetime], object]) -> dict[str, Any]:
    """Do it, and answer how the room stands afterwards."""
    one, now = _pass(request), datetime.now(UTC)
    work(one, now)
    return _told(queries.room_view(one, now=now), _language(request))


def _pass(request: HttpRequest) -> RoomPass:
    one = request.auth  # type: ignore[attr-defined]
    assert isinstance(one, RoomPass)
    return one


def _client(request: HttpRequest) -> Client:
    client = request.auth  # type: ignore[attr-defined]
    assert isinstance(client, Client)
    return client


def _language(request: HttpRequest) -> str:
    return request.headers.get("accept-language", "zh")[:2].lower()
