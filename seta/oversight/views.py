"""The witness's door: others' servers bring their heads here to be signed; a head proves itself by its signature."""

import json
from datetime import UTC, datetime

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from seta.oversight.operations.witnessing import cosign, witness_key

BODY_BYTES_MAX = 64 << 10


@csrf_exempt
def witness(request: HttpRequest) -> JsonResponse:
    """GET tells the witness's public key; POST brings a head."""
    now = datetime.now(UTC)
    if request.method != "POST":
        return JsonResponse({"public": witness_key(now)})
    if len(request.body) > BODY_BYTES_MAX:
        return JsonResponse({"error": "a head with its proof takes less than 64 kB"}, status=413)
    try:
        told = json.loads(request.body)
    except (ValueError, RecursionError):
        told = None
    answer = cosign(told=told if isinstance(told, dict) else {}, now=now)
    return JsonResponse(dict(answer.body), status=answer.status)
