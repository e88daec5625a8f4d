"""What every page of the desk forbids itself: scripts, frames and addresses that are not ours."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

CONTENT_POLICY = (
    "default-src 'self'; img-src 'self' data:; media-src 'self' blob:; style-src 'self' 'unsafe-inline';"
    " object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""A message that a client wrote can therefore run nothing, even if a template forgot to escape it."""


def content_policy(
    answer: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Put the policy on the desk's pages; the API's own documentation page brings its scripts inline."""

    def guarded(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        if request.path.startswith("/desk/"):
            response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
        return response

    return guarded
