"""An account's own server as the tests play it: calls with a token, acts of consumers, and the pushes it gets."""

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from xml.etree.ElementTree import Element, fromstring

import httpx

from tests.sandbox.pay.client import Client

SERVER = "http://seta.test/callbacks"
PNG = b"\x89PNG\r\n\x1a\n picture"


class Server:
    """Where pushes arrive, in plain mode; `answer` is the body of the reply."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []
        self.answer = "success"

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(_value(fromstring(request.content)))
        return httpx.Response(200, text=self.answer)

    def events(self, name: str) -> list[dict[str, Any]]:
        """The events of that name, in order."""
        return [fields for fields in self.seen if fields.get("Event") == name]


def _value(element: Element) -> Any:
    return {child.tag: _value(child) for child in element} if len(element) else element.text or ""


class Account:
    """One app with its token."""

    def __init__(self, client: Client, kind: str) -> None:
        app = client.world.app(kind, "primary")
        self.client, self.kind, self.appid, self.secret = client, kind, app.appid, app.secret
        self.template_id = app.template_id
        self.openids = [person.openids[app.appid] for person in client.world.people]
        self.token = self.fresh_token()

    def fresh_token(self) -> str:
        """A new token by the stable endpoint."""
        body = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret}
        self.token = self.client.post("/cgi-bin/stable_token", json=body).json()["access_token"]
        return self.token

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        """GET with the token; the JSON answer."""
        answer: dict[str, Any] = self.client.get(path, params={"access_token": self.token, **query}).json()
        return answer

    def post(self, path: str, body: Any = None, **query: Any) -> dict[str, Any]:
        """POST JSON with the token; the JSON answer."""
        answer: dict[str, Any] = self.raw(path, body, **query).json()
        return answer

    def raw(self, path: str, body: Any = None, **query: Any) -> httpx.Response:
        """POST JSON with the token; the whole answer."""
        content = json.dumps({} if body is None else body, ensure_ascii=False).encode()
        return self.client.post(path, params={"access_token": self.token, **query}, content=content)

    def code(self, path: str, body: Any = None, **query: Any) -> int:
        """POST JSON with the token; the errcode, 0 when the answer has none."""
        return int(self.post(path, body, **query).get("errcode", 0))

    def upload(
        self, path: str, body: bytes = PNG, data: dict[str, str] | None = None, **query: Any
    ) -> dict[str, Any]:
        """POST a file as multipart."""
        params, files = {"access_token": self.token, **query}, {"media": ("a.png", body, "image/png")}
        answer: dict[str, Any] = self.client.post(path, params=params, files=files, data=data).json()
        return answer

    def act(self, action: str, **body: Any) -> dict[str, Any]:
        """A control action; fails with the sandbox's own message when refused."""
        response = self.client.post(f"/_control/{action}", json=body)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def refused(self, action: str, **body: Any) -> str:
        """A control action that must be refused with 400; the reason."""
        response = self.client.post(f"/_control/{action}", json=body)
        assert response.status_code == 400, response.text
        return str(response.json()["error"])

    def sees(self, openid: str, kind: str = "") -> list[dict[str, Any]]:
        """What the account put into a consumer's chats, optionally of one kind."""
        items = self.act("inbox", openid=openid)["items"]
        return [one["content"] for one in items if one["sender"] == "account" and kind in ("", one["kind"])]

    def follows(self, number: int = 0, **how: Any) -> str:
        """The consumer of that number follows; their openid."""
        self.act("follow", openid=self.openids[number], **how)
        return self.openids[number]


def query_of(url: str) -> dict[str, str]:
    """The query parameters of a URL."""
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
