"""A house with reviewers and archived talk, put in by hand, for the tests of review."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from seta.houses.operations import found_house, hire
from seta.houses.queries import members
from seta.oversight.bodies import keys_for
from seta.oversight.models import Alert, ArchivedMessage, Hit

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
RULE = "pay.personal-transfer"
BREACH = "定金您直接微信转我吧"


@dataclass
class Floor:
    """The house, its people by name, and a way to have said things in it."""

    house: int
    people: dict[str, int]
    _seqs: Iterator[int] = field(default_factory=lambda: count(1))

    def say(
        self,
        text: str,
        *,
        userid: str = "linyue",
        client: str = "wm-chen",
        at: datetime = NOON,
        **more: object,
    ) -> ArchivedMessage:
        """A message of an associate that is archived."""
        seq = next(self._seqs)
        key = keys_for(house_id=self.house, person_ids=[None], now=at)[None]
        msgid = f"m{self.house}-{seq}"
        return ArchivedMessage.objects.create(
            **{
                "house_id": self.house,
                "account_id": self.house,
                "seq": seq,
                "msgid": msgid,
                "conversation": f"{userid}:{client}",
                "userid": userid,
                "external_userid": client,
                "sender_role": "sa",
                "kind": "text",
                "sealed_body": key.seal(text.encode(), bound_to=f"{self.house}:{msgid}"),
                "body_key_id": key.id,
                "sent_at": at,
                "archived_at": at,
                **more,
            }
        )

    def alert(self, *, rule: str = RULE, at: datetime = NOON, text: str = BREACH, **said: object) -> int:
        """An alert on a message of an associate, due in four hours."""
        message = self.say(text, at=at, **said)
        Hit.objects.create(
            message=message,
            rule=rule,
            severity="high",
            action="flag",
            tier="exact",
            start=4,
            end=len(text) - 1,
            policy_version="1",
        )
        made = Alert.objects.create(
            house_id=self.house,
            message=message,
            rule=rule,
            severity="high",
            opened_at=at,
            due_at=at + timedelta(hours=4),
        )
        return made.pk


def open_floor(code: str = "serica", people: tuple[tuple[str, str], ...] = ()) -> Floor:
    """A house with a supervisor, an admin, a second supervisor and an associate."""
    house_id = found_house(code=code, name=code.title(), kind="maison")
    staff = people or (
        ("anna", "supervisor"),
        ("bruno", "supervisor"),
        ("carla", "admin"),
        ("linyue", "associate"),
    )
    for name, role in staff:
        hire(house_id=house_id, username=f"{name}-{code}", password="x" * 12, role=role, name=name)
    return Floor(house_id, {member.name: member.user_id for member in members(house_id)})
