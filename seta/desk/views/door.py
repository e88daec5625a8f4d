"""Coming in and going out: sign in with a name and a password, sign out, and a lock after too many tries."""

import hashlib

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRedirect

from seta.desk.rules import LOCK_SECONDS, TRIES_MAX
from seta.houses.queries import member_of


@never_cache
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """The form, and behind it the desk; the language of the member is taken unless another was chosen."""
    if request.headers.get("HX-Request"):
        # A piece of an open page asked after the session had ended: the whole page must go.
        return HttpResponseClientRedirect(reverse("desk:sign_in"))
    if member_of(request.user.pk):
        return redirect(_next(request))
    if request.method != "POST":
        return _form(request, "", 200)
    username = request.POST.get("username", "").replace("\x00", "").strip()[:150]
    if cache.get(_tries_key(username), 0) >= TRIES_MAX:
        return _form(request, _("Too many tries. Wait 15 minutes, then try again."), 429)
    user = authenticate(request, username=username, password=request.POST.get("password", "")[:200])
    member = member_of(user.pk) if user else None
    if user is None or member is None:
        _count_try(username)
        return _form(request, _("The name or the password is not right. Check both and try again."), 403)
    cache.delete(_tries_key(username))
    login(request, user)
    response = redirect(_next(request))
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, member.language, samesite="Lax")
    return response


def sign_out(request: HttpRequest) -> HttpResponseBase:
    """End the session and forget the language, which is the next member's own."""
    if request.method == "POST":
        logout(request)
    response = redirect("desk:sign_in")
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
    return response


def _form(request: HttpRequest, error: str, status: int) -> HttpResponse:
    context = {
        "error": error,
        "username": request.POST.get("username", ""),
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "languages": settings.LANGUAGES,
    }
    return render(request, "desk/sign_in.html", context, status=status)


def _next(request: HttpRequest) -> str:
    asked = request.POST.get("next") or request.GET.get("next", "")
    if asked and url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}):
        return asked
    return reverse("desk:today")


def _tries_key(username: str) -> str:
    return "desk-tries-" + hashlib.sha256(username.casefold().encode()).hexdigest()[:32]


def _count_try(username: str) -> None:
    key = _tries_key(username)
    cache.add(key, 0, LOCK_SECONDS)
    cache.incr(key)
