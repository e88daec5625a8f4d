"""How the till's API says no: one form, a code for programs, words in zh, en or it, and when to ask again."""

import math
import threading
import time
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja.responses import Status

from seta.houses.queries import AccountMissing
from seta.payments.auth import Till
from seta.payments.rules import till
from seta.payments.rules.refusals import PaymentRefused, Refusal, message
from seta.platforms.core.errors import PlatformError

Answer = Status[dict[str, Any]] | HttpResponse
Work = Callable[[Till], tuple[int, dict[str, Any]]]
BUCKET_SECONDS = 60

_STATUS = {
    Refusal.NOT_FOUND: 404,
    Refusal.KEY_REUSED: 409,
    Refusal.KEY_IN_FLIGHT: 409,
    Refusal.ALREADY_PAID: 409,
    Refusal.IN_PROGRESS: 409,
    Refusal.NEEDS_SECOND_PERSON: 403,
    Refusal.PROVIDER_UNAVAILABLE: 503,
}


class DoorRefusal(StrEnum):
    """Refusals of the door itself, before anything is asked of payments."""

    SCOPE_MISSING = "scope_missing"
    TOO_MANY_REQUESTS = "too_many_requests"
    KEY_TOO_LONG = "key_too_long"
    BAD_CURSOR = "bad_cursor"


_DOOR_STATUS = {DoorRefusal.SCOPE_MISSING: 403, DoorRefusal.TOO_MANY_REQUESTS: 429}

# Order: zh-Hans, en, it.
_TEXTS = {
    DoorRefusal.SCOPE_MISSING: (
        "此密钥无权进行该操作；请在后台签发新的密钥。",
        "This key may not do that; issue one with the scope at the desk.",
        "Questa chiave non può farlo; ne emetta una con quel permesso dal desk.",
    ),
    DoorRefusal.TOO_MANY_REQUESTS: (
        "请求过于频繁，请稍候。",
        "Too many requests; wait as long as Retry-After says.",
        "Troppe richieste; attenda quanto dice Retry-After.",
    ),
    DoorRefusal.KEY_TOO_LONG: (
        "Idempotency-Key 过长，最多 100 个字符。",
        "The Idempotency-Key is longer than 100 characters; send a shorter one.",
        "La Idempotency-Key supera 100 caratteri; ne mandi una più corta.",
    ),
    DoorRefusal.BAD_CURSOR: (
        "cursor 无效；请使用上一页返回的 next_cursor。",
        "The cursor is none of ours; send the next_cursor of the page before.",
        "Il cursor non è valido; mandi il next_cursor della pagina precedente.",
    ),
}


class DoorRefused(Exception):
    """A refusal of the door; `retry_after` in seconds when asking again will help."""

    def __init__(self, code: DoorRefusal, retry_after: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after = retry_after


_lock = threading.Lock()


def _take(caller: str) -> None:
    """One request of a caller; raises DoorRefused when they have to wait."""
    name = f"till-bucket-{caller}"
    with _lock:
        bucket, wait = till.take(cache.get(name), now=time.time())
        cache.set(name, bucket, BUCKET_SECONDS)
    if wait:
        raise DoorRefused(DoorRefusal.TOO_MANY_REQUESTS, math.ceil(wait))


def answer(request: HttpRequest, scope: till.Scope, work: Work) -> Answer:
    """Do the work for a caller who may, and turn every refusal into its form."""
    caller = request.auth  # type: ignore[attr-defined]
    assert isinstance(caller, Till)
    try:
        _take(caller.caller)
        if scope not in caller.scopes:
            raise DoorRefused(DoorRefusal.SCOPE_MISSING)
        status, body = work(caller)
    except DoorRefused as refusal:
        words = _in(_TEXTS[refusal.code], request)
        return problem(_DOOR_STATUS.get(refusal.code, 400), refusal.code, words, refusal.retry_after)
    except PaymentRefused as refusal:
        words = message(refusal.code, _language(request))
        status = _STATUS.get(refusal.code, 400)
        return problem(status, refusal.code, words, refusal.retry_after)
    except (PlatformError, AccountMissing):
        words = message(Refusal.PROVIDER_UNAVAILABLE, _language(request))
        return problem(503, Refusal.PROVIDER_UNAVAILABLE, words, 5)
    return Status(status, body)


def problem(status: int, code: str, words: str, retry_after: int | None = None) -> HttpResponse:
    """A refusal in its form."""
    response = JsonResponse({"error": {"code": str(code), "message": words}}, status=status)
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response


def _language(request: HttpRequest) -> str:
    return str(getattr(request, "LANGUAGE_CODE", "en"))


def _in(words: tuple[str, str, str], request: HttpRequest) -> str:
    chinese, english, italian = words
    said = _language(request).lower()
    return chinese if said.startswith("zh") else italian if said.startswith("it") else english


def words(code: str) -> dict[str, str]:
    """What a refusal of the door says in each language."""
    return dict(zip(("zh", "en", "it"), _TEXTS[DoorRefusal(code)], strict=True))
