"""A business's own pages: claim it, add it, change what the guide says of it, give it photos."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from seta.guide.operations import keep_photo
from seta.guide.rules.hours import describe
from seta.kit.pictures import BYTES_MAX, BadPicture
from seta.partners import operations, queries
from seta.partners.poster import poster_pdf
from seta.partners.queries import Edited
from seta.partners.rules.form import hours_of, one, read_listing
from seta.partners.rules.refusals import PartnerRefused, Refusal
from seta.partners.rules.words import problem_words
from seta.partners.views import forms
from seta.partners.views.frame import Visit, anybody, partner, show, stopped, tell, warn

FORM_BYTES_MAX = 64_000
"""What a form with a photo carries beside the photo."""

FIGURES_DAYS = timedelta(days=30)
WHO = ("name", "role", "phone", "words")
ALT_MAX = 120


@partner
def claim(request: HttpRequest, visit: Visit, code: str) -> HttpResponseBase:
    """Say who you are, and the city will check that you speak for this business."""
    card = queries.listing(visit.house.id, code, day=visit.day, language=visit.language)
    if card is None:
        raise Http404
    who = _who(request)
    error = ""
    if request.method == "POST":
        try:
            operations.claim(
                house_id=visit.house.id,
                account_id=visit.account_id,
                listing=code,
                who=who,
                now=visit.now,
            )
        except PartnerRefused as refused:
            error = refused.text(visit.language)
        else:
            tell(request, visit.words["done_claim"])
            return redirect("partners:edit", visit.house.code, code)
    context = {"card": card, "code": code, "who": who, "error": error}
    return show(request, visit, "claim", context, status=422 if error else 200)


@partner
def new(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """Ask to be listed."""
    who = _who(request)

    def send(fields: Mapping[str, Any]) -> None:
        operations.propose_new(
            house_id=visit.house.id, account_id=visit.account_id, fields=fields, who=who, now=visit.now
        )

    if request.method == "POST":
        answer = _sent(request, visit, send, done="done_new", more={"who": who, "is_new": True})
        return answer or redirect("partners:home", visit.house.code)
    form = forms.of_fields(forms.BLANK, visit.language)
    return show(request, visit, "edit", {"form": form, "who": who, "is_new": True, "problems": {}})


@partner
def edit(request: HttpRequest, visit: Visit, code: str) -> HttpResponseBase:
    """Change what the guide says of a business; the city agrees first."""
    edited = _edited(visit, code)
    more = {
        "edited": edited,
        "code": code,
        "known": forms.known_facts(edited.card),
        "figures": queries.figures(
            visit.account_id,
            house_id=visit.house.id,
            code=code,
            since=visit.day - FIGURES_DAYS,
            now=visit.now,
        ),
        "few": queries.FEW,
    }

    def send(fields: Mapping[str, Any]) -> None:
        operations.propose_change(
            house_id=visit.house.id,
            account_id=visit.account_id,
            listing=code,
            fields=fields,
            vouches=request.POST.get("vouches") == "yes",
            now=visit.now,
        )

    if request.method == "POST":
        answer = _sent(request, visit, send, done="done_change", more=more)
        return answer or redirect("partners:edit", visit.house.code, code)
    form = forms.of_fields(edited.fields, visit.language)
    return show(request, visit, "edit", {"form": form, "problems": {}, "week": _week(visit, form), **more})


@anybody
def hours(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The next seven days by the hours that a form states: a piece of the page, asked for while they are typed."""
    sent = dict(request.GET.lists())
    try:
        spec = hours_of(sent, today=visit.day)
    except ValueError as bad:
        problem = problem_words({"opening_hours": bad.args[0]}, visit.language)
        return show(request, visit, "week", {"problem": problem["opening_hours"], "week": ()})
    return show(request, visit, "week", {"week": _days(visit, spec)})


@partner
def poster(request: HttpRequest, visit: Visit, code: str) -> HttpResponse:
    """The business's poster, by what the guide says of it now; not before the city has agreed who speaks for it."""
    edited = _edited(visit, code)
    if not edited.is_granted:
        raise Http404
    made = poster_pdf(edited.card, code=code, city=visit.house.name, accent=visit.house.accent)
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="poster-{code}.pdf"'
    add_never_cache_headers(answer)
    return answer


@require_POST
@partner
def withdraw(request: HttpRequest, visit: Visit, proposal_id: int) -> HttpResponseBase:
    """Take back what still waits."""
    try:
        operations.withdraw(
            house_id=visit.house.id, account_id=visit.account_id, proposal_id=proposal_id, now=visit.now
        )
    except PartnerRefused as refused:
        warn(request, visit, refused)
    else:
        tell(request, visit.words["done_withdraw"])
    return redirect("partners:home", visit.house.code)


@anybody
def _too_big(request: HttpRequest, visit: Visit, code: str) -> HttpResponse:
    return stopped(request, visit, PartnerRefused(Refusal.BIG_PHOTO), status=413)


@csrf_protect
@require_POST
@partner
def _add_photo(request: HttpRequest, visit: Visit, code: str) -> HttpResponseBase:
    edited = _edited(visit, code)
    sent = request.FILES.get("photo")
    try:
        kept = keep_photo(sent.read(BYTES_MAX + 1) if sent else b"")
    except BadPicture:
        reason = Refusal.BIG_PHOTO if sent and (sent.size or 0) > BYTES_MAX else Refusal.BAD_PHOTO
        warn(request, visit, PartnerRefused(reason))
        return redirect("partners:edit", visit.house.code, code)
    alt = one(dict(request.POST.lists()), "alt")[:ALT_MAX]
    others = [each for each in edited.fields["photos"] if each["sha256"] != kept["sha256"]]
    return _propose_photos(request, visit, code, [*others, {**kept, "zh": alt, "en": alt, "it": alt}])


@csrf_exempt
def add_photo(request: HttpRequest, house: str, code: str) -> HttpResponseBase:
    """Add a photo. One that is too big is refused by its announced length, before any of it is read.

    Exempt because the check of the form's token reads the whole body; it follows once the length is known to be fit.
    """
    announced = request.META.get("CONTENT_LENGTH") or ""
    if not announced.isdigit() or int(announced) > BYTES_MAX + FORM_BYTES_MAX:
        # Nothing of the body is looked at, and the page says so without it.
        request.content_type = ""
        return _too_big(request, house, code)
    return _add_photo(request, house, code)


@require_POST
@partner
def remove_photo(request: HttpRequest, visit: Visit, code: str, sha256: str) -> HttpResponseBase:
    """Ask that a photo be shown no longer."""
    photos = [each for each in _edited(visit, code).fields["photos"] if each["sha256"] != sha256]
    return _propose_photos(request, visit, code, photos)


def _propose_photos(
    request: HttpRequest, visit: Visit, code: str, photos: list[Mapping[str, Any]]
) -> HttpResponseBase:
    try:
        operations.propose_photos(
            house_id=visit.house.id,
            account_id=visit.account_id,
            listing=code,
            photos=photos,
            now=visit.now,
        )
    except PartnerRefused as refused:
        warn(request, visit, refused)
    else:
        tell(request, visit.words["done_change"])
    return redirect("partners:edit", visit.house.code, code)


def _sent(
    request: HttpRequest,
    visit: Visit,
    send: Callable[[Mapping[str, Any]], None],
    *,
    done: str,
    more: Mapping[str, Any],
) -> HttpResponse | None:
    """Read the form and send what it states: None when that is done, else the form again with what to change."""
    sent = dict(request.POST.lists())
    read = read_listing(sent, today=visit.day)
    form = forms.of_sent(sent, visit.language)
    if request.POST.get("do") == "preview":
        shown = {"form": form, "problems": {}, "week": _week(visit, form), **more}
        return show(request, visit, "edit", shown)
    refused = PartnerRefused(Refusal.BAD_FORM) if read.problems else None
    if refused is None:
        try:
            send(read.fields)
        except PartnerRefused as problem:
            refused = problem
        else:
            tell(request, visit.words[done])
            return None
    context = {
        "form": form,
        "problems": problem_words(read.problems, visit.language),
        "error": refused.text(visit.language),
        "week": _week(visit, form),
        **more,
    }
    return show(request, visit, "edit", context, status=422)


def _edited(visit: Visit, code: str) -> Edited:
    found = queries.edited(
        visit.account_id, house_id=visit.house.id, code=code, now=visit.now, language=visit.language
    )
    if found is None:
        raise Http404
    return found


def _week(visit: Visit, form: forms.ListingForm) -> list[tuple[str, str, str]]:
    try:
        spec = hours_of(form.sent, today=visit.day)
    except ValueError:
        return []
    return _days(visit, spec)


def _days(visit: Visit, spec: str) -> list[tuple[str, str, str]]:
    days = (visit.day + timedelta(days=ahead) for ahead in range(7))
    return [
        (
            forms.weekday(day.weekday(), visit.language),
            f"{day.day}/{day.month}",
            describe(spec, day, language=visit.language),
        )
        for day in days
    ]


def _who(request: HttpRequest) -> dict[str, str]:
    sent = dict(request.POST.lists())
    return {each: one(sent, f"who_{each}") for each in WHO}
