"""The payment families' control actions; `provider` says whose account is meant."""

from collections.abc import Mapping
from typing import Any

from seta_sandbox.alipay import control as alipay
from seta_sandbox.antom import control as antom
from seta_sandbox.kit.errors import ControlError
from seta_sandbox.kit.world import Action, World
from seta_sandbox.wechatpay import control as wechat


def by_provider(choices: Mapping[str, Action]) -> Action:
    """An action that hands over to the provider its body names, WeChat Pay when it names none."""

    async def act(world: World, body: dict[str, Any]) -> dict[str, Any]:
        provider = str(body.get("provider", "wechat"))
        if provider not in choices:
            raise ControlError(
                f"provider must be one of {', '.join(choices)}; {provider!r} is not played yet"
            )
        return {"provider": provider, **await choices[provider](world, body)}

    return act


ACTIONS: dict[str, Action] = {
    "pay": by_provider({"wechat": wechat.pay, "alipay": alipay.pay, "antom": antom.pay}),
    "refund_settle": by_provider(
        {"wechat": wechat.refund_settle, "alipay": alipay.refund_settle, "antom": antom.refund_settle}
    ),
    "next_codepay": by_provider(
        {"wechat": wechat.next_codepay, "alipay": alipay.next_codepay, "antom": antom.next_codepay}
    ),
    "make_bill": by_provider(
        {"wechat": wechat.make_bill, "alipay": alipay.make_bill, "antom": antom.make_bill}
    ),
    "payment_code": by_provider(
        {"wechat": wechat.show_code, "alipay": alipay.show_code, "antom": antom.show_code}
    ),
    "payment_settings": by_provider(
        {"wechat": wechat.settings, "alipay": alipay.settings, "antom": antom.settings}
    ),
    "customs_settle": by_provider({"wechat": wechat.customs_settle}),
    "rotate_certificate": by_provider({"wechat": wechat.rotate_certificate}),
}
