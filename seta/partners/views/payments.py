"""A business's page about being paid through WeChat Pay: what it says, the papers it gives, and how far it is."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from seta.guide.rules.texts import language_index
from seta.partners import operations, queries
from seta.partners.queries import Edited, PaymentsCard
from seta.partners.rules import onboarding
from seta.partners.rules import onboarding_words as words
from seta.partners.rules.onboarding import BYTES_MAX, Document, Fault, State
from seta.partners.rules.onboarding_refusals import TEXTS, OnboardingRefused, Refusal
from seta.partners.views.frame import Visit, anybody, partner, show, stopped, tell, warn

FORM_BYTES_MAX = 64_000
"""What a form with a document carries beside it."""

_GROUPS = (
    ("business", ("legal_name", "legal_form", "category", "vat", "address", "website", "ticket")),
    ("bank", ("iban", "holder")),
    ("person", ("contact", "email", "phone")),
)
_TYPES = {"email": "email", "phone": "tel", "website": "url"}


@partner
def payments(request: HttpRequest, visit: Visit, code: str) -> HttpResponse | HttpResponseBase:
    """The form with what is known, and a save of it."""
    edited = _edited(visit, code)
    if request.method != "POST":
        card = _card(visit, code)
        return _page(request, visit, code, edited, fields=_fields(visit, card), card=card)
    read = onboarding.read(dict(request.POST.lists()))
    try:
        if read.faults:
            raise OnboardingRefused(Refusal.NOT_WHOLE)
        operations.save_payments(**_who(visit, code), fields=read.fields)
    except OnboardingRefused as refused:
        more: dict[str, Any] = {"faults": read.faults, "error": refused.text(visit.language), "status": 422}
        return _page(request, visit, code, edited, fields=read.fields, card=_card(visit, code), **more)
    tell(request, words.page_words(visit.language)["saved"])
    return _back(visit, code)


@require_POST
@partner
def ask(request: HttpRequest, visit: Visit, code: str) -> HttpResponseBase:
    """Hand the finished request to the city."""
    return _done(request, visit, code, "done_asked", lambda: operations.ask_for_payments(**_who(visit, code)))


@require_POST
@partner
def withdraw(request: HttpRequest, visit: Visit, code: str) -> HttpResponseBase:
    """Take the request back with everything in it, once the box beside the button is ticked."""
    if request.POST.get("sure") != "yes":
        return _back(visit, code)
    return _done(
        request, visit, code, "done_withdrawn", lambda: operations.withdraw_payments(**_who(visit, code))
    )


@require_POST
@partner
def take(request: HttpRequest, visit: Visit, code: str, kind: str) -> HttpResponseBase:
    """Delete a document that was given."""
    return _done(
        request,
        visit,
        code,
        "done_taken",
        lambda: operations.take_document_back(**_who(visit, code), kind=kind),
    )


@csrf_exempt
def give(request: HttpRequest, house: str, code: str, kind: str) -> HttpResponseBase:
    """Give a document. One that is too big is refused by its announced length, before any of it is read.

    Exempt because the check of the form's token reads the whole body; it follows once the length is known to be fit.
    """
    announced = request.META.get("CONTENT_LENGTH") or ""
    if not announced.isdigit() or int(announced) > BYTES_MAX + FORM_BYTES_MAX:
        request.content_type = ""
        return _too_big(request, house, code)
    return _give(request, house, code, kind)


@anybody
def _too_big(request: HttpRequest, visit: Visit, code: str) -> HttpResponse:
    return stopped(request, visit, OnboardingRefused(Refusal.BIG_DOCUMENT), status=413)


@csrf_protect
@require_POST
@partner
def _give(request: HttpRequest, visit: Visit, code: str, kind: str) -> HttpResponseBase:
    sent = request.FILES.get("file")
    if sent is not None and (sent.size or 0) > BYTES_MAX:
        warn(request, visit, OnboardingRefused(Refusal.BIG_DOCUMENT))
        return _back(visit, code)
    data = sent.read() if sent else b""
    return _done(
        request,
        visit,
        code,
        "done_given",
        lambda: operations.give_document(**_who(visit, code), kind=kind, data=data),
    )


def _done(
    request: HttpRequest, visit: Visit, code: str, done: str, act: Callable[[], None]
) -> HttpResponseBase:
    _edited(visit, code)
    try:
        act()
    except OnboardingRefused as refused:
        warn(request, visit, refused)
    else:
        tell(request, words.page_words(visit.language)[done])
    return _back(visit, code)


def _page(
    request: HttpRequest,
    visit: Visit,
    code: str,
    edited: Edited,
    *,
    fields: Mapping[str, str],
    card: PaymentsCard | None,
    faults: Mapping[str, Fault] | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    at = language_index(visit.language)
    state = State(card.state) if card else State.DRAFT
    is_over = state in (State.REFUSED, State.WITHDRAWN)
    given = {each.kind: each for each in card.documents} if card else {}
    names = words.field_names(visit.language)
    still = [names[name] for name in onboarding.missing(card.fields if card else {})]
    still += [words.DOCUMENTS[kind][at] for kind in Document if kind not in given]
    context = {
        "p": words.page_words(visit.language),
        "edited": edited,
        "code": code,
        "card": card,
        "state": str(state),
        "state_name": words.STATES[state][0][at],
        "state_text": words.STATES[state][1][at],
        "groups": _groups(fields, faults or {}, visit.language),
        "documents": [(str(kind), words.DOCUMENTS[kind][at], given.get(kind)) for kind in Document],
        "big": TEXTS[Refusal.BIG_DOCUMENT][("zh", "en", "it")[at]],
        "still": still,
        "error": error,
        "may_write": is_over or state in onboarding.EDITABLE,
        "may_withdraw": card is not None and state in onboarding.OPEN,
        "is_over": is_over,
    }
    return show(request, visit, "payments", context, status=status)


def _groups(
    fields: Mapping[str, str], faults: Mapping[str, Fault], language: str
) -> list[tuple[str, list[dict[str, Any]]]]:
    names, titles, at = words.field_names(language), words.page_words(language), language_index(language)

    def drawn(name: str) -> dict[str, Any]:
        return {
            "name": name,
            "label": names[name],
            "value": fields.get(name, ""),
            "said": onboarding.masked(fields.get(name, ""))
            if name == "iban"
            else words.said(name, fields.get(name, ""), language),
            "options": list(words.options(name, language).items()),
            "type": _TYPES.get(name, "text"),
            "mode": "numeric" if name in ("vat", "ticket") else "",
            "length": onboarding.LENGTHS[name],
            "is_optional": name in onboarding.OPTIONAL,
            "error": words.FAULTS[faults[name]][at] if name in faults else "",
        }

    return [(titles[title], [drawn(name) for name in group]) for title, group in _GROUPS]


def _fields(visit: Visit, card: PaymentsCard | None) -> Mapping[str, str]:
    if card is not None and card.fields:
        return card.fields
    assert visit.account is not None
    return {"email": visit.account.email}


def _card(visit: Visit, code: str) -> PaymentsCard | None:
    return queries.payments_of(visit.account_id, house_id=visit.house.id, code=code, now=visit.now)


def _edited(visit: Visit, code: str) -> Edited:
    found = queries.edited(
        visit.account_id, house_id=visit.house.id, code=code, now=visit.now, language=visit.language
    )
    if found is None or not found.is_granted:
        raise Http404
    return found


def _who(visit: Visit, code: str) -> dict[str, Any]:
    return {
        "house_id": visit.house.id,
        "account_id": visit.account_id,
        "listing": code,
        "now": visit.now,
    }


def _back(visit: Visit, code: str) -> HttpResponseBase:
    return redirect("partners:payments", visit.house.code, code)
