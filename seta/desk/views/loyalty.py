"""Loyalty from the desk: rules that two people put live once the linter is content, and each client's ledger."""

from datetime import UTC, datetime

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from seta.desk.shell import form, language, page, show, tell, telling, warn, words_of
from seta.houses.access import StaffRequest
from seta.houses.queries import members
from seta.kit.words import in_language
from seta.loyalty import operations, queries
from seta.loyalty.rules.bribes import lint
from seta.loyalty.rules.deeds import way_name
from seta.loyalty.rules.program import Unreadable, read
from seta.loyalty.rules.refusals import LoyaltyRefused
from seta.loyalty.rules.sample import SAMPLE
from seta.people.queries import PersonCard, cards

ROLES = ("marketing", "supervisor")
STATE = {
    "proposed": gettext_lazy("Waits for a colleague"),
    "live": gettext_lazy("Live"),
    "retired": gettext_lazy("Retired"),
    "withdrawn": gettext_lazy("Withdrawn"),
}
TONE = {"proposed": "warn", "live": "ok", "retired": "", "withdrawn": ""}
Row = tuple[int, str, tuple[str, ...]]


@page("loyalty")
def overview(request: StaffRequest) -> HttpResponse:
    """The rules in force, how many stand where, every version, and the next one to write."""
    return _overview(request, written="")


def _overview(request: StaffRequest, *, written: str, status: int = 200) -> HttpResponse:
    house_id, now = request.member.house_id, datetime.now(UTC)
    live = queries.live_rules(house_id)
    versions = queries.rule_sets(house_id)
    start = next((row.text for row in versions if row.state == "live"), SAMPLE)
    counts = dict(queries.tier_counts(house_id, now))
    context = {
        "live": live,
        "name": in_language(live.program.name, language()) if live else "",
        "tiers": _tiers(live, counts),
        "ways": [(way_name(way, language()), terms) for way, terms in live.program.earnings.items()]
        if live
        else [],
        "versions": versions,
        "people": _people(house_id, now, live),
        "members": _names(house_id),
        "states": STATE,
        "tones": TONE,
        "text": written or start,
        "lines": _judged(written) if written else (),
        "checked": bool(written),
    }
    return show(request, "loyalty", "loyalty/overview.html", context, status=status)


def _names(house_id: int) -> dict[int, str]:
    return {member.user_id: member.name for member in members(house_id)}


def _tiers(live: queries.LiveRules | None, counts: dict[str, int]) -> list[tuple[str, int, list[str], int]]:
    """(name, from, rights, people) of every tier, in the reader's language."""
    if live is None:
        return []
    return [
        (
            in_language(tier.name, language()),
            tier.start,
            [in_language(live.program.rights[right].name, language()) for right in tier.rights],
            counts.get(tier.code, 0),
        )
        for tier in live.program.tiers
    ]


def _people(
    house_id: int, now: datetime, live: queries.LiveRules | None
) -> list[tuple[int, str, queries.Standing]]:
    """Who earned something last, with their standing."""
    if live is None:
        return []
    ids = queries.newest_people(house_id)
    known, points = cards(ids), queries.totals(ids, now)
    return [
        (
            person_id,
            _called(known[person_id]),
            queries.standing_of(live.program, points.get(person_id, 0), language()),
        )
        for person_id in ids
    ]


def _called(card: PersonCard) -> str:
    """A client's name, or their number while the house does not know it."""
    return card.display_name or _("Client no. %(number)s") % {"number": card.id}


def _judged(text: str) -> list[Row]:
    """Every line with what is wrong with it, in the reader's language."""
    said: dict[int, list[str]] = {}
    for finding in lint(text):
        said.setdefault(finding.line, []).append(f"“{finding.phrase}”: {finding.reason(language())}")
    try:
        read(text)
    except Unreadable as unreadable:
        for problem in unreadable.problems:
            said.setdefault(problem.line, []).append(problem.text(language()))
    lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    return [(number, line, tuple(said.get(number, ()))) for number, line in enumerate(lines, start=1)]


@form(*ROLES, back="desk:loyalty")
def propose(request: StaffRequest) -> HttpResponseBase:
    """Check what is written, or keep it for a colleague to put live."""
    text = request.POST.get("text", "").replace("\r\n", "\n")
    if "check" in request.POST:
        return _overview(request, written=text)
    try:
        made = operations.propose_rules(
            house_id=request.member.house_id,
            text=text,
            user_id=request.member.user_id,
            now=datetime.now(UTC),
        )
    except LoyaltyRefused as refused:
        warn(request, words_of(refused))
        return _overview(request, written=text, status=422)
    tell(request, _("The rules wait for a colleague."))
    return redirect("desk:loyalty_rules", made)


@page("loyalty")
def rule_set(request: StaffRequest, rule_set_id: int) -> HttpResponse:
    """A version line by line, what speaks against it, and the next step."""
    card = _rule_set(request, rule_set_id)
    rows = _judged(card.text)
    context = {
        "card": card,
        "lines": rows,
        "troubles": [(number, word) for number, _line, words in rows for word in words],
        "members": _names(request.member.house_id),
        "states": STATE,
        "tones": TONE,
        "is_own": card.author_id == request.member.user_id,
    }
    return show(request, "loyalty", "loyalty/rules.html", context)


def _rule_set(request: StaffRequest, rule_set_id: int) -> queries.RuleSetCard:
    card = queries.rule_set(request.member.house_id, rule_set_id)
    if card is None:
        raise Http404
    return card


@form(*ROLES, back="desk:loyalty")
def decide(request: StaffRequest, rule_set_id: int, verb: str) -> HttpResponseBase:
    """Put a colleague's rules live, or withdraw a proposal."""
    steps = {
        "live": (operations.put_live, _("The rules are live.")),
        "withdraw": (operations.withdraw_rules, _("The proposal is withdrawn.")),
    }
    if verb not in steps:
        raise Http404
    _rule_set(request, rule_set_id)
    step, done = steps[verb]
    with telling(request, done):
        step(
            house_id=request.member.house_id,
            rule_set_id=rule_set_id,
            user_id=request.member.user_id,
            now=datetime.now(UTC),
        )
    return redirect("desk:loyalty_rules", rule_set_id)


@page("loyalty")
def person(request: StaffRequest, person_id: int) -> HttpResponse:
    """A client's standing and how they earned it."""
    _of_house(request, person_id)
    now = datetime.now(UTC)
    card = cards([person_id])[person_id]
    context = {
        "person": card,
        "name": _called(card),
        "standing": queries.standing(person_id, now, language=language()),
        "rows": queries.earned(person_id, now, language=language()),
    }
    return show(request, "loyalty", "loyalty/person.html", context)


def _of_house(request: StaffRequest, person_id: int) -> None:
    if queries.house_of(person_id) != request.member.house_id:
        raise Http404


@form(*ROLES, back="desk:loyalty")
def workshop(request: StaffRequest, person_id: int) -> HttpResponseBase:
    """Note that a client took part in a workshop."""
    _of_house(request, person_id)
    with telling(request):
        written = operations.note_workshop(
            house_id=request.member.house_id,
            person_id=person_id,
            workshop=request.POST.get("workshop", "").strip(),
            user_id=request.member.user_id,
            now=datetime.now(UTC),
        )
        tell(request, _("The workshop is noted.") if written else _("It was noted before, or earns nothing."))
    return redirect("desk:loyalty_person", person_id)
