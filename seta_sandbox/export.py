"""The exported config.json: everything a client of the sandbox needs, in the contract's keys."""

import json
from pathlib import Path
from typing import Any

from seta_sandbox.alipay.config import export as alipay_export
from seta_sandbox.kit.apps import MINI_PROGRAM, OFFICIAL_ACCOUNT
from seta_sandbox.kit.world import World
from seta_sandbox.wechatpay.config import export as wechatpay_export
from seta_sandbox.wecom.config import export as wecom_export


def config(world: World) -> dict[str, Any]:
    """The configuration of a running sandbox; `destination` holds the second house's apps."""
    return {
        "base_url": world.base_url,
        "control_url": f"{world.base_url}/_control",
        "notify_host": "127.0.0.1",
        **_social(world, "primary"),
        **wecom_export(world),
        **wechatpay_export(world),
        **alipay_export(world),
        "destination": _social(world, "destination"),
    }


def write(world: World, folder: Path, extra: dict[str, Any] | None = None) -> Path:
    """Write `config.json` and every PEM in it as a file beside it; returns the config's path."""
    folder.mkdir(parents=True, exist_ok=True)
    content = {**config(world), **(extra or {})}
    for family, values in content.items():
        if not isinstance(values, dict):
            continue
        for key, value in values.items():
            if isinstance(value, str) and value.startswith("-----BEGIN"):
                (folder / f"{family}_{key}.pem").write_text(value)
    path = folder / "config.json"
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1))
    return path


def _social(world: World, owner: str) -> dict[str, Any]:
    account = world.app(OFFICIAL_ACCOUNT, owner)
    program = world.app(MINI_PROGRAM, owner)
    return {
        "official_account": {
            "appid": account.appid,
            "secret": account.secret,
            "token": account.token,
            "aes_key": account.aes_key,
            "original_id": account.original_id,
            "openids": [person.openids[account.appid] for person in world.people],
            "template_id": account.template_id,
        },
        "mini_program": {
            "appid": program.appid,
            "secret": program.secret,
            "token": program.token,
            "aes_key": program.aes_key,
            "original_id": program.original_id,
            "openids": [person.openids[program.appid] for person in world.people],
            "sub_template_id": program.template_id,
        },
    }
