"""The room of a consultation as client, associate and supervisor see it, and the client's page behind a link."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from seta.consultations import operations, queries
from seta.consultations.queries import ConsultationCard
from seta.consultations.rules import CLIENT, ConsultationRefused, Refusal, consent_words
from seta.houses import queries as houses
from seta.kit.clock import BEIJING

LANGUAGES = (("zh-hans", "中文"), ("en", "English"), ("it", "Italiano"))
POLICY = (
    "default-src 'self'; img-src 'self' data:; media-src 'self' blob:; style-src 'self' 'unsafe-inline';"
    " object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def client_page(request: HttpRequest, token: str) -> HttpResponse:
    """What a client's link opens: lobby and call while the room is open, else when it is or how it ended."""
    language = _language(request)
    with translation.override(language), timezone.override(BEIJING):
        now = datetime.now(UTC)
        try:
            card = _card_of(token, now)
        except ConsultationRefused as refused:
            status = 404 if refused.refusal is Refusal.UNKNOWN else 403
            return _alone(request, "unavailable", {"reason": refused.text(language)}, status=status)
        house = houses.house(card.house_id)
        context = {
            "card": card,
            "house": house,
            "token": token,
            "is_open": card.is_open(now),
            "is_coming": card.state == "booked" and now < card.starts_at,
            "config": config(card, token, role=CLIENT, language=language),
            "home_time": card.starts_at,
            "home_zone": house.timezone,
        }
        return _alone(request, "client", context)


def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar file of a client's link."""
    try:
        card = _card_of(token, datetime.now(UTC))
    except ConsultationRefused as refused:
        return HttpResponse(
            refused.text(_language(request)), status=403, content_type="text/plain; charset=utf-8"
        )
    body = queries.calendar(card, language=_language(request))
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="consultation.ics"'
    return response


@require_POST
def cancel(request: HttpRequest, token: str) -> HttpResponseBase:
    """The client gives the time back."""
    now = datetime.now(UTC)
    try:
        operations.cancel_by_client(one=queries.read_pass(token, now=now), now=now)
    except ConsultationRefused as refused:
        with translation.override(_language(request)):
            reason = refused.text(_language(request))
            return _alone(request, "unavailable", {"reason": reason}, status=409)
    return redirect("consultation_of_client", token)


def _card_of(token: str, now: datetime) -> ConsultationCard:
    """The consultation behind a client's link; raises ConsultationRefused."""
    one = queries.read_pass(token, now=now)
    card = queries.consultation(house_id=one.house_id, public_id=one.public_id)
    if one.role != CLIENT:
        raise ConsultationRefused(Refusal.BAD_LINK)
    if card is None:
        raise ConsultationRefused(Refusal.UNKNOWN)
    return card


def _language(request: HttpRequest) -> str:
    """Chinese unless the address asks for another."""
    asked = request.GET.get("lang", "")
    return asked if asked in dict(LANGUAGES) else "zh-hans"


def _alone(request: HttpRequest, page: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    language = _language(request)
    shown = {**context, "languages": LANGUAGES, "language": language}
    response = render(request, f"desk/consultations/{page}.html", shown, status=status)
    return guarded(response)


def guarded(response: HttpResponse) -> HttpResponse:
    """Only this page may use camera and microphone here, and its address, which is a key, goes nowhere else."""
    response["Content-Security-Policy"] = POLICY
    response["Permissions-Policy"] = "camera=(self), microphone=(self), geolocation=()"
    # Not "no-referrer": browsers then send the form without an origin, and its token is refused.
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    add_never_cache_headers(response)
    return response


def config(card: ConsultationCard, token: str, *, role: str, language: str) -> dict[str, Any]:
    """What the scripts of a room need to know."""
    return {
        "pass": token,
        "role": role,
        "kind": card.kind,
        "language": language,
        "ice": queries.ice_servers(),
        "consent": consent_words(language),
        "words": words(card),
    }


def words(card: ConsultationCard) -> dict[str, str]:
    """What the scripts say, in the language in force."""
    return {
        "waiting": _("Waiting for the other side"),
        "connecting": _("Connecting"),
        "connected": _("Connected"),
        "weak": _("The connection is weak; it comes back by itself"),
        "reconnecting": _("The connection was lost; trying again"),
        "no_devices": _(
            "Camera or microphone cannot be used. Allow them in the browser's settings, then try again."
        ),
        "insecure": _("This browser gives no camera here. Open the link in Safari or Chrome."),
        "recording_on": _("Recording has begun"),
        "recording_off": _("Recording has stopped"),
        "listener": _("A supervisor listens"),
        "mute": _("Mute"),
        "unmute": _("Unmute"),
        "camera_off": _("Camera off"),
        "camera_on": _("Camera on"),
        "asked": _("Waiting for the other side's consent"),
        "declined": _("Not recorded"),
        "elsewhere": _("This place was opened in another window."),
        "over": _("The consultation is over"),
        "thanks": _("Thank you for your time."),
        "you": _("You"),
        "client": card.person_name or _("Client"),
        "associate": card.host_name,
        "supervisor": card.listener_name or _("Supervisor"),
    }
