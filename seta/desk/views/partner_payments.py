"""Requests of businesses to be paid through WeChat Pay: checked here, handed to the acquirer, its answer entered."""

from datetime import UTC, date, datetime

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from seta.desk.doing import by
from seta.desk.shell import form, language, page, show, telling
from seta.houses.access import StaffRequest
from seta.houses.queries import members
from seta.partners import operations, queries
from seta.partners.operations import Paper
from seta.partners.rules import onboarding_words as words
from seta.partners.rules.onboarding import FIELDS, REASONED, Document

ROLE = "marketing"
BACK = "desk:partner_payments"
_AT = {"zh": 0, "en": 1, "it": 2}


@page("guide")
def requests(request: StaffRequest) -> HttpResponse:
    """Every request, what moved last first."""
    house_id, now = request.member.house_id, datetime.now(UTC)
    rows = [(row, _state(row.state)) for row in queries.payment_requests(house_id, now=now)]
    return show(request, "guide", "guide/payments.html", {"rows": rows})


@page("guide")
def one(request: StaffRequest, request_id: int) -> HttpResponse:
    """A request with what may be done next; its bank details are shown to whoever answers it."""
    house_id, now = request.member.house_id, datetime.now(UTC)
    card = queries.payment_request(house_id, request_id, now=now)
    if card is None:
        raise Http404
    may_decide = request.member.role in (ROLE, "admin")
    names = words.field_names(language())
    titles = {str(kind): told[_at()] for kind, told in words.DOCUMENTS.items()}
    context = {
        "row": card,
        "state": _state(card.state),
        "fields": [
            (names[name], words.said(name, card.fields[name], language()))
            for name in FIELDS
            if may_decide and card.fields.get(name)
        ],
        "papers": [(each, titles[each.kind]) for each in card.documents],
        "steps": [(each, _step(each.what)) for each in card.steps],
        "names": {member.user_id: member.name for member in members(house_id)},
        "may_decide": may_decide,
        "is_whole": len(card.documents) == len(Document),
        "may_want_more": card.state in ("asked", "sent"),
        "may_refuse": card.state in REASONED,
        "changed_by_me": card.bank_changed_by == request.member.user_id,
    }
    return show(request, "guide", "guide/payment_request.html", context)


@form(ROLE, back=BACK)
def open_paper(request: StaffRequest, request_id: int, what: str) -> HttpResponseBase:
    """A document, once it is said why; who opens it is in the log."""
    with telling(request):
        return _file(
            operations.open_paper(
                **by(request), request_id=request_id, kind=what, reason=request.POST.get("reason", "")
            )
        )
    return redirect("desk:partner_payment", request_id)


@form(ROLE, back=BACK)
def hand_over(request: StaffRequest, request_id: int) -> HttpResponseBase:
    """The whole request as one file for the acquirer's form; from then on the request is with the acquirer."""
    with telling(request):
        return _file(operations.hand_over(**by(request), request_id=request_id))
    return redirect("desk:partner_payment", request_id)


@form(ROLE, back=BACK)
def answer(request: StaffRequest, request_id: int) -> HttpResponseBase:
    """Ask the business for more, or refuse, with a reason that it reads."""
    refuses = request.POST.get("choice") == "refuse"
    act = operations.refuse_payments if refuses else operations.want_more
    with telling(request, _("The business is told.")):
        act(**by(request), request_id=request_id, reason=request.POST.get("reason", ""))
    return redirect("desk:partner_payment", request_id)


@form(ROLE, back=BACK)
def correct_bank(request: StaffRequest, request_id: int) -> HttpResponseBase:
    """Other bank details than the business wrote; a colleague then has to enter the approval."""
    with telling(request, _("The bank details are changed; a colleague has to enter the approval.")):
        operations.correct_bank(
            **by(request),
            request_id=request_id,
            iban=request.POST.get("iban", ""),
            holder=request.POST.get("holder", ""),
            reason=request.POST.get("reason", ""),
        )
    return redirect("desk:partner_payment", request_id)


@form(ROLE, back=BACK)
def approve(request: StaffRequest, request_id: int) -> HttpResponseBase:
    """Enter that the acquirer agreed, with its number for the business and from which day."""
    try:
        accepts_from = date.fromisoformat(request.POST.get("accepts_from", ""))
    except ValueError:
        accepts_from = None
    with telling(request, _("The guide shows WeChat Pay as confirmed today, and the business is told.")):
        operations.approve_payments(
            **by(request),
            request_id=request_id,
            sub_mchid=request.POST.get("sub_mchid", "").strip(),
            accepts_from=accepts_from,
        )
    return redirect("desk:partner_payment", request_id)


def _file(paper: Paper) -> HttpResponse:
    response = HttpResponse(paper.data, content_type=paper.media_type)
    response["Content-Disposition"] = f'attachment; filename="{paper.name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def _at() -> int:
    return _AT.get(language()[:2], 1)


def _state(state: str) -> str:
    return words.STATES[state][0][_at()]


def _step(what: str) -> str:
    told = {"opened": _("document opened"), "bank": _("bank details changed")}
    return told.get(what) or _state(what)
