"""What the mini program asks about a share: who recommends this, and with which words."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.errors import HttpError

from seta.clienteling import queries
from seta.people.auth import ClientAuth

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
    origin = queries.share_origin(house_id=request.auth.house_id, token=token)  # type: ignore[attr-defined]
    if origin is None:
        raise HttpError(404, "此推荐链接无效，请直接浏览商品。")
    return asdict(origin)
