"""Everything that people and platforms can be made to do, family by family; the phone and the control API share it."""

from collections.abc import Mapping

from seta_sandbox.alipay.actions import ACTIONS as ALIPAY
from seta_sandbox.antom.actions import ACTIONS as ANTOM
from seta_sandbox.kit.world import Action
from seta_sandbox.mini_program.actions import ACTIONS as MINI_PROGRAM
from seta_sandbox.official_account.actions import ACTIONS as OFFICIAL_ACCOUNT
from seta_sandbox.wechatpay.actions import ACTIONS as WECHATPAY
from seta_sandbox.wecom.actions import ACTIONS as WECOM

ACTIONS: Mapping[str, Action] = {
    **OFFICIAL_ACCOUNT,
    **MINI_PROGRAM,
    **WECOM,
    **WECHATPAY,
    **ALIPAY,
    **ANTOM,
}
"""Actions by the name under which the control API offers them."""
