"""Search in archived conversations: for a named purpose, with people under pseudonyms, every question logged.

The words come by POST, so that they stand in no address, no server's log and no browser's history.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.http import HttpResponse

from seta.clienteling.queries import names_by_userid
from seta.desk import labels
from seta.desk.shell import language, show, zone_of
from seta.desk.views.review_doors import ask_purpose, associate_name, masked, pass_of, reviewing
from seta.houses.access import StaffRequest
from seta.oversight.operations.searching import (
    QUERY_CHARS_MAX,
    Filters,
    QueryRefused,
    SearchHit,
    search_archive,
)

FIELD_CHARS_MAX = 128
FIELDS = ("q", "associate", "role", "kind", "since", "until", "hits")


@dataclass(frozen=True)
class Entry:
    """A message found, with the names this reviewer may see."""

    hit: SearchHit
    associate: str
    client: str


@reviewing
def archive_search(request: StaffRequest) -> HttpResponse:
    """The newest messages that hold every word, with filters; older ones by the button below."""
    now = datetime.now(UTC)
    held = pass_of(request, now)
    if held is None:
        return ask_purpose(request, {"tab": "search"})
    limits = {"q": QUERY_CHARS_MAX + 1}
    asked = {name: request.POST.get(name, "").strip()[: limits.get(name, FIELD_CHARS_MAX)] for name in FIELDS}
    before = request.POST.get("before", "")
    context = {
        "tab": "search",
        "held": held,
        "asked": asked,
        "associates": sorted(names_by_userid(request.member.house_id).items(), key=lambda each: each[1]),
        "roles": list(labels.SENDER.items()),
        "kinds": list(labels.MESSAGE_KIND.items()),
        "query_chars_max": QUERY_CHARS_MAX,
        "entries": [],
    }
    if request.method == "POST":
        try:
            found = search_archive(
                house_id=request.member.house_id,
                user_id=request.member.user_id,
                query=asked["q"],
                purpose=held.purpose,
                filters=_filters(request, asked),
                before=int(before) if before.isdecimal() and len(before) < 19 else None,
                now=now,
            )
        except QueryRefused as refused:
            context["problem"] = refused.text(language())
        else:
            context["entries"] = [_entry(request, hit) for hit in found.hits]
            context["older"] = found.next_before
            context["was_asked"] = True
    return show(request, "review", "review/search.html", context)


def _filters(request: StaffRequest, asked: Mapping[str, str]) -> Filters:
    until = _day(request, asked["until"])
    return Filters(
        userid=asked["associate"],
        sender_role=asked["role"] if asked["role"] in labels.SENDER else "",
        kind=asked["kind"] if asked["kind"] in labels.MESSAGE_KIND else "",
        since=_day(request, asked["since"]),
        until=until + timedelta(days=1) if until else None,
        hits_only=bool(asked["hits"]),
    )


def _day(request: StaffRequest, written: str) -> datetime | None:
    """The beginning of a day of the house; what is no day asks for nothing."""
    try:
        return datetime.combine(date.fromisoformat(written), time(), zone_of(request))
    except (ValueError, OverflowError):
        return None


def _entry(request: StaffRequest, hit: SearchHit) -> Entry:
    return Entry(
        hit=hit,
        associate=associate_name(request, hit.userid, revealed=False) if hit.userid else "",
        client=masked(request, "client", hit.external_userid) if hit.external_userid else "",
    )
