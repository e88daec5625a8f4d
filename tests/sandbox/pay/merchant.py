"""A merchant of the payment families: signs what it sends and checks what it gets, in a writing of its own."""

import base64
import json
import time
import urllib.parse
from dataclasses import dataclass, field
from typing import Any

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.sandbox.pay.client import Client

NOTIFY = "https://merchant.example/notify"
SCHEME = "WECHATPAY2-SHA256-RSA2048"


@dataclass
class Receiver:
    """Takes the pushes; `answers` are used up one by one, then everything is accepted."""

    requests: list[httpx.Request] = field(default_factory=list)
    answers: list[httpx.Response] = field(default_factory=list)
    otherwise: bytes = b"success"

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        """One delivery."""
        await request.aread()
        self.requests.append(request)
        return self.answers.pop(0) if self.answers else httpx.Response(200, content=self.otherwise)


def private_key(pem: str) -> rsa.RSAPrivateKey:
    """The RSA key in a PEM text of either form."""
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


def public_key(pem: str) -> rsa.RSAPublicKey:
    """The RSA key in a public PEM text."""
    key = serialization.load_pem_public_key(pem.encode())
    assert isinstance(key, rsa.RSAPublicKey)
    return key


def sign(key: rsa.RSAPrivateKey, text: str | bytes) -> str:
    """RSA-SHA256 in base64."""
    data = text if isinstance(text, bytes) else text.encode()
    return base64.b64encode(key.sign(data, padding.PKCS1v15(), hashes.SHA256())).decode()


def check(key: rsa.RSAPublicKey, data: bytes, signature: str) -> None:
    """Raises InvalidSignature when the signature is not the key's."""
    key.verify(base64.b64decode(signature), data, padding.PKCS1v15(), hashes.SHA256())


class WeChatMerchant:
    """Speaks APIv3 with the keys of an exported config; `serial` names the platform key it asks for."""

    def __init__(self, client: Client, config: dict[str, Any], serial: str = "") -> None:
        self.client, self.config, self.serial = client, config, serial
        self._key = private_key(config["merchant_private_key"])
        certificate = x509.load_pem_x509_certificate(config["platform_cert"].encode()).public_key()
        assert isinstance(certificate, rsa.RSAPublicKey)
        self.platform = {
            config["platform_serial"]: certificate,
            config["public_key_id"]: public_key(config["public_key"]),
        }

    def authorization(self, method: str, target: str, body: bytes, timestamp: int | None = None) -> str:
        """The header for exactly these bytes."""
        stamp, nonce = str(timestamp or int(time.time())), "5K8264ILTKCH16CQ2502SI8ZNMTM67VS"
        message = f"{method}\n{target}\n{stamp}\n{nonce}\n".encode() + body + b"\n"
        return (
            f'{SCHEME} serial_no="{self.config["merchant_serial"]}",mchid="{self.config["mchid"]}",'
            f'nonce_str="{nonce}",timestamp="{stamp}",signature="{sign(self._key, message)}"'
        )

    def send(self, method: str, target: str, body: Any = None, **headers: str) -> httpx.Response:
        """One signed call; the answer's signature is left to `checked`."""
        content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        sent = {"Authorization": self.authorization(method, target, content), **headers}
        if self.serial:
            sent["Wechatpay-Serial"] = self.serial
        return self.client.request(method, target, content=content, headers=sent)

    def checked(self, response: httpx.Response) -> httpx.Response:
        """The answer once its signature holds."""
        self.verify(response.headers, response.content)
        return response

    def verify(self, headers: httpx.Headers, body: bytes) -> None:
        """Check the five headers over a body; raises InvalidSignature."""
        assert headers["Wechatpay-Signature-Type"] == SCHEME
        lines = f"{headers['Wechatpay-Timestamp']}\n{headers['Wechatpay-Nonce']}\n".encode()
        check(
            self.platform[headers["Wechatpay-Serial"]], lines + body + b"\n", headers["Wechatpay-Signature"]
        )

    def get(self, target: str) -> httpx.Response:
        """A signed GET with a checked answer."""
        return self.checked(self.send("GET", target))

    def post(self, target: str, body: Any) -> httpx.Response:
        """A signed POST with a checked answer."""
        return self.checked(self.send("POST", target, body))

    def decrypt(self, resource: dict[str, str]) -> bytes:
        """Open an AEAD_AES_256_GCM resource with the APIv3 key."""
        return AESGCM(self.config["apiv3_key"].encode()).decrypt(
            resource["nonce"].encode(),
            base64.b64decode(resource["ciphertext"]),
            resource["associated_data"].encode(),
        )

    def open_notification(self, request: httpx.Request) -> tuple[dict[str, Any], dict[str, Any]]:
        """A notification's envelope and decrypted resource once its signature holds."""
        self.verify(request.headers, request.content)
        envelope = json.loads(request.content)
        return envelope, json.loads(self.decrypt(envelope["resource"]))

    def jsapi_body(self, number: str, total: int = 100, **changes: Any) -> dict[str, Any]:
        """A JSAPI order's body."""
        return {
            "appid": self.config["appid"],
            "mchid": self.config["mchid"],
            "description": "丝巾",
            "out_trade_no": number,
            "notify_url": NOTIFY,
            "amount": {"total": total, "currency": "CNY"},
            "payer": {"openid": self.config["openid"]},
            **changes,
        }

    def order(self, number: str, total: int = 100, **changes: Any) -> str:
        """Place a JSAPI order and return its prepay_id."""
        response = self.post("/v3/pay/transactions/jsapi", self.jsapi_body(number, total, **changes))
        assert response.status_code == 200, response.text
        return str(response.json()["prepay_id"])

    def barcode(self, number: str, total: int = 100, code: str = "130000000000000001") -> httpx.Response:
        """Charge a payment code."""
        body = self.jsapi_body(number, total) | {
            "payer": {"auth_code": code},
            "scene_info": {"store_info": {"id": "MN01"}},
        }
        del body["notify_url"]
        return self.post("/v3/pay/transactions/codepay", body)

    def refund(self, number: str, refund_number: str, refund: int, total: int, **more: Any) -> httpx.Response:
        """Ask for a refund."""
        amount = {"refund": refund, "total": total, "currency": "CNY"}
        body = {"out_trade_no": number, "out_refund_no": refund_number, "amount": amount, **more}
        return self.post("/v3/refund/domestic/refunds", body)

    def query(self, number: str) -> dict[str, Any]:
        """An order by its number."""
        found = self.get(f"/v3/pay/transactions/out-trade-no/{number}?mchid={self.config['mchid']}")
        assert found.status_code == 200, found.text
        answer: dict[str, Any] = found.json()
        return answer


class AlipayMerchant:
    """Speaks the gateway's key mode with the keys of an exported config."""

    def __init__(self, client: Client, config: dict[str, Any]) -> None:
        self.client, self.config = client, config
        self._key = private_key(config["app_private_key"])
        self.platform = public_key(config["alipay_public_key"])

    def params(self, method: str, content: dict[str, Any], notify_url: str = "") -> dict[str, str]:
        """A call's signed parameters."""
        params = {
            "app_id": self.config["appid"],
            "method": method,
            "format": "JSON",
            "charset": "utf-8",
            "sign_type": "RSA2",
            "timestamp": "2026-11-22 12:00:00",
            "version": "1.0",
            "notify_url": notify_url,
            "biz_content": json.dumps(content, ensure_ascii=False),
        }
        return self.signed(params)

    def signed(self, params: dict[str, str]) -> dict[str, str]:
        """Parameters without empty ones and with the signature over what is left."""
        params = {key: value for key, value in params.items() if value and key != "sign"}
        text = "&".join(f"{key}={params[key]}" for key in sorted(params))
        return {**params, "sign": sign(self._key, text)}

    def call(self, method: str, notify_url: str = "", **content: Any) -> dict[str, Any]:
        """One call by POST, as the official SDKs split it: common parameters in the query, biz_content in the form."""
        params = self.params(method, content, notify_url)
        form = {"biz_content": params.pop("biz_content")}
        return self.read(method, self.client.post("/gateway.do", params=params, data=form))

    def read(self, method: str, response: httpx.Response) -> dict[str, Any]:
        """The inner object once the signature over its raw text holds."""
        document = response.json()
        name = "error_response" if "error_response" in document else method.replace(".", "_") + "_response"
        raw = response.text.removeprefix(f'{{"{name}":').split(',"sign":"')[0]
        check(self.platform, raw.encode(), document["sign"])
        inner: dict[str, Any] = document[name]
        return inner

    def open_notification(self, request: httpx.Request) -> dict[str, str]:
        """A notification's fields once its signature holds."""
        fields = dict(urllib.parse.parse_qsl(request.content.decode(), keep_blank_values=True))
        signed = sorted(
            (key, value) for key, value in fields.items() if key not in ("sign", "sign_type") and value
        )
        check(self.platform, "&".join(f"{key}={value}" for key, value in signed).encode(), fields["sign"])
        return fields
