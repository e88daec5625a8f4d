"""Refuse merchants, apps and payers that do not belong together."""

from typing import Any

from seta_sandbox.kit.world import World
from seta_sandbox.wechatpay import errors, fields
from seta_sandbox.wechatpay.door import keys_of


def merchant(world: World, body: dict[str, Any]) -> dict[str, str]:
    """The body's appid and mchid when they belong together; refuses others."""
    mchid = fields.text(body, "mchid", length_max=32)
    refuse_foreign_merchant(world, mchid)
    appid = fields.text(body, "appid", length_max=32)
    refuse_foreign_app(world, appid)
    return {"appid": appid, "mchid": mchid}


def refuse_foreign_merchant(world: World, mchid: str) -> None:
    """Refuse a merchant number that is not the one that signed."""
    if mchid != keys_of(world).mchid:
        raise errors.Refusal(400, "PARAM_ERROR", "mchid与签名商户号不一致")


def refuse_foreign_app(world: World, appid: str) -> None:
    """Refuse an appid that is not bound to the merchant: every account and mini program of the world is."""
    app = world.find_app(appid)
    if app is None or app.kind == "wecom":
        raise errors.Refusal(400, "APPID_MCHID_NOT_MATCH", "商户号mchid与appid不匹配")


def refuse_foreign_openid(world: World, appid: str, openid: str) -> None:
    """Refuse an openid that nobody has in this app."""
    person = world.find_person(openid)
    if person is None or person.openids.get(appid) != openid:
        raise errors.Refusal(400, "PARAM_ERROR", "appid和openid不匹配")
