"""A merchant on the SDK wechatpayv3, unmodified; it runs in the SDK's own environment, not in Seta's.

The gateway's address is the only thing turned towards the sandbox.
"""

import gzip
import http.server
import json
import pathlib
import sys
import tempfile
import threading
from collections.abc import Callable
from typing import Any

from verdict import Verdicts, controller
from wechatpayv3 import WeChatPay, WeChatPayType
from wechatpayv3.type import RequestType

GIVEN = json.loads(sys.argv[1])
CONFIG, BASE, MODE = GIVEN["config"]["wechat"], GIVEN["config"]["base_url"], GIVEN["mode"]
AMOUNT, PAYER = {"total": 1250, "currency": "CNY"}, {"openid": CONFIG["openid"]}

verdicts = Verdicts()
control = controller(BASE)


class Receiver(http.server.BaseHTTPRequestHandler):
    """Hands every notification to the SDK and keeps what it made of it."""

    opened: list[dict[str, Any]] = []
    refused = 0

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        try:
            found = pay.callback(self.headers, body)
        except Exception:
            found = None
        if found:
            Receiver.opened.append(found)
        else:
            Receiver.refused += 1
        self.send_response(204 if found else 401)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Keep the output to the one line that is read."""


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=server.serve_forever, daemon=True).start()
folder = tempfile.TemporaryDirectory()


def merchant(**other: str) -> WeChatPay:
    """The SDK's client; in certificate mode it starts from a file and then downloads the certificate anew."""
    own: dict[str, Any] = {"public_key": CONFIG["public_key"], "public_key_id": CONFIG["public_key_id"]}
    if MODE == "certificate":
        pathlib.Path(folder.name, "platform.pem").write_text(CONFIG["platform_cert"])
        own = {"cert_dir": folder.name}
    made = WeChatPay(
        wechatpay_type=WeChatPayType.MINIPROG,
        mchid=CONFIG["mchid"],
        private_key=other.get("private_key", CONFIG["merchant_private_key"]),
        cert_serial_no=other.get("serial", CONFIG["merchant_serial"]),
        appid=CONFIG["appid"],
        apiv3_key=CONFIG["apiv3_key"],
        notify_url=f"http://127.0.0.1:{server.server_address[1]}/notify",
        **own,
    )
    made._core._gate_way = BASE
    return made


pay = merchant()


def code(call: Callable[[], tuple[int, str]]) -> Callable[[], tuple[int, str]]:
    """The HTTP status of a refusal and its code; 202 is one too, of what must be asked again."""

    def ask() -> tuple[int, str]:
        status, text = call()
        return status, str(json.loads(text)["code"]) if status > 200 else ""

    return ask


def found(call: tuple[int, str]) -> dict[str, Any]:
    """The document of an answer that must be a success."""
    status, text = call
    assert status == 200, f"{status} {text}"
    document: dict[str, Any] = json.loads(text)
    return document


def keys() -> None:
    if MODE == "certificate":
        pay._core._update_certificates()
        verdicts.equal("the platform's certificate opens", 1, lambda: len(pay._core._certificates))
        verdicts.equal(
            "its serial is the announced one", CONFIG["platform_serial"],
            lambda: f"{pay._core._certificates[0].serial_number:040X}",
        )  # fmt: skip
    wrong = merchant(serial="4" * 40)
    verdicts.equal(
        "an unknown serial is 401", (401, "SIGN_ERROR"), code(lambda: wrong.query(out_trade_no="PJ-1"))
    )
    detail = json.loads(wrong.query(out_trade_no="PJ-1")[1])
    verdicts.holds("a refusal explains itself", lambda: detail["message"])


def orders() -> None:
    placed = found(pay.pay("丝巾 Carré", "JUDGE-0001", AMOUNT, payer=PAYER))
    verdicts.holds("a prepay_id begins with wx", lambda: placed["prepay_id"].startswith("wx"))
    verdicts.equal(
        "the same order is placed once", placed,
        lambda: found(pay.pay("丝巾 Carré", "JUDGE-0001", AMOUNT, payer=PAYER)),
    )  # fmt: skip
    verdicts.equal(
        "another order under its number is refused", (400, "INVALID_REQUEST"),
        code(lambda: pay.pay("丝巾", "JUDGE-0001", {**AMOUNT, "total": 1}, payer=PAYER)),
    )  # fmt: skip
    sign = pay.sign([CONFIG["appid"], "1700000000", "nonce", "prepay_id=" + placed["prepay_id"]])
    verdicts.holds("the SDK signs the payment sheet", lambda: len(sign) == 344)
    before = found(pay.query(out_trade_no="JUDGE-0001"))
    verdicts.equal("it waits for payment", "NOTPAY", lambda: before["trade_state"])
    paid = control("pay", provider="wechat", out_trade_no="JUDGE-0001")
    queried = found(pay.query(out_trade_no="JUDGE-0001"))
    verdicts.equal("then it is paid", "SUCCESS", lambda: queried["trade_state"])
    verdicts.equal("by 1250 fen", 1250, lambda: queried["amount"]["payer_total"])
    verdicts.equal("by the payer it named", PAYER, lambda: queried["payer"])
    verdicts.equal(
        "its transaction_id finds it too", queried,
        lambda: found(pay.query(transaction_id=paid["transaction_id"])),
    )  # fmt: skip
    verdicts.equal(
        "a paid order cannot be closed", (400, "ORDER_PAID"), code(lambda: pay.close("JUDGE-0001"))
    )
    notice = Receiver.opened[0] if Receiver.opened else {}
    verdicts.equal("the notification opens", "TRANSACTION.SUCCESS", lambda: notice["event_type"])
    verdicts.equal("it tells the same amount", 1250, lambda: notice["resource"]["amount"]["payer_total"])
    verdicts.equal("no notification was refused", 0, lambda: Receiver.refused)


def refunds() -> None:
    part = {"refund": 250, "total": 1250, "currency": "CNY"}

    def refund(number: str, amount: dict[str, Any]) -> tuple[int, str]:
        status, text = pay.refund(number, amount, out_trade_no="JUDGE-0001", reason="尺码不合适")
        return status, text

    first = found(refund("JUDGE-R-1", part))
    verdicts.equal("a refund is accepted", "PROCESSING", lambda: first["status"])
    verdicts.equal(
        "the same number refunds once", first["refund_id"],
        lambda: found(refund("JUDGE-R-1", part))["refund_id"],
    )  # fmt: skip
    verdicts.equal(
        "with another amount it is refused", (400, "INVALID_REQUEST"),
        code(lambda: refund("JUDGE-R-1", {**part, "refund": 251})),
    )  # fmt: skip
    control("refund_settle", provider="wechat", out_refund_no="JUDGE-R-1")
    verdicts.equal("it succeeds", "SUCCESS", lambda: found(pay.query_refund("JUDGE-R-1"))["status"])
    verdicts.equal(
        "the refund's notification opens", "REFUND.SUCCESS", lambda: Receiver.opened[-1]["event_type"]
    )
    verdicts.equal(
        "it tells the refund's state", "SUCCESS", lambda: Receiver.opened[-1]["resource"]["refund_status"]
    )
    verdicts.equal(
        "more than was paid is refused", (400, "INVALID_REQUEST"),
        code(lambda: refund("JUDGE-R-2", {**part, "refund": 1001})),
    )  # fmt: skip
    verdicts.equal(
        "all the rest can be refunded", 1000,
        lambda: found(refund("JUDGE-R-3", {**part, "refund": 1000}))["amount"]["refund"],
    )  # fmt: skip
    verdicts.equal(
        "then nothing is left", (400, "INVALID_REQUEST"),
        code(lambda: refund("JUDGE-R-4", {**part, "refund": 1})),
    )  # fmt: skip
    verdicts.equal("the order says refunded", "REFUND",
                   lambda: found(pay.query(out_trade_no="JUDGE-0001"))["trade_state"])  # fmt: skip
    verdicts.equal(
        "an unknown refund is 404", (404, "RESOURCE_NOT_EXISTS"), code(lambda: pay.query_refund("nothing"))
    )


def other_orders() -> None:
    pay.pay("皮带", "JUDGE-0002", AMOUNT, payer=PAYER)
    verdicts.equal("closing is an empty, signed 204", 204, lambda: pay.close("JUDGE-0002")[0])
    verdicts.equal("a closed order says so", "CLOSED",
                   lambda: found(pay.query(out_trade_no="JUDGE-0002"))["trade_state"])  # fmt: skip
    verdicts.equal(
        "an unknown order is 404", (404, "ORDER_NOT_EXIST"), code(lambda: pay.query(out_trade_no="nothing"))
    )

    def barcode(number: str) -> tuple[int, str]:
        status, text = pay.pay(
            "手袋", number, AMOUNT, payer={"auth_code": "130000000000000001"},
            scene_info={"store_info": {"id": "MN01"}}, pay_type=WeChatPayType.CODEPAY,
        )  # fmt: skip
        return status, text

    verdicts.equal(
        "a barcode is charged at once", "SUCCESS", lambda: found(barcode("JUDGE-0003"))["trade_state"]
    )
    control("next_codepay", outcome="USERPAYING")
    verdicts.equal("a password is waited for", "USERPAYING", lambda: code(lambda: barcode("JUDGE-0005"))()[1])
    verdicts.equal("meanwhile the order says so", "USERPAYING",
                   lambda: found(pay.query(out_trade_no="JUDGE-0005"))["trade_state"])  # fmt: skip
    control("next_codepay", outcome="NOT_ENOUGH")
    verdicts.holds("an empty wallet is refused", lambda: barcode("JUDGE-0006")[0] >= 400)
    native = found(pay.pay("围巾", "JUDGE-0004", AMOUNT, pay_type=WeChatPayType.NATIVE))
    verdicts.holds("a QR order has a code_url", lambda: native["code_url"].startswith("weixin://"))
    verdicts.holds("a bad amount is a PARAM_ERROR", lambda: code(
        lambda: pay.pay("x", "JUDGE-0007", {"total": 0, "currency": "CNY"}, payer=PAYER))()[1] == "PARAM_ERROR"
    )  # fmt: skip


def abroad() -> None:
    body = {
        "appid": CONFIG["appid"], "mchid": CONFIG["mchid"], "out_trade_no": "JUDGE-G-1", "trade_type": "JSAPI",
        "merchant_category_code": "5691", "notify_url": f"http://127.0.0.1:{server.server_address[1]}/notify",
        "description": "手袋", "amount": {"total": 120000, "currency": "EUR"}, "payer": PAYER,
    }  # fmt: skip
    placed = pay._core.request("/v3/global/transactions/jsapi", method=RequestType.POST, data=body)
    verdicts.holds("an order in euro is placed", lambda: found(placed)["prepay_id"])
    control("pay", provider="wechat", out_trade_no="JUDGE-G-1")
    queried = found(
        pay._core.request(f"/v3/global/transactions/out-trade-no/JUDGE-G-1?mchid={CONFIG['mchid']}")
    )
    verdicts.equal("it is paid", "SUCCESS", lambda: queried["trade_state"])
    verdicts.equal("the payer pays in yuan", "CNY", lambda: queried["amount"]["payer_currency"])
    verdicts.holds("at a rate scaled by 10^8", lambda: queried["amount"]["exchange_rate"]["rate"] > 10**8)
    verdicts.holds("abroad the field is `id`", lambda: queried["id"].startswith("4200"))


def bills() -> None:
    day = control("make_bill", provider="wechat")["date"]
    link = found(pay.trade_bill(day))
    bill = gzip.decompress(pay.download_bill(link["download_url"])[1])
    verdicts.equal("the bill's hash is of the uncompressed file", "SHA1", lambda: link["hash_type"])
    lines = bill.decode().splitlines()
    verdicts.holds("it has a line for each payment and refund", lambda: len(lines) >= 3 + 4)
    verdicts.equal("a line has 27 columns", 27, lambda: len(lines[1].split(",")))
    fund = found(pay.fundflow_bill(day))
    verdicts.holds("there is a fund bill", lambda: fund["download_url"])


def forged() -> None:
    control("fault", match="/v3/pay/transactions/out-trade-no", kind="bad_signature")
    verdicts.raises("a forged answer is not believed", lambda: pay.query(out_trade_no="JUDGE-0001"))
    control("fault", match="/v3/pay/transactions/out-trade-no", kind="nosig")
    verdicts.raises("an unsigned answer is not believed", lambda: pay.query(out_trade_no="JUDGE-0001"))
    for number, kind in (("JUDGE-0008", "bad_signature"), ("JUDGE-0009", "sign_test")):
        pay.pay("丝巾", number, AMOUNT, payer=PAYER)
        before = Receiver.refused
        control("fault", match="push TRANSACTION.SUCCESS", kind=kind)
        control("pay", provider="wechat", out_trade_no=number)
        verdicts.equal(f"a notification with {kind} is refused", before + 1, lambda: Receiver.refused)


defect = GIVEN.get("defect")
if defect:
    control("fault", match=defect["match"], kind=defect["kind"], times=999)
CHAPTERS = {
    "keys": keys, "orders": orders, "refunds": refunds, "other orders": other_orders, "abroad": abroad,
    "bills": bills, "forged answers": forged,
}  # fmt: skip
for name, tell in CHAPTERS.items():
    verdicts.chapter(name, tell)
server.shutdown()
folder.cleanup()
verdicts.tell()
