"""What anybody may see of the boutique without the mini program: the pictures of its pieces."""

from django.http import Http404, HttpRequest, HttpResponse

from seta.boutique import queries


def picture(request: HttpRequest, sha256: str) -> HttpResponse:
    """A picture's JPEG; its address is its content, so it may be kept for ever."""
    data = queries.picture_file(sha256)
    if data is None:
        raise Http404
    answer = HttpResponse(data, content_type="image/jpeg")
    answer["Cache-Control"] = "public, max-age=31536000, immutable"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
