"""python-alipay-sdk 3.4.0, unmodified, takes the sandbox for Alipay; it sends everything in a GET query.

Its gateway's address is private and the only thing turned towards the sandbox.
"""

import http.server
import io
import json
import sys
import threading
import zipfile
from typing import Any
from urllib.parse import parse_qsl
from urllib.request import urlopen

from alipay import AliPay
from alipay.utils import AliPayConfig
from verdict import Verdicts, controller

GIVEN = json.loads(sys.argv[1])
CONFIG, BASE = GIVEN["config"]["alipay"], GIVEN["config"]["base_url"]
BUYER = GIVEN["config"]["alipay"].get("buyer_id", "")

verdicts = Verdicts()
control = controller(BASE)
heard: list[tuple[bool, dict[str, str]]] = []


class Receiver(http.server.BaseHTTPRequestHandler):
    """Hands every notification to the SDK's verification."""

    def do_POST(self) -> None:
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode(), True))
        data = dict(form)
        heard.append((shop.verify(data, data.pop("sign")), form))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"success")

    def log_message(self, format: str, *args: object) -> None:
        """Keep the output to the one line that is read."""


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=server.serve_forever, daemon=True).start()


def merchant(key: str = "") -> AliPay:
    made = AliPay(
        appid=CONFIG["appid"],
        app_notify_url=f"http://127.0.0.1:{server.server_address[1]}/notify",
        app_private_key_string=CONFIG["app_private_key"],
        alipay_public_key_string=key or CONFIG["alipay_public_key"],
        config=AliPayConfig(timeout=15),
    )
    made._gateway = f"{BASE}/gateway.do"
    return made


shop = merchant()


def barcode() -> None:
    code = control("payment_code", provider="alipay").get("auth_code") or "28" + "0" * 16
    paid = verdicts.holds(
        "a barcode is charged",
        lambda: shop.api_alipay_trade_pay("AJ-1", "bar_code", code, "丝巾", total_amount="12.50"),
    )
    verdicts.equal("it is paid at once", "10000", lambda: paid["code"])
    verdicts.equal("amounts are decimal text", "12.50", lambda: paid["total_amount"])
    queried = shop.api_alipay_trade_query(out_trade_no="AJ-1")
    verdicts.equal("a query agrees", "TRADE_SUCCESS", lambda: queried["trade_status"])
    verdicts.equal("both know the same trade", paid["trade_no"], lambda: queried["trade_no"])
    verdicts.equal(
        "it is found by its trade_no", "AJ-1",
        lambda: shop.api_alipay_trade_query(trade_no=paid["trade_no"])["out_trade_no"],
    )  # fmt: skip
    control("next_codepay", provider="alipay", outcome="USERPAYING")
    waiting = shop.api_alipay_trade_pay("AJ-2", "bar_code", "28" + "1" * 16, "皮带", total_amount="8.00")
    verdicts.equal("a password is waited for with 10003", "10003", lambda: waiting["code"])
    verdicts.equal(
        "meanwhile the trade waits", "WAIT_BUYER_PAY",
        lambda: shop.api_alipay_trade_query("AJ-2")["trade_status"],
    )  # fmt: skip
    cancelled = shop.api_alipay_trade_cancel("AJ-2")
    verdicts.equal(
        "it can be cancelled", ("10000", "N"), lambda: (cancelled["code"], cancelled["retry_flag"])
    )
    verdicts.equal("nothing was paid, so it is closed", "close", lambda: cancelled["action"])
    verdicts.equal(
        "a wrong code is refused", "40004",
        lambda: shop.api_alipay_trade_pay("AJ-3", "bar_code", "99", "x", total_amount="1.00")["code"],
    )  # fmt: skip


def code() -> None:
    offered = verdicts.holds(
        "a QR code is offered", lambda: shop.api_alipay_trade_precreate("围巾", "AJ-4", "20.00")
    )
    verdicts.holds("it is Alipay's address", lambda: offered["qr_code"].startswith("https://qr.alipay.com/"))
    before = shop.api_alipay_trade_query("AJ-4")
    verdicts.equal("before the scan there is no trade", "ACQ.TRADE_NOT_EXIST", lambda: before["sub_code"])
    control("pay", provider="alipay", out_trade_no="AJ-4")
    verdicts.equal(
        "then it is paid", "TRADE_SUCCESS", lambda: shop.api_alipay_trade_query("AJ-4")["trade_status"]
    )
    verdicts.holds("the notification's signature holds", lambda: heard and heard[-1][0])
    note = heard[-1][1] if heard else {}
    verdicts.equal("it is about this trade", "AJ-4", lambda: note["out_trade_no"])
    verdicts.equal("it names the seller", CONFIG["seller_id"], lambda: note["seller_id"])
    verdicts.equal("it tells the amount", "20.00", lambda: note["total_amount"])
    verdicts.equal("it tells the state", "TRADE_SUCCESS", lambda: note["trade_status"])
    verdicts.equal(
        "a paid trade cannot be closed", "ACQ.TRADE_STATUS_ERROR",
        lambda: shop.api_alipay_trade_close("AJ-4")["sub_code"],
    )  # fmt: skip


def refunds() -> None:
    first = shop.api_alipay_trade_refund("5.00", out_trade_no="AJ-4", out_request_no="AR-1")
    verdicts.equal("a part is refunded", ("10000", "Y"), lambda: (first["code"], first["fund_change"]))
    again = shop.api_alipay_trade_refund("5.00", out_trade_no="AJ-4", out_request_no="AR-1")
    verdicts.equal("the same number refunds once", "N", lambda: again["fund_change"])
    verdicts.equal("the sum says so too", "5.00", lambda: again["refund_fee"])
    other = shop.api_alipay_trade_refund("6.00", out_trade_no="AJ-4", out_request_no="AR-1")
    verdicts.equal("with another amount it is refused", "40004", lambda: other["code"])
    over = shop.api_alipay_trade_refund("15.01", out_trade_no="AJ-4", out_request_no="AR-2")
    verdicts.equal("more than was paid is refused", "40004", lambda: over["code"])
    asked = shop.api_alipay_trade_fastpay_refund_query("AR-1", out_trade_no="AJ-4")
    verdicts.equal("a refund is found", "5.00", lambda: asked["refund_amount"])
    rest = shop.api_alipay_trade_refund("15.00", out_trade_no="AJ-4", out_request_no="AR-3")
    verdicts.equal("the rest is refunded", "20.00", lambda: rest["refund_fee"])
    verdicts.equal(
        "a wholly refunded trade is closed", "TRADE_CLOSED",
        lambda: shop.api_alipay_trade_query("AJ-4")["trade_status"],
    )  # fmt: skip


def other_trades() -> None:
    buyer = next(person["alipay_user_id"] for person in control("people")["people"])
    made = verdicts.holds(
        "a trade for my.tradePay is made",
        lambda: shop.api_alipay_trade_create("手袋", "AJ-5", "30.00", buyer_id=buyer),
    )
    verdicts.holds("it has a number", lambda: len(made["trade_no"]) == 28)
    verdicts.equal("it can be closed", "10000", lambda: shop.api_alipay_trade_close("AJ-5")["code"])
    verdicts.equal(
        "then it is closed", "TRADE_CLOSED", lambda: shop.api_alipay_trade_query("AJ-5")["trade_status"]
    )
    verdicts.equal(
        "an unknown trade does not exist", "ACQ.TRADE_NOT_EXIST",
        lambda: shop.api_alipay_trade_query("AJ-nothing")["sub_code"],
    )  # fmt: skip
    day = control("make_bill", provider="alipay")["date"]
    found = shop.server_api(
        "alipay.data.dataservice.bill.downloadurl.query", {"bill_type": "trade", "bill_date": day}
    )
    with urlopen(found["bill_download_url"]) as answer:
        names = zipfile.ZipFile(io.BytesIO(answer.read())).namelist()
    verdicts.equal("a bill is two files", 2, lambda: len(names))
    verdicts.raises(
        "a method nobody has is refused", lambda: shop.server_api("alipay.trade.dance", {"x": "1"})
    )
    verdicts.raises(
        "an answer under another key is not believed", lambda: query(merchant(CONFIG["app_public_key"]))
    )


def query(client: AliPay) -> Any:
    return client.api_alipay_trade_query("AJ-1")


defect = GIVEN.get("defect")
if defect:
    control("fault", match=defect["match"], kind=defect["kind"], times=99)
chapters = {"barcode": barcode, "code": code, "refunds": refunds, "other trades": other_trades}
for name, tell in chapters.items():
    verdicts.chapter(name, tell)
server.shutdown()
verdicts.tell()
