"""Messages in a house's archive as the archive itself keeps them, for tests of what reads them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from seta.oversight import bodies
from seta.oversight.models import ArchivedMessage, BodyKey
from seta.oversight.operations.indexing import IndexRow, index_messages


@dataclass(frozen=True)
class Said:
    """One message to keep."""

    text: str
    userid: str = "linyue"
    client: str = "wm1"
    role: str = "sa"
    kind: str = "text"
    person_id: int | None = None
    after: timedelta = timedelta()


def keep(house_id: int, said: Sequence[Said | str], *, at: datetime, is_indexed: bool = True) -> list[int]:
    """Archive messages in order, a second apart, and index them; returns their ids."""
    with transaction.atomic():
        rows = []
        first = ArchivedMessage.objects.filter(account_id=house_id).count() + 1
        wanted = [Said(each) if isinstance(each, str) else each for each in said]
        people = {each.person_id for each in wanted}
        bodies.keys_for(house_id=house_id, person_ids=people, now=at)
        live = BodyKey.objects.filter(house_id=house_id, destroyed_at=None)
        keys = {key.person_id: key for key in live}
        for place, each in enumerate(wanted):
            key, seq = keys[each.person_id], first + place
            body = each.text.encode("utf-8", "replace")
            sealed = bodies.seal(body, key=key, bound_to=f"{house_id}:m{seq}")
            rows.append(
                ArchivedMessage(
                    house_id=house_id, account_id=house_id, seq=seq, msgid=f"m{seq}",
                    conversation=f"{each.userid}:{each.client}", userid=each.userid,
                    external_userid=each.client, person_id=each.person_id, sender_role=each.role,
                    kind=each.kind, sealed_body=sealed, body_key=key,
                    sent_at=at + timedelta(seconds=place) + each.after, archived_at=at,
                )
            )  # fmt: skip
        ArchivedMessage.objects.bulk_create(rows)
        if is_indexed:
            texts = [each.text for each in wanted]
            index_messages(
                [IndexRow(row.pk, text) for row, text in zip(rows, texts, strict=True)], house_id=house_id
            )
    return [row.pk for row in rows]
