"""Malformed requests for every route of the sandbox: none of them may be granted."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

from starlette.applications import Starlette

import seta_sandbox
from seta_sandbox.alipay import signing as alipay_signing
from seta_sandbox.alipay.gateway import keys_of as alipay_keys
from seta_sandbox.antom import signing as antom_signing
from seta_sandbox.antom.door import CLIENT, client_id, moment
from seta_sandbox.app import FAMILIES
from seta_sandbox.control import ACTIONS
from seta_sandbox.kit.world import World
from seta_sandbox.wechatpay import signing
from seta_sandbox.wechatpay.door import keys_of
from tests.fuzz.asgi import Call
from tests.fuzz.junk import METHODS, Junk, dumps

SOURCE = Path(seta_sandbox.__file__).parent
JSON = (b"content-type", b"application/json")
SOCIAL = ("official_account", "mini_program", "wecom")
# Every field of these is optional, so an object of anything else is a request for the defaults.
ALL_OPTIONAL = frozenset({"/wxa/generatescheme", "/wxa/generate_urllink"})


def field_names() -> list[str]:
    """Every field name that the sandbox's handlers read, found in their source."""
    found: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        found |= set(
            re.findall(r'(?:get|text|words|number|amount)\((?:body, )?"([a-z_.]+)"', path.read_text())
        )
    return sorted(found)


class SandboxCalls:
    """An endless, seeded stream of malformed requests to one sandbox."""

    def __init__(self, app: Starlette, seed: int) -> None:
        self.world: World = app.state.world
        self.junk = Junk(seed)
        self.words = field_names()
        self.routes = [
            (family, method, route.path)
            for family, routes in FAMILIES.items()
            for route in routes
            for method in sorted((route.methods or {"GET"}) - {"HEAD"})
        ]
        account, program = self.world.app("official_account"), self.world.app("mini_program")
        corp = self.world.app("wecom")
        self.tokens = {
            "official_account": [self.world.tokens.legacy(account.appid).token],
            "mini_program": [self.world.tokens.legacy(program.appid).token],
            "wecom": [self.world.tokens.same(f"{corp.appid}/{name}").token for name in ("agent", "contact")],
        }

    def __iter__(self) -> Iterator[Call]:
        kinds: tuple[tuple[Callable[[], Call], int], ...] = (
            (self.without_token, 20), (self.with_token, 35), (self.wrong_method, 8), (self.payment, 15),
            (self.alipay, 8), (self.antom, 6), (self.control, 8), (self.nowhere, 6),
        )  # fmt: skip
        makers, weights = [kind for kind, _ in kinds], [weight for _, weight in kinds]
        while True:
            yield self.junk.random.choices(makers, weights)[0]()

    def _route(self, *families: str, method: str = "") -> tuple[str, str, str]:
        fitting = [one for one in self.routes if one[0] in families and (not method or one[1] == method)]
        family, found, path = self.junk.random.choice(fitting)
        return family, found, re.sub(r"\{\w+(:\w+)?\}", lambda _: quote(self.junk.text() or "x"), path)

    def without_token(self) -> Call:
        """A token that is missing, invented or empty; the body may be anything."""
        _, method, path = self._route(*SOCIAL)
        query = {self.junk.random.choice(self.words): self.junk.text() for _ in range(2)}
        if self.junk.random.random() < 0.7:
            query["access_token"] = self.junk.text()
        body = (
            self.junk.body() if self.junk.random.random() < 0.5 else dumps(self.junk.wrong_object(self.words))
        )
        return Call(method, f"{path}?{urlencode(query)}".encode(), body, (self.junk.content_type(),))

    def with_token(self) -> Call:
        """A token that works, and a body that does not."""
        family, _, path = self._route(*SOCIAL, method="POST")
        target = f"{path}?access_token={self.junk.random.choice(self.tokens[family])}".encode()
        if path in ALL_OPTIONAL or self.junk.random.random() < 0.4:
            return Call("POST", target, self.junk.body(), (self.junk.content_type(),))
        return Call("POST", target, dumps(self.junk.wrong_object(self.words)), (JSON,))

    def wrong_method(self) -> Call:
        """A known path, asked for as it must not be."""
        family, method, path = self._route(*FAMILIES)
        token = self.junk.random.choice(self.tokens.get(family, [""]))
        taken = {one[1] for one in self.routes if one[2] == path}
        wrong = [other for other in (*METHODS, "GET", "POST") if other not in taken and other != method]
        return Call(
            self.junk.random.choice(wrong), f"{path}?access_token={token}".encode(), self.junk.body(), ()
        )

    def payment(self) -> Call:
        """WeChat Pay: a missing, broken or stale signature, or a good one under a body that makes no sense."""
        _, method, path = self._route("wechatpay")
        if self.junk.random.random() < 0.5:
            scheme = self.junk.random.choice(("", signing.SCHEME + " ", "Bearer "))
            header = scheme + self.junk.random.choice(('mchid="1"', "", "a=b,,", '"' * 50, "x" * 2_000))
            return Call(method, path.encode(), self.junk.body(), ((b"authorization", header.encode()), JSON))
        body = (
            self.junk.body() if self.junk.random.random() < 0.4 else dumps(self.junk.wrong_object(self.words))
        )
        body = body if method == "POST" else b""
        known, age = keys_of(self.world), self.junk.random.choice((0, 0, 0, 3_600, -3_600))
        timestamp, nonce = str(int(time.time()) - age), "n" * 32
        message = signing.request_message(method, path, timestamp, nonce, body)
        header = (
            f'{signing.SCHEME} mchid="{known.mchid}",nonce_str="{nonce}",timestamp="{timestamp}",'
            f'serial_no="{known.merchant.serial}",signature="{signing.sign(known.merchant.private, message)}"'
        )
        return Call(method, path.encode(), body, ((b"authorization", header.encode()), JSON))

    def alipay(self) -> Call:
        """Alipay: parameters that are missing or wrong, or a good signature over content that makes no sense."""
        known = alipay_keys(self.world)
        params = {
            "app_id": known.appid, "method": "alipay.trade." + self.junk.random.choice(
                ("pay", "create", "precreate", "query", "refund", "cancel", "close", "dance")
            ), "format": "JSON", "charset": "utf-8", "sign_type": "RSA2", "version": "1.0",
            "timestamp": time.strftime("%Y-%m-%d %H:%M:%S"),
        }  # fmt: skip
        if self.junk.random.random() < 0.5:
            params["biz_content"] = self.junk.body().decode("latin-1")
        else:
            params["biz_content"] = dumps(self.junk.wrong_object(self.words)).decode()
        if self.junk.random.random() < 0.5:
            params[self.junk.random.choice(list(params))] = self.junk.text()
            params["sign"] = self.junk.text()
        else:
            params["sign"] = alipay_signing.sign(known.app, alipay_signing.request_content(params))
        form = urlencode(params).encode()
        if self.junk.random.random() < 0.5:
            return Call("GET", b"/gateway.do?" + form)
        return Call("POST", b"/gateway.do", form, ((b"content-type", b"application/x-www-form-urlencoded"),))

    def antom(self) -> Call:
        """Antom: headers that are missing or wrong, or a good signature under a body that makes no sense."""
        _, method, path = self._route("antom", method="POST")
        body = (
            self.junk.body() if self.junk.random.random() < 0.4 else dumps(self.junk.wrong_object(self.words))
        )
        client, at = client_id(self.world), moment(self.world.clock.now())
        signature = antom_signing.header(
            self.world.keys.rsa(CLIENT), antom_signing.content(path, client, at, body)
        )
        headers = {"client-id": client, "request-time": at, "signature": signature}
        if self.junk.random.random() < 0.4:
            headers[self.junk.random.choice(list(headers))] = self.junk.text()
        sent = tuple((name.encode(), text.encode("utf-8", "replace")) for name, text in headers.items())
        return Call(method, path.encode(), body, (*sent, JSON))

    def control(self) -> Call:
        """The control API and the phone: no JSON object, or an action that does not exist."""
        bodies = (b"[]", b"1", b'"x"', b"{", b"\xff", b"nul", b"[" * 20_000, b"null")
        name = self.junk.random.choice([*ACTIONS, "dance", "", "..%2f", "%00"])
        prefix = self.junk.random.choice(("/_control/", "/_phone/act/", "/_phone/"))
        if name in ACTIONS or prefix != "/_control/":
            return Call("POST", f"{prefix}{name}".encode(), self.junk.random.choice(bodies), (JSON,))
        return Call("POST", f"{prefix}{name}".encode(), dumps(self.junk.wrong_object(self.words)), (JSON,))

    def nowhere(self) -> Call:
        """Paths that nobody has, and bytes that are no path."""
        method = self.junk.random.choice(("GET", "POST", *METHODS))
        path = self.junk.random.choice(
            (b"/", b"//", b"/%ff%fe", b"/cgi-bin/", b"/cgi-bin/token/", b"/v3/", b"/static/../../etc/passwd",
             b"/_mp/..%2f..%2fetc/passwd", b"/" + b"a" * 4_000, b"/%00", b"/v3/pay/transactions/id/%0a",
             b"/cgi-bin/showqrcode", b"/_media/x", b"/_wxacode/x.png", b"/_wecom/qr/x.png")
        )  # fmt: skip
        query = self.junk.random.choice(
            (b"", b"?", b"?%ff=%fe", b"?ticket=%00", b"?a=b&a=c", b"?" + b"q" * 4_000)
        )
        return Call(method, path + query, self.junk.body(), (self.junk.content_type(),))
