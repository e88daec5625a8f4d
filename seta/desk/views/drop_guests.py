"""Whom a drop is for, and the report of how it was given out."""

from datetime import UTC, datetime

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from seta.clienteling import queries as clienteling
from seta.desk import labels, rules
from seta.desk.drop_forms import names
from seta.desk.rules import FormRefused, Refusal
from seta.desk.shell import form, language, page, show, tell, telling
from seta.desk.views.clients.reader import must_be_associate
from seta.drops import operations as drops
from seta.drops import queries
from seta.drops.rules import Kind, State
from seta.houses.access import StaffRequest

GUESTS_MAX = 5_000
BOOK_SHOWN = 300


@form("marketing", back="desk:drops")
def allocate(request: StaffRequest, drop_id: int) -> HttpResponseBase:
    """Give an associate pieces for clients of theirs."""
    with telling(request, _("The associate can name clients now.")):
        adviser = clienteling.associate(rules.number(request.POST.get("associate", "")))
        if adviser is None or adviser.house_id != request.member.house_id:
            raise FormRefused(Refusal.UNKNOWN_CHOICE)
        said = request.POST.get("pieces", "").strip()
        drops.allocate(
            house_id=request.member.house_id,
            drop_id=drop_id,
            associate_id=adviser.id,
            pieces=0 if said == "0" else rules.number(said),
            user_id=request.member.user_id,
            now=datetime.now(UTC),
        )
    return redirect("desk:drop", drop_id)


@form("marketing", back="desk:drops")
def invite(request: StaffRequest, drop_id: int) -> HttpResponseBase:
    """Invite every client of a tier of the client book."""
    house_id, tier = request.member.house_id, request.POST.get("tier", "")
    with telling(request):
        if tier not in labels.KINDS["tier_of_client"]:
            raise FormRefused(Refusal.UNKNOWN_CHOICE, tier[:40])
        rows = clienteling.client_book(house_id, tier=tier, is_open=True, limit=GUESTS_MAX)
        fresh = drops.invite(
            house_id=house_id,
            drop_id=drop_id,
            person_ids=[row.person_id for row in rows],
            reason=tier,
            user_id=request.member.user_id,
            now=datetime.now(UTC),
        )
        tell(
            request, ngettext("%(n)s client is invited.", "%(n)s clients are invited.", fresh) % {"n": fresh}
        )
    return redirect("desk:drop", drop_id)


@form("marketing", back="desk:drops")
def uninvite(request: StaffRequest, drop_id: int) -> HttpResponseBase:
    """Take back an invitation that was not used."""
    with telling(request, _("The invitation is taken back.")):
        drops.uninvite(
            house_id=request.member.house_id,
            drop_id=drop_id,
            person_id=rules.number(request.POST.get("person_id", "")),
            user_id=request.member.user_id,
            now=datetime.now(UTC),
        )
    return redirect("desk:drop", drop_id)


@page("drops")
def report(request: StaffRequest, drop_id: int) -> HttpResponse:
    """How a drop was given out: arrivals, order, refusals, where lapsed pieces went, and the draw's proof."""
    house_id = request.member.house_id
    found = queries.fairness(house_id=house_id, drop_id=drop_id)
    card = queries.drop(house_id=house_id, drop_id=drop_id, language=language())
    if found is None or card is None:
        raise Http404
    return show(request, "drops", "drops/report.html", {"report": found, "drop": card})


@page("drops")
def draw_record(request: StaffRequest, drop_id: int) -> HttpResponse:
    """The draw's record as a file, which `seta drops redo` checks with no database."""
    found = queries.draw_record(house_id=request.member.house_id, drop_id=drop_id)
    if found is None:
        raise Http404
    answer = JsonResponse(found, json_dumps_params={"indent": 2, "ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="draw-{found["drop"]}.json"'
    return answer


@page("clients")
def my_pieces(request: StaffRequest) -> HttpResponse:
    """The pieces that an associate may give, the clients who have them, and the book to choose from."""
    own, house_id = must_be_associate(request), request.member.house_id
    rows = []
    for card in queries.drops(house_id=house_id, language=language(), with_drafts=True):
        if card.kind != Kind.INVITED or card.state == State.CLOSED:
            continue
        given = [row for row in queries.allocations(drop_id=card.id) if row.associate_id == own.id]
        if given:
            named = queries.invitations(drop_id=card.id, associate_id=own.id)
            rows.append((card, given[0], named))
    book = clienteling.client_book(house_id, associate_id=own.id, is_open=True, limit=BOOK_SHOWN)
    context = {
        "rows": rows,
        "book": book,
        "names": names(row.person_id for _card, _given, named in rows for row in named),
    }
    return show(request, "clients", "drops/mine.html", context)


@form("associate", back="desk:my_pieces")
def name_client(request: StaffRequest, drop_id: int) -> HttpResponseBase:
    """Give a client of one's own book a piece."""
    own = must_be_associate(request)
    with telling(request, _("The piece is kept for this client.")):
        person_id = _of_book(request, own.id)
        drops.name_client(
            house_id=request.member.house_id,
            drop_id=drop_id,
            associate_id=own.id,
            person_id=person_id,
            user_id=request.member.user_id,
            now=datetime.now(UTC),
        )
    return redirect("desk:my_pieces")


@form("associate", back="desk:my_pieces")
def unname_client(request: StaffRequest, drop_id: int) -> HttpResponseBase:
    """Take a piece back from a client whom one has named, to give it to another."""
    own = must_be_associate(request)
    with telling(request, _("The piece can go to another client.")):
        person_id = rules.number(request.POST.get("person_id", ""))
        mine = queries.invitations(drop_id=drop_id, associate_id=own.id)
        if person_id not in {row.person_id for row in mine}:
            raise FormRefused(Refusal.UNKNOWN_CHOICE)
        drops.uninvite(
            house_id=request.member.house_id,
            drop_id=drop_id,
            person_id=person_id,
            user_id=request.member.user_id,
            now=datetime.now(UTC),
        )
    return redirect("desk:my_pieces")


def _of_book(request: StaffRequest, associate_id: int) -> int:
    """The client that the form names, if they are in the associate's book."""
    person_id = rules.number(request.POST.get("person_id", ""))
    try:
        contact = clienteling.contact_of(associate_id=associate_id, person_id=person_id)
    except ObjectDoesNotExist:
        contact = None
    if contact is None:
        raise FormRefused(Refusal.UNKNOWN_CHOICE)
    return person_id
