"""WeChat Pay's bill files: their form, their sums and the breaks planted in them."""

import gzip
from datetime import date, timedelta
from hashlib import sha1
from typing import Any

import pytest

from tests.sandbox.pay.conftest import Control
from tests.sandbox.pay.merchant import WeChatMerchant


def fetch(wechat: WeChatMerchant, day: str, kind: str = "tradebill", more: str = "&tar_type=GZIP") -> str:
    link = wechat.get(f"/v3/bill/{kind}?bill_date={day}{more}").json()
    answer = wechat.send("GET", link["download_url"].removeprefix("http://testserver"))
    content = gzip.decompress(answer.content) if "GZIP" in more else answer.content
    assert link["hash_type"] == "SHA1" and link["hash_value"] == sha1(content).hexdigest()
    assert "Wechatpay-Signature" not in answer.headers
    return content.decode("utf-8")


def rows_of(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff") and text.endswith("\r\n")
    return [line.removeprefix("\ufeff").split(",") for line in text.removesuffix("\r\n").split("\r\n")]


@pytest.fixture
def trading_day(wechat: WeChatMerchant, control: Control) -> str:
    """Three payments (one reversed) and a partial refund, one order left unpaid; the day is not closed yet."""
    for number, total in (("ORDER-0001", 1_250), ("ORDER-0002", 12_345)):
        wechat.order(number, total)
        control("pay", out_trade_no=number)
    wechat.order("ORDER-0003", 99)
    wechat.barcode("ORDER-0004", 700)
    parties = {"appid": wechat.config["appid"], "mchid": wechat.config["mchid"]}
    wechat.post("/v3/pay/transactions/out-trade-no/ORDER-0004/reverse", parties)
    wechat.refund("ORDER-0002", "R-1", 2_345, 12_345)
    return str(control("make_bill", provider="wechat")["date"])


def test_the_trade_bill_has_27_backquoted_columns_and_its_own_sums(
    wechat: WeChatMerchant, trading_day: str
) -> None:
    header, *lines, summary_header, summary = rows_of(fetch(wechat, trading_day))

    assert len(header) == 27 and header[0] == "交易时间" and header[26] == "费率备注"
    assert all(len(line) == 27 and all(cell.startswith("`") for cell in line) for line in lines)
    cells = [dict(zip(header, (cell[1:] for cell in line), strict=True)) for line in lines]
    seen = [(c["商户订单号"], c["交易状态"], c["应结订单金额"], c["退款金额"], c["手续费"]) for c in cells]
    assert sorted(seen) == [
        ("ORDER-0001", "SUCCESS", "12.50", "0.00", "0.08000"),
        ("ORDER-0002", "REFUND", "0.00", "23.45", "-0.14000"),
        ("ORDER-0002", "SUCCESS", "123.45", "0.00", "0.74000"),
        ("ORDER-0004", "REVOKED", "0.00", "7.00", "-0.04000"),
        ("ORDER-0004", "SUCCESS", "7.00", "0.00", "0.04000"),
    ]
    assert summary_header[0] == "总交易单数"
    assert summary == ["`5", "`142.95", "`30.45", "`0.00", "`0.68000", "`142.95", "`30.45"]


def test_the_fund_bill_keeps_a_running_balance(wechat: WeChatMerchant, trading_day: str) -> None:
    header, *lines, _, summary = rows_of(fetch(wechat, trading_day, "fundflowbill"))

    assert len(header) == 11
    balance = 0
    for line in lines:
        fen = int(line[6][1:].replace(".", ""))
        balance += fen if line[5] == "`收入" else -fen
        assert line[7] == f"`{balance // 100}.{balance % 100:02d}"
    assert balance == 14_295 - 3_045 - 68
    assert summary[0] == f"`{len(lines)}"


def test_a_plain_bill_is_not_compressed(wechat: WeChatMerchant, trading_day: str) -> None:
    assert rows_of(fetch(wechat, trading_day, more=""))[0][0] == "交易时间"


def test_the_address_lives_30_seconds_and_wants_a_signature(
    wechat: WeChatMerchant, control: Control, trading_day: str
) -> None:
    link = wechat.get(f"/v3/bill/tradebill?bill_date={trading_day}").json()["download_url"]
    target = link.removeprefix("http://testserver")

    unsigned = wechat.client.get(target)
    control("advance", seconds=31)
    late = wechat.send("GET", target)

    assert unsigned.status_code == 401
    assert (late.status_code, late.json()["code"]) == (400, "INVALID_REQUEST")


@pytest.mark.parametrize("kind", ["missing", "amount", "extra"])
def test_a_planted_break_is_in_the_file_and_gone_when_the_bill_is_made_again(
    wechat: WeChatMerchant, control: Control, trading_day: str, kind: str
) -> None:
    clean = fetch(wechat, trading_day)

    planted = control("make_bill", provider="wechat", date=trading_day, plant=kind)["planted"]

    broken = {line[6][1:]: line[12][1:] for line in rows_of(fetch(wechat, trading_day))[1:-2]}
    if kind == "missing":
        assert planted["bill_amount"] is None and planted["out_trade_no"] not in broken
    else:
        yuan = f"{planted['bill_amount'] // 100}.{planted['bill_amount'] % 100:02d}"
        assert broken[planted["out_trade_no"]] == yuan
        assert planted["true_amount"] != planted["bill_amount"]
    control("make_bill", provider="wechat", date=trading_day)
    assert fetch(wechat, trading_day) == clean


def test_yesterday_is_ready_at_nine_and_today_is_not(wechat: WeChatMerchant, control: Control) -> None:
    wechat.order("ORDER-0001")
    control("pay", out_trade_no="ORDER-0001")
    today = control("make_bill", provider="wechat", date="2026-01-01") and day_of(wechat)

    unfinished = wechat.get(f"/v3/bill/tradebill?bill_date={today}")
    control("advance", seconds=36 * 3600)

    assert unfinished.json()["code"] == "NO_STATEMENT_EXIST"
    assert len(rows_of(fetch(wechat, today))) == 4


@pytest.mark.parametrize(
    "query", ["bill_date=tomorrow", "tar_type=GZIP", "bill_date=2026-01-01&bill_type=REFUND"]
)
def test_a_wrong_question_names_its_field(wechat: WeChatMerchant, query: str) -> None:
    assert wechat.get(f"/v3/bill/tradebill?{query}").json()["code"] == "PARAM_ERROR"


def test_a_bill_older_than_three_months_is_refused(wechat: WeChatMerchant) -> None:
    old = date.fromisoformat(day_of(wechat)) - timedelta(days=100)

    assert wechat.get(f"/v3/bill/tradebill?bill_date={old}").json()["code"] == "INVALID_REQUEST"


def test_nothing_can_be_planted_in_an_empty_day(wechat: WeChatMerchant) -> None:
    body: dict[str, Any] = {"provider": "wechat", "plant": "missing"}

    assert wechat.client.post("/_control/make_bill", json=body).status_code == 400


def day_of(wechat: WeChatMerchant) -> str:
    """The sandbox's present Beijing day."""
    answer = wechat.client.post("/_control/make_bill", json={"provider": "alipay"}).json()
    return str(answer["date"])
