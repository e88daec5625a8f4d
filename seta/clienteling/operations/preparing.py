"""What every message to clients needs first: leave to write to the client, pictures at WeCom, the card's appid."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from seta.clienteling.models import ClientBookEntry
from seta.clienteling.operations.contacting import must_be_contactable
from seta.clienteling.rules import Refusal, Refused
from seta.content import queries as content
from seta.conversations.rules import card_picture
from seta.houses import queries as houses
from seta.oversight.queries import client_wrote_at
from seta.people.queries import current_id

ANSWERING = timedelta(hours=48)
"""As long after a client's own words, or after they added the associate, a message is an answer to them."""
PNG = b"\x89PNG\r\n"


def may_write(*, house_id: int, person_id: int, associate_id: int, now: datetime) -> None:
    """Raise Refused (NO_CONSENT, BLACKOUT) unless this answers the client or they may be written to now."""
    person_id = current_id(person_id)
    wrote_at = client_wrote_at(house_id, person_id)
    came = ClientBookEntry.objects.filter(
        associate_id=associate_id, person_id=person_id, since__gt=now - ANSWERING, contact_way__isnull=False
    )
    if (wrote_at is not None and now - wrote_at < ANSWERING) or came.exists():
        return
    must_be_contactable(house_id=house_id, person_id=person_id, associate_id=associate_id, now=now)


def mini_program_of(house_id: int) -> str:
    """The appid of the house's mini program; raises AccountMissing."""
    return houses.account(house_id, "mini_program").app_id


def media_type_of(image: bytes) -> str:
    """What kind of picture the bytes are, by how they begin."""
    if image.startswith(PNG):
        return "image/png"
    return {b"RIFF": "image/webp", b"GIF8": "image/gif"}.get(image[:4], "image/jpeg")


def template_media(house_id: int, names: Sequence[str], *, moments: bool = False) -> list[str]:
    """Upload kept pictures to WeCom; returns their media ids. Raises Refused (NO_PICTURE) and PlatformError."""
    client, found = houses.wecom(house_id), []
    for name in names:
        image = content.picture(house_id, name)
        if image is None:
            raise Refused(Refusal.NO_PICTURE)
        send = client.upload_moment_image if moments else client.upload_image
        found.append(send(filename=f"{name[:12]}.png", content=image, media_type=media_type_of(image)))
    return found


def cover_picture(house_id: int, product_code: str, now: datetime) -> bytes:
    """The picture of a card: the product's approved one, else the house's own drawing."""
    rows = content.in_force(house_id, now=now, product_code=product_code) if product_code else []
    for row in rows:
        image = content.picture(house_id, row.sha256) if row.kind == "image" else None
        if image is not None:
            return image
    return card_picture(houses.house(house_id).accent)


def cover_of(house_id: int, product_code: str, now: datetime) -> str:
    """Upload a card's picture to WeCom; returns its media id. Raises PlatformError."""
    image = cover_picture(house_id, product_code, now)
    return houses.wecom(house_id).upload_image(
        filename="cover.png", content=image, media_type=media_type_of(image)
    )
