"""A house whose Official Account is the sandbox's, with its followers on both sides, a writer and an approver."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from seta.broadcasts import operations
from seta.broadcasts.operations import Wish
from seta.broadcasts.rules.segments import Segment
from seta.conversations.operations import follow
from seta.houses.operations import hire
from seta.houses.queries import members
from seta.people import queries as people
from tests.conversations.world import NOON, make_house, make_inbound
from tests.sandbox_server import RunningSandbox, sandbox, sandbox_process

__all__ = ["sandbox", "sandbox_process"]

HOUR = timedelta(hours=1)
CODES = count(1)


@dataclass(frozen=True)
class Office:
    """A house, who writes and who approves, its followers as openid and person."""

    house_id: int
    account_id: int
    writer: int
    approver: int
    app_id: str
    people: dict[str, int]

    def wish(self, **changed: Any) -> Wish:
        """A text for everybody in an hour."""
        given: dict[str, Any] = {
            "title": "秋季预览",
            "texts": {"zh": "秋季系列已到店，欢迎预约试穿。", "en": "The autumn pieces are in the boutique."},
            "article_id": None,
            "segment": Segment(),
            "keep_back": 1,
            "send_at": NOON + HOUR,
            **changed,
        }
        return Wish(**given)

    def planned(self, **changed: Any) -> int:
        """A broadcast that was written, submitted and approved."""
        number = operations.write_broadcast(
            house_id=self.house_id,
            broadcast_id=None,
            wish=self.wish(**changed),
            user_id=self.writer,
            now=NOON,
        )
        operations.submit_broadcast(house_id=self.house_id, broadcast_id=number, now=NOON)
        operations.approve_broadcast(
            house_id=self.house_id, broadcast_id=number, user_id=self.approver, now=NOON
        )
        return number


@pytest.fixture
def office(transactional_db: None, sandbox: RunningSandbox) -> Office:
    code = f"maison-b{next(CODES)}"
    house_id, account_id = make_house(code=code, base_url=sandbox.base_url, config=sandbox.config)
    for name, role in (("writer", "marketing"), ("approver", "supervisor")):
        hire(house_id=house_id, username=f"{name}-{code}", password="silk-road-2026", role=role, name=name)
    staff = {member.name: member.user_id for member in members(house_id)}
    return office_of(sandbox, house_id, account_id, staff["writer"], staff["approver"])


def office_of(sandbox: RunningSandbox, house_id: int, account_id: int, writer: int, approver: int) -> Office:
    """The house with five of the sandbox's people following its account."""
    official = sandbox.config["official_account"]
    app_id, known = official["appid"], dict[str, int]()
    for openid in official["openids"][:5]:
        sandbox.control("follow", openid=openid)
        follow(
            make_inbound((house_id, account_id), kind="event.subscribe", openid=openid, app_id=app_id), NOON
        )
        person = people.find(house_id=house_id, kind="openid", app=app_id, value=openid)
        assert person is not None
        known[openid] = person
    return Office(house_id, account_id, writer, approver, app_id, known)
