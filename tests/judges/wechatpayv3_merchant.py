"""A merchant on the SDK wechatpayv3, unmodified; it runs in the SDK's own environment, not in Seta's.

Prints one JSON object of what the SDK returned. The gateway's address is the only thing turned towards the sandbox.
"""

import gzip
import http.server
import json
import pathlib
import sys
import tempfile
import threading
import urllib.request
from typing import Any

from wechatpayv3 import WeChatPay, WeChatPayType


class Receiver(http.server.BaseHTTPRequestHandler):
    """Hands every notification to the SDK and keeps what it made of it."""

    pay: WeChatPay
    opened: list[dict[str, Any]] = []
    refused = 0

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        try:
            found = self.pay.callback(self.headers, body)
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


def main(given: dict[str, Any]) -> dict[str, Any]:
    config, base_url = given["wechat"], given["base_url"]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    notify_url = f"http://127.0.0.1:{server.server_address[1]}/notify"
    with tempfile.TemporaryDirectory() as folder:
        pay = merchant(config, base_url, notify_url, given["mode"], folder)
        Receiver.pay = pay
        try:
            return story(pay, base_url, given)
        finally:
            server.shutdown()
            server.server_close()


def merchant(config: dict[str, Any], base_url: str, notify_url: str, mode: str, folder: str) -> WeChatPay:
    """The SDK's client; in certificate mode it starts from a file and then downloads the certificate anew."""
    own: dict[str, Any] = {}
    if mode == "public_key":
        own = {"public_key": config["public_key"], "public_key_id": config["public_key_id"]}
    else:
        pathlib.Path(folder, "platform.pem").write_text(config["platform_cert"])
        own = {"cert_dir": folder}
    pay = WeChatPay(
        wechatpay_type=WeChatPayType.MINIPROG,
        mchid=config["mchid"],
        private_key=config["merchant_private_key"],
        cert_serial_no=config["merchant_serial"],
        appid=config["appid"],
        apiv3_key=config["apiv3_key"],
        notify_url=notify_url,
        **own,
    )
    pay._core._gate_way = base_url
    if mode == "certificate":
        pay._core._update_certificates()
        assert pay._core._certificates, "the certificate could not be downloaded"
    return pay


def story(pay: WeChatPay, base_url: str, given: dict[str, Any]) -> dict[str, Any]:
    """Order, pay, hear of it, query, refund, close, charge a barcode, fetch the bill."""

    def control(action: str, **body: Any) -> dict[str, Any]:
        request = urllib.request.Request(
            f"{base_url}/_control/{action}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    if given.get("fault"):
        control("fault", match=given["fault"], kind="bad_signature")
    amount, payer = {"total": 1250, "currency": "CNY"}, {"openid": given["wechat"]["openid"]}
    placed = pay.pay("丝巾 Carré", "JUDGE-0001", amount, payer=payer)
    paid = control("pay", provider="wechat", out_trade_no="JUDGE-0001")
    queried = pay.query(out_trade_no="JUDGE-0001")
    by_id = pay.query(transaction_id=paid["transaction_id"])
    refund = {"refund": 250, "total": 1250, "currency": "CNY"}
    refunded = pay.refund("JUDGE-R-1", refund, out_trade_no="JUDGE-0001", reason="尺码不合适")
    control("refund_settle", provider="wechat", out_refund_no="JUDGE-R-1")
    refund_query = pay.query_refund("JUDGE-R-1")
    too_much = pay.refund("JUDGE-R-2", {**refund, "refund": 1001}, out_trade_no="JUDGE-0001")
    pay.pay("皮带", "JUDGE-0002", amount, payer=payer)
    closed = pay.close("JUDGE-0002")
    scene = {"store_info": {"id": "MN01"}}
    barcode = pay.pay(
        "手袋", "JUDGE-0003", amount, payer={"auth_code": "130000000000000001"}, scene_info=scene,
        pay_type=WeChatPayType.CODEPAY,
    )  # fmt: skip
    native = pay.pay("围巾", "JUDGE-0004", amount, pay_type=WeChatPayType.NATIVE)
    day = control("make_bill", provider="wechat")["date"]
    link = pay.trade_bill(day)
    bill = gzip.decompress(pay.download_bill(json.loads(link[1])["download_url"])[1]).decode()
    answers = {
        "placed": placed, "queried": queried, "by_id": by_id, "refunded": refunded, "refund_query": refund_query,
        "too_much": too_much, "closed": closed, "barcode": barcode, "native": native,
    }  # fmt: skip
    return {
        **{name: [code, json.loads(text) if text else None] for name, (code, text) in answers.items()},
        "bill_lines": len(bill.splitlines()) - 3,
        "opened": Receiver.opened,
        "refused": Receiver.refused,
    }


if __name__ == "__main__":
    print(json.dumps(main(json.loads(sys.argv[1])), ensure_ascii=False))
