"""The phone's camera at the till: a shown code opens the pay sheet, and is paid once."""

from datetime import UTC, datetime
from typing import Any

import pytest

from seta.payments import operations as pay
from seta.payments import queries
from seta.payments.rules.states import IntentState
from tests.payments.conftest import LetterBox
from tests.payments.test_providers import AMOUNT, antom_house, opened
from tests.sandbox_server import RunningSandbox

__all__ = ["antom_house"]

pytestmark = pytest.mark.django_db


def phone(sandbox: RunningSandbox, door: str, **body: Any) -> tuple[int, dict[str, Any]]:
    consumer = sandbox.config["wechat"]["openid"]
    answer = sandbox.client.post(f"{sandbox.base_url}/_phone/{door}", json={"consumer": consumer, **body})
    return answer.status_code, answer.json()


@pytest.mark.parametrize("method", ["wechat_native", "alipay_qr", "antom_qr", "antom_cashier"])
def test_a_scanned_code_opens_a_sheet_and_is_paid_once(
    antom_house: int, sandbox: RunningSandbox, letters: LetterBox, method: str
) -> None:
    intent = opened(antom_house, method)
    text = pay.show_qr(intent_id=intent.intent_id, now=datetime.now(UTC)).content

    seen, sheet = phone(sandbox, "open_code", text=text)
    paid, _ = phone(sandbox, "pay_code", text=text, pin="123456")
    again, _ = phone(sandbox, "pay_code", text=text, pin="123456")
    letters.deliver()

    assert (seen, paid, again) == (200, 200, 400)
    assert (sheet["payer_amount"], sheet["out_trade_no"]) == (AMOUNT, intent.out_trade_no)
    assert sheet["wallet"] == ("wechat" if method == "wechat_native" else "alipay")
    assert queries.intent(intent.intent_id).state == IntentState.SUCCEEDED


@pytest.mark.parametrize(
    "text", ["", "weixin://wxpay/bizpayurl?pr=nobody", "https://qr.alipay.com/x", "code"]
)
def test_a_code_of_nobody_opens_nothing(sandbox: RunningSandbox, text: str) -> None:
    assert phone(sandbox, "open_code", text=text)[0] == 400
    assert phone(sandbox, "pay_code", text=text, pin="123456")[0] == 400


def test_a_password_of_another_length_pays_nothing(antom_house: int, sandbox: RunningSandbox) -> None:
    intent = opened(antom_house, "alipay_qr")
    text = pay.show_qr(intent_id=intent.intent_id, now=datetime.now(UTC)).content

    assert phone(sandbox, "pay_code", text=text, pin="12345")[0] == 400
    assert pay.refresh(intent_id=intent.intent_id, now=datetime.now(UTC)).state != IntentState.SUCCEEDED
