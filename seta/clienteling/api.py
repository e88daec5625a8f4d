"""What the mini program asks: who recommends a piece, with which words, and who a client's own advisors are."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.errors import HttpError

from seta.clienteling import queries
from seta.clienteling.rules import Refusal, Refused
from seta.people.auth import Client, ClientAuth

router = Router(auth=ClientAuth(), tags=["clienteling"])


class ShareOut(Schema):
    """The associate's name and note beside the product."""

    product_code: str
    associate_name: str
    boutique: str
    note: str


@router.get("/shares/{token}", response=ShareOut)
def read_share(request: HttpRequest, token: str) -> dict[str, Any]:
    """Who shared the product that this link opens."""
    client: Client = request.auth  # type: ignore[attr-defined]
    origin = queries.share_origin(house_id=client.house_id, token=token)
    if origin is None:
        raise HttpError(404, Refused(Refusal.NO_SHARE).text(client.language))
    return asdict(origin)


class AdvisorOut(Schema):
    """An associate of the client; `boutique` is its code, `is_primary` who looks after the client first."""

    name: str
    boutique: str
    is_primary: bool


@router.get("/advisors")
def my_advisors(request: HttpRequest) -> dict[str, Any]:
    """The associates whose contact the client is, the primary one first."""
    client: Client = request.auth  # type: ignore[attr-defined]
    found = queries.advisors_of(house_id=client.house_id, person_id=client.person_id)
    return {"advisors": [AdvisorOut(**asdict(one)) for one in found]}
