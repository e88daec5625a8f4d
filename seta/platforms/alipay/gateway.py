"""Alipay's one gateway: parameters signed with RSA2, answers proven over their raw text."""

import json
from base64 import b64decode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx

from seta.platforms.alipay.certificates import Certificates, certificate_sn, is_issued_by, root_sn
from seta.platforms.alipay.signing import PLATFORM, signed_text
from seta.platforms.core import rsa
from seta.platforms.core.answers import Answer, parse_answer
from seta.platforms.core.errors import ErrorKind, Forged, PlatformError
from seta.platforms.core.http import Reply, Request, Transport

BASE_URL = "https://openapi.alipay.com"
PATH = "/gateway.do"
SUCCESS, WAITING, UNKNOWN = "10000", "10003", "20000"

_BEIJING = timezone(timedelta(hours=8))
_KINDS = {
    "20000": ErrorKind.BUSY,
    "20001": ErrorKind.AUTH,
    "40001": ErrorKind.INVALID,
    "40002": ErrorKind.INVALID,
    "40003": ErrorKind.DENIED,
    "40004": ErrorKind.STATE,
    "40005": ErrorKind.RATE,
    "40006": ErrorKind.DENIED,
}
_SUB_KINDS = {
    "ACQ.SYSTEM_ERROR": ErrorKind.BUSY,
    "SYSTEM_ERROR": ErrorKind.BUSY,
    "aop.ACQ.SYSTEM_ERROR": ErrorKind.BUSY,
    "ACQ.INVALID_PARAMETER": ErrorKind.INVALID,
    "isv.invalid-signature": ErrorKind.AUTH,
    "isv.invalid-app-id": ErrorKind.AUTH,
    "isp.unknow-error": ErrorKind.BUSY,
}


class Gateway:
    """Calls of one app. `call` returns proven fields and raises PlatformError for every refusal."""

    def __init__(
        self,
        *,
        appid: str,
        app_private_key: str,
        alipay_public_key: str,
        former_public_key: str,
        certificates: Certificates | None,
        base_url: str,
        http: httpx.Client | None,
        now: Callable[[], float],
        pause: Callable[[float], None],
    ) -> None:
        self._appid = appid
        self._private_key = app_private_key
        assert alipay_public_key or certificates
        given = (alipay_public_key or (certificates.alipay if certificates else ""), former_public_key)
        self._public_keys = [key for key in given if key]
        self._certificates = certificates
        self._now = now
        base = base_url.removesuffix(PATH)
        self.transport = Transport(platform=PLATFORM, base_url=base, http=http, now=now, pause=pause)

    def call(
        self,
        method: str,
        content: Mapping[str, Any],
        *,
        idempotent: bool,
        accept: tuple[str, ...] = (SUCCESS,),
        notify_url: str = "",
    ) -> Answer:
        """Send one method; the codes in `accept` are answers, all others are raised with their sub_code."""
        biz_content = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        node = method.replace(".", "_") + "_response"

        def read(reply: Reply) -> Answer:
            fields = self._proven(reply, node)
            if str(fields["code"]) not in accept:
                raise _refusal(fields, idempotent)
            return fields

        common = self._common(method, notify_url)
        signature = rsa.sign(self._private_key, signed_text(common | {"biz_content": biz_content}).encode())
        query = tuple((common | {"sign": signature}).items())
        headers = {"Content-Type": "application/x-www-form-urlencoded;charset=utf-8"}
        request = Request("POST", PATH, query, urlencode({"biz_content": biz_content}).encode(), headers)
        return self.transport.call(request, read, idempotent=idempotent)

    def download_certificate(self, sn: str) -> str:
        """Fetch a certificate of Alipay's; its chain to our root proves it, not the answer's signature alone."""
        assert self._certificates is not None
        fields = self.call("alipay.open.app.alipaycert.download", {"alipay_cert_sn": sn}, idempotent=True)
        try:
            pem = b64decode(str(fields["alipay_cert_content"]), validate=True).decode("ascii")
            proven = certificate_sn(pem) == sn and is_issued_by(pem, self._certificates.root)
        except ValueError:
            proven = False
        if not proven:
            raise Forged("the certificate is not one of our root's", platform=PLATFORM, code="CERTIFICATE")
        return pem

    def download(self, url: str) -> bytes:
        """Fetch a bill file; its address carries its own secret, so it is fetched as given."""
        parts = urlsplit(url)
        request = Request("GET", f"{parts.path}?{parts.query}" if parts.query else parts.path)
        host = self.transport.towards(f"{parts.scheme}://{parts.netloc}")
        return host.call(request, _file, idempotent=True)

    def _common(self, method: str, notify_url: str) -> dict[str, str]:
        moment = datetime.fromtimestamp(self._now(), UTC).astimezone(_BEIJING)
        common = {
            "app_id": self._appid,
            "method": method,
            "format": "JSON",
            "charset": "utf-8",
            "sign_type": "RSA2",
            "timestamp": f"{moment:%Y-%m-%d %H:%M:%S}",
            "version": "1.0",
        }
        if self._certificates is not None:
            common["app_cert_sn"] = certificate_sn(self._certificates.app)
            common["alipay_root_cert_sn"] = root_sn(self._certificates.root)
        return common | {"notify_url": notify_url} if notify_url else common

    def _proven(self, reply: Reply, node: str) -> Answer:
        try:
            text = reply.body.decode("utf-8")
            raw = top_level(text)
        except (ValueError, RecursionError) as error:
            raise _unreadable(f"status {reply.status} without a JSON object") from error
        name = node if node in raw else "error_response"
        fields = parse_answer(raw.get(name, ""), platform=PLATFORM)
        if fields is None:
            raise _unreadable(f"the answer has no {node}")
        if self._certificates is not None and "alipay_cert_sn" in raw:
            self._check_certificate(json.loads(raw["alipay_cert_sn"]), self._certificates)
        signature = json.loads(raw.get("sign", '""'))
        if signature or name != "error_response":
            self._check(raw[name], signature)
        return fields

    def _check_certificate(self, sn: Any, own: Certificates) -> None:
        if sn != certificate_sn(own.alipay):
            raise Forged(
                f"the answer is signed under certificate {str(sn)[:40]!r}, which we were not given",
                platform=PLATFORM,
                code="CERTIFICATE",
            )

    def _check(self, raw: str, signature: Any) -> None:
        if not isinstance(signature, str) or not any(
            rsa.verify(key, raw.encode(), signature) for key in self._public_keys
        ):
            raise Forged("the answer's signature does not hold", platform=PLATFORM, code="SIGNATURE")


def top_level(text: str) -> dict[str, str]:
    """Return the raw text of each member of a JSON object: what Alipay signs is the text, not its meaning.

    Raises ValueError when the text is not one JSON object or names a member twice.
    """
    decoder, members = json.JSONDecoder(), dict[str, str]()
    position = _skip(text, 0)
    if text[position : position + 1] != "{":
        raise ValueError("not an object")
    position = _skip(text, position + 1)
    while text[position : position + 1] == '"':
        name, position = decoder.raw_decode(text, position)
        position = _skip(text, position)
        if text[position : position + 1] != ":" or name in members:
            raise ValueError("not a clean object")
        start = _skip(text, position + 1)
        _, end = decoder.raw_decode(text, start)
        members[name] = text[start:end]
        position = _skip(text, end)
        if text[position : position + 1] == ",":
            position = _skip(text, position + 1)
    if text[position : position + 1] != "}" or text[position + 1 :].strip():
        raise ValueError("not one object")
    return members


def _skip(text: str, position: int) -> int:
    while text[position : position + 1] in (" ", "\t", "\r", "\n"):
        position += 1
    return position


def _file(reply: Reply) -> bytes:
    if reply.status != 200:
        raise PlatformError(
            "the bill cannot be downloaded",
            platform=PLATFORM,
            code=f"HTTP_{reply.status}",
            kind=ErrorKind.STATE if reply.status < 500 else ErrorKind.BUSY,
        )
    return reply.body


def _refusal(fields: Answer, idempotent: bool) -> PlatformError:
    code, sub_code = str(fields["code"]), str(fields.get("sub_code") or "")
    kind = _SUB_KINDS.get(sub_code) or _KINDS.get(code, ErrorKind.INVALID)
    if kind is ErrorKind.BUSY and not idempotent:
        # A payment whose outcome Alipay itself does not know: query, never send again.
        kind = ErrorKind.UNKNOWN_OUTCOME
    message = str(fields.get("sub_msg") or fields.get("msg") or "")
    return PlatformError(message, platform=PLATFORM, code=sub_code or code, kind=kind)


def _unreadable(message: str) -> PlatformError:
    return PlatformError(message, platform=PLATFORM, code="UNREADABLE", kind=ErrorKind.UNKNOWN_OUTCOME)
