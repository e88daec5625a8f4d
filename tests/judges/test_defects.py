"""Defects planted in the sandbox one by one: each turns at least one check of an SDK red."""

import pytest

from tests.judges.environment import red
from tests.judges.sdks import CALLERS
from tests.sandbox_server import RunningSandbox

WECHATPAY, ALIPAY = "wechatpayv3 2.0.4, public key", "python-alipay-sdk 3.4.0"
# A fault plan, and words of the check that must notice; any check may notice a signature.
DEFECTS = {
    "unsigned": ({"kind": "nosig", "match": "*"}, ""),
    "wrongly signed": ({"kind": "bad_signature", "match": "*"}, ""),
    "a refund that is not idempotent": (
        {"kind": "double_refund", "match": "refund"},
        "the same number refunds once",
    ),
    "a refund of more than was paid": (
        {"kind": "over_refund", "match": "refund"},
        "more than was paid is refused",
    ),
}

pytestmark = [pytest.mark.judge, pytest.mark.slow]


@pytest.mark.parametrize("defect", DEFECTS)
@pytest.mark.parametrize("name", [WECHATPAY, ALIPAY])
def test_a_planted_defect_turns_a_check_red(name: str, defect: str, sandbox: RunningSandbox) -> None:
    plan, witness = DEFECTS[defect]

    found = red(CALLERS[name].judge(sandbox, defect=plan))

    print(f"{name}, {defect}: {len(found)} red")
    assert any(witness in line for line in found)
