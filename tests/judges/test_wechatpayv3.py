"""wechatpayv3 2.0.4, written by others and unmodified, takes the sandbox for WeChat Pay."""

from pathlib import Path
from typing import Any

import pytest

from tests.judges.environment import environment, run
from tests.sandbox_server import RunningSandbox

SCRIPT = Path(__file__).with_name("wechatpayv3_merchant.py")
pytestmark = pytest.mark.judge


@pytest.fixture(scope="session")
def sdk() -> Path:
    """The Python in which the SDK is installed."""
    return environment("wechatpayv3", ["wechatpayv3==2.0.4"])


def judge(sdk: Path, sandbox: RunningSandbox, mode: str, **more: Any) -> dict[str, Any]:
    given = {"wechat": sandbox.config["wechat"], "base_url": sandbox.base_url, "mode": mode, **more}
    return run(sdk, SCRIPT, given)


@pytest.mark.parametrize("mode", ["public_key", "certificate"])
def test_it_pays_queries_refunds_closes_and_reads_its_notifications(
    sdk: Path, sandbox: RunningSandbox, mode: str
) -> None:
    found = judge(sdk, sandbox, mode)

    assert found["placed"][0] == 200 and found["placed"][1]["prepay_id"]
    assert found["queried"] == found["by_id"]
    assert found["queried"][1]["trade_state"] == "SUCCESS"
    assert found["refunded"][1]["status"] == "PROCESSING"
    assert found["refund_query"][1]["status"] == "SUCCESS"
    assert found["too_much"][0] == 400
    assert found["closed"] == [204, None]
    assert found["barcode"][1]["trade_state"] == "SUCCESS"
    assert found["native"][1]["code_url"].startswith("weixin://")
    assert found["bill_lines"] == 3
    assert found["refused"] == 0
    payment, refund = found["opened"]
    assert payment["resource"]["amount"]["payer_total"] == 1250
    assert refund["resource"]["refund_status"] == "SUCCESS"


def test_it_rejects_a_forged_answer(sdk: Path, sandbox: RunningSandbox) -> None:
    with pytest.raises(AssertionError, match="failed to verify the signature"):
        judge(sdk, sandbox, "public_key", fault="/v3/pay/transactions/jsapi")


def test_it_rejects_a_forged_notification(sdk: Path, sandbox: RunningSandbox) -> None:
    found = judge(sdk, sandbox, "public_key", fault="push TRANSACTION.SUCCESS")

    assert found["refused"] == 1
    assert [entry["event_type"] for entry in found["opened"]] == ["REFUND.SUCCESS"]
