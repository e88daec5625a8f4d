"""The forms that give a piece its pictures at the desk: add, say what it shows, move to the front, remove."""

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from seta.boutique import operations
from seta.desk.doing import by
from seta.desk.piece_forms import refused
from seta.desk.shell import REFUSED, form, tell
from seta.desk.views.stock import piece_page
from seta.houses.access import StaffRequest
from seta.kit.pictures import BYTES_MAX

ROLE = "marketing"
LANGUAGES = ("zh", "en", "it")


def _alt(request: StaffRequest) -> dict[str, str]:
    return {each: request.POST.get(f"alt_{each}", "") for each in LANGUAGES}


@form(ROLE, back="desk:products")
def add(request: StaffRequest, variant_id: int) -> HttpResponseBase:
    """Put a picture at the end of the piece's."""
    sent = request.FILES.get("picture")
    image = sent.read(BYTES_MAX + 1) if sent else b""
    try:
        operations.add_picture(**by(request), variant_id=variant_id, image=image, alt=_alt(request))
    except REFUSED as problem:
        return piece_page(request, variant_id, refused(request, "picture", problem))
    tell(request, _("The picture is added."))
    return redirect("desk:piece", variant_id)


@form(ROLE, back="desk:products")
def change(request: StaffRequest, variant_id: int, picture_id: int, verb: str) -> HttpResponseBase:
    """Say anew what a picture shows, move it one place to the front, or remove it."""
    if verb not in ("words", "forward", "remove"):
        raise Http404
    try:
        if verb == "words":
            operations.describe_picture(**by(request), picture_id=picture_id, alt=_alt(request))
        elif verb == "forward":
            operations.advance_picture(**by(request), picture_id=picture_id)
        else:
            operations.remove_picture(**by(request), picture_id=picture_id)
    except REFUSED as problem:
        return piece_page(request, variant_id, refused(request, f"{verb}-{picture_id}", problem))
    tell(request, _("The pictures are changed."))
    return redirect("desk:piece", variant_id)
