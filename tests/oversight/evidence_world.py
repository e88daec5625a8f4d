"""A house with an archived conversation, two supervisors and a bundle: what the evidence's tests begin with."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from seta.houses.operations import connect_account, found_house, hire
from seta.houses.queries import members
from seta.oversight import operations
from seta.oversight.operations import exporting
from tests.oversight.archive_server import Archive, private_pem

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CLIENT = "wm" + "c" * 30
OTHER = "wm" + "d" * 30
PAIR = f"linyue:{CLIENT}"


def found(archive: Archive, code: str = "serica") -> int:
    """A house whose WeCom is connected, with supervisors `anna` and `bruno` and an associate."""
    house_id = found_house(code=code, name=code.title(), kind="maison")
    secrets = dict.fromkeys(("agent_secret", "contact_secret", "agentid", "token", "aes_key"), "x")
    secrets |= {"archive_secret": "s", "archive_private_key": private_pem(), "archive_publickey_ver": "1"}
    connect_account(
        house_id=house_id,
        family="wecom",
        app_id=f"ww-{code}",
        base_url=archive.base_url,
        secrets=secrets,
        now=NOON,
    )
    for name, role in (("anna", "supervisor"), ("bruno", "supervisor"), ("lin", "associate")):
        hire(house_id=house_id, username=f"{name}-{code}", password="x" * 12, role=role, name=name)
    return house_id


def user(house_id: int, name: str) -> int:
    """A member's user id."""
    return next(each.user_id for each in members(house_id) if each.name == name)


def message(seq: int, text: str, client: str = CLIENT, sent_at: datetime = NOON) -> dict[str, Any]:
    """A message of Lin Yue's to a client, as WeCom tells it."""
    return {
        "msgid": f"m{seq}",
        "action": "send",
        "from": "linyue",
        "tolist": [client],
        "roomid": "",
        "msgtime": int(sent_at.timestamp() * 1000) + seq * 1000,
        "msgtype": "text",
        "text": {"content": text},
    }


def talk(house_id: int, archive: Archive, number: int = 5, *, first: int = 1, now: datetime = NOON) -> None:
    """A conversation, one message of it to somebody else, pulled from the archive."""
    for at in range(number):
        seq = first + at
        archive.say(seq, message(seq, f"您好，第{seq}句", OTHER if at == 1 else CLIENT, now))
    operations.pull_archive(house_id=house_id, now=now)


def bundle_of(
    house_id: int,
    scope: str = "conversation",
    value: str = PAIR,
    *,
    now: datetime = NOON + timedelta(hours=1),
) -> Path:
    """A bundle that Anna asked for and Bruno approved."""
    export_id = exporting.ask_export(
        house_id=house_id,
        user_id=user(house_id, "anna"),
        scope=scope,
        value=value,
        since=None,
        until=None,
        purpose="legal",
        reason="Letter of the court of Milan",
        now=now,
    )
    exporting.approve_export(house_id=house_id, user_id=user(house_id, "bruno"), export_id=export_id, now=now)
    return exporting.make_bundle(export_id=export_id, now=now)
