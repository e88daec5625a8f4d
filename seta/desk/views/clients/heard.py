"""What can be heard of a client: consultations, and the archive's voice messages and calls, played for a purpose."""

from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseBase, StreamingHttpResponse

from seta.consultations import queries as consultations
from seta.desk import labels, rules
from seta.desk.shell import language, page
from seta.desk.views.clients.reader import of_house, own_of
from seta.houses.access import StaffRequest
from seta.oversight.operations.recordings import RecordingUnreadable, open_heard
from seta.oversight.queries.heard import heard_of
from seta.oversight.rules.review import Purpose, Refusal, Refused

TYPES = {"amr": "audio/amr", "mp3": "audio/mpeg", "m4a": "audio/mp4", "ogg": "audio/ogg", "wav": "audio/wav"}


def calls_of(request: StaffRequest, person_id: int) -> dict[str, Any]:
    """What the tab of calls shows; one is put into a player once its purpose is said."""
    purpose = request.GET.get("purpose", "")
    return {
        "consultations": consultations.consultations_of(
            house_id=request.member.house_id, person_id=person_id
        ),
        "heard": heard_of(house_id=request.member.house_id, person_id=person_id),
        "purposes": {one.value: labels.KINDS["purpose"][one.value] for one in Purpose},
        "purpose": purpose,
        "playing": rules.whole(request.GET.get("media", "")) if purpose else 0,
    }


@page("clients")
def hear(request: StaffRequest, person_id: int, media_id: int) -> HttpResponseBase:
    """A voice message or a call as WeCom kept it; the reading is logged. `download` saves it."""
    own = own_of(request)
    try:
        opened = open_heard(
            house_id=request.member.house_id,
            person_id=of_house(request, person_id),
            media_id=media_id,
            user_id=request.member.user_id,
            own_userid=own.userid if own else "",
            purpose=request.GET.get("purpose", ""),
            now=datetime.now(UTC),
        )
    except RecordingUnreadable as problem:
        raise Http404 from problem
    except Refused as refused:
        if refused.refusal is Refusal.UNKNOWN:
            raise Http404 from refused
        raise PermissionDenied(refused.text(language())) from refused
    ending = opened.name.rpartition(".")[2].lower()
    response = StreamingHttpResponse(
        opened.pieces, content_type=TYPES.get(ending, "application/octet-stream")
    )
    response["Content-Length"] = str(opened.size)
    where = "attachment" if "download" in request.GET else "inline"
    response["Content-Disposition"] = (
        f'{where}; filename="voice-{media_id}.{ending if ending in TYPES else "bin"}"'
    )
    response["Cache-Control"] = "private, no-store"
    return response
