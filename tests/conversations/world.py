"""A house with its two WeChat accounts, and pushes as the callback door hands them over."""

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any

from seta.callbacks.rules import Inbound
from seta.houses.operations import connect_account, found_house

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
NOWHERE = "http://127.0.0.1:9"
_numbers = count(1)


def make_house(
    *, code: str = "serica", base_url: str = NOWHERE, config: Mapping[str, Any] | None = None
) -> tuple[int, int]:
    """(house id, Official Account id); the accounts are the sandbox's when its config is given."""
    house_id = found_house(code=code, name="Serica Milano", kind="maison")
    official = (config or {}).get("official_account", {})
    mini = (config or {}).get("mini_program", {})
    account_id = connect_account(
        house_id=house_id,
        family="official_account",
        app_id=official.get("appid", f"wx-oa-{code}"),
        base_url=base_url,
        secrets={
            "secret": official.get("secret", "s"),
            "token": official.get("token", "t"),
            "aes_key": official.get("aes_key", "a" * 43),
            "original_id": official.get("original_id", "gh_1"),
        },
        now=NOON,
    )
    connect_account(
        house_id=house_id,
        family="mini_program",
        app_id=mini.get("appid", f"wx-mp-{code}"),
        base_url=base_url,
        secrets={"secret": mini.get("secret", "s"), "sub_template_id": mini.get("sub_template_id", "tmpl")},
        now=NOON,
    )
    return house_id, account_id


def make_inbound(
    house: tuple[int, int],
    *,
    kind: str = "text",
    openid: str = "o-chen",
    app_id: str = "wx-oa-serica",
    at: datetime = NOON,
    **fields: Any,
) -> Inbound:
    """A kept push; extra fields are WeChat's own, such as Content or EventKey."""
    number = next(_numbers)
    return Inbound(
        callback_id=number,
        house_id=house[0],
        account_id=house[1],
        app_id=app_id,
        source="wechat",
        external_id=f"m{number}",
        kind=kind,
        fields={"FromUserName": openid, "ToUserName": "gh_1", "CreateTime": "1", **fields},
        received_at=at,
    )
