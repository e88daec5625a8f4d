"""The public keys of an address, for its receiver: a JSON Web Key Set that anybody may fetch."""

from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from seta.webhooks import queries
from seta.webhooks.rules.signing import jwk

KEPT_SECONDS = 300


@require_safe
def keys(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """The keys that sign for an address now (RFC 7517), each also in the specification's `whpk_` form."""
    found = queries.public_keys(endpoint_id, now=datetime.now(UTC))
    if found is None:
        raise Http404
    answer = JsonResponse({"keys": [{**jwk(one), "whpk": one} for one in found]})
    answer["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
