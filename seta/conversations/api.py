"""The mini program's door to what a client and the house's account have written to each other."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from seta.conversations import queries
from seta.houses.queries import AccountMissing, account, house
from seta.people.auth import Client, ClientAuth

router = Router(auth=ClientAuth())

MESSAGES_MAX = 60


class TalkLine(Schema):
    """One message that reached its reader; `mine` when the client wrote it."""

    id: int
    mine: bool
    kind: str
    text: str
    sent_at: datetime


class TalkOut(Schema):
    """The account to write to, by the original id that `wx.openOfficialAccountProfile` takes, and the talk so far."""

    house: str
    username: str
    messages: list[TalkLine]


@router.get("/mine", response=TalkOut)
def my_talk(request: HttpRequest) -> dict[str, Any]:
    """The newest messages, in the order they were sent."""
    client: Client = request.auth  # type: ignore[attr-defined]
    try:
        username = account(client.house_id, "official_account").secrets.get("original_id", "")
    except AccountMissing:
        username = ""
    said = queries.heard_by(house_id=client.house_id, person_id=client.person_id, limit=MESSAGES_MAX)
    return {
        "house": house(client.house_id).name,
        "username": username,
        "messages": [
            {
                "id": one.id,
                "mine": one.direction == "in",
                "kind": one.kind,
                "text": one.body.split("\n")[0] if one.kind == "card" else one.body,
                "sent_at": one.sent_at,
            }
            for one in said
        ],
    }
