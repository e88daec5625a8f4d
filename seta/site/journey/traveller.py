"""The client, the people they meet, and the three wires between them: sandbox, mini program API and desk."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx

from seta.events import queries as events
from seta.events.queries import EventRow
from seta.houses import queries as houses
from seta.site.demo import cast

T = TypeVar("T")

WAIT_SECONDS_MAX = 60.0
"""How long a step waits for the worker or the platform before it fails."""

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Failed(Exception):
    """A step did not come out as it must; `evidence` is what was found instead."""

    def __init__(self, message: str, evidence: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.evidence = dict(evidence or {})


def demand(holds: bool, message: str, **found: Any) -> None:
    """Fail the step unless something holds."""
    if not holds:
        raise Failed(message, found)


@dataclass
class Traveller:
    """Who travels, and what they carry from step to step (ids only; evidence is read back each time)."""

    seta_url: str
    config: Mapping[str, Any]
    carried: dict[str, Any] = field(default_factory=dict)
    token: str = ""

    def __post_init__(self) -> None:
        self.http = httpx.Client(timeout=30, trust_env=False)
        self.house_id = houses.house_by_code(cast.MAISON).id
        self.openid: str = self.config["official_account"]["openids"][0]
        self.mp_openid: str = self.config["mini_program"]["openids"][0]
        self._desks: dict[str, httpx.Client] = {}

    def control(self, action: str, **body: Any) -> dict[str, Any]:
        """Somebody acts in the sandbox; fails with its words when it refuses."""
        answer = self.http.post(f"{self.config['control_url']}/{action}", json=body)
        demand(answer.status_code == 200, f"sandbox {action}: {answer.text[:300]}")
        done: dict[str, Any] = answer.json()
        return done

    def api(self, method: str, path: str, *, ok: tuple[int, ...] = (200, 201, 204), **body: Any) -> Any:
        """The mini program asks Seta, as the client that is signed in."""
        headers = {"Accept-Language": "zh-CN,zh;q=0.9"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        answer = self.http.request(method, f"{self.seta_url}{path}", json=body or None, headers=headers)
        demand(
            answer.status_code in ok, f"{method} {path} answered {answer.status_code}: {answer.text[:300]}"
        )
        return (
            answer.json() if answer.content and "json" in answer.headers.get("content-type", "") else answer
        )

    def login(self, openid: str, **launch: str) -> dict[str, Any]:
        """wx.login on the phone, then the code for a session; sets nothing."""
        code = self.control("js_code", openid=openid)["code"]
        appid = self.config["mini_program"]["appid"]
        body: dict[str, Any] = {"js_code": code, "appid": appid, **launch}
        answer: dict[str, Any] = self.api("POST", "/api/mp/v1/session", **body)
        return answer

    def pay_on_phone(self, order_id: int) -> None:
        """Prepay, the pay sheet with its signature checked, six digits, and wait until Seta says it is paid."""
        asked = self.api("POST", f"/api/mp/v1/boutique/orders/{order_id}/pay")
        appid = self.config["mini_program"]["appid"]
        sheet = self.phone("sheet", appid=appid, **asked)
        self.phone("pay", consumer=self.mp_openid, appid=appid, prepay_id=sheet["prepay_id"], pin="081127")
        path = f"/api/mp/v1/boutique/orders/{order_id}"
        self.wait(lambda: self.api("GET", path)["state"] == "paid", "the payment")

    def phone(self, door: str, **body: Any) -> dict[str, Any]:
        """What the client's phone does by itself when a mini program asks for it."""
        answer = self.http.post(f"{self.config['base_url']}/_phone/{door}", json=body)
        demand(answer.status_code == 200, f"phone {door}: {answer.status_code} {answer.text[:300]}")
        done: dict[str, Any] = answer.json()
        return done

    def desk(self, username: str) -> httpx.Client:
        """A member signed in at the desk, by the form that a person uses."""
        if username not in self._desks:
            desk = httpx.Client(base_url=self.seta_url, timeout=30, trust_env=False, follow_redirects=True)
            page = desk.get("/desk/sign-in/")
            token = csrf_of(page)
            form = {"username": username, "password": cast.PASSWORD, "csrfmiddlewaretoken": token}
            signed_in = desk.post("/desk/sign-in/", data=form)
            demand(
                signed_in.status_code == 200 and "/sign-in" not in str(signed_in.url),
                f"{username} could not sign in at the desk",
                status=signed_in.status_code,
            )
            self._desks[username] = desk
        return self._desks[username]

    def press(self, username: str, page: str, action: str, **fields: Any) -> httpx.Response:
        """A member opens a page of the desk and sends one of its forms."""
        desk = self.desk(username)
        shown = desk.get(page)
        demand(shown.status_code == 200, f"{page} answered {shown.status_code} to {username}")
        demand(f'action="{action}"' in shown.text, f"{page} has no form for {action}")
        done = desk.post(action, data={**fields, "csrfmiddlewaretoken": csrf_of(shown)})
        demand(done.status_code == 200, f"{action} answered {done.status_code}: {done.text[:200]}")
        return done

    def actions(self, page: httpx.Response, pattern: str) -> list[str]:
        """The forms on a page whose action is of a pattern."""
        return sorted(set(re.findall(rf'action="({pattern})"', page.text)))

    def wait(self, look: Callable[[], T | None], what: str) -> T:
        """Look until something is there; fails after a bounded time."""
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        while True:
            found = look()
            if found:
                return found
            demand(time.monotonic() < deadline, f"waited {WAIT_SECONDS_MAX:.0f} s in vain for {what}")
            time.sleep(0.05)

    def fact(self, name: str, **values: Any) -> EventRow | None:
        """The newest fact of a name whose body has these values, as the database keeps it."""
        for row in events.newest(house_id=self.house_id, name=name, limit=50):
            if all(row.body.get(key) == value for key, value in values.items()):
                return row
        return None

    def bubble(self, chat: str, kind: str) -> dict[str, Any] | None:
        """What the newest bubble of a kind on the client's phone says, in chats that start with `chat`."""
        shown = self.control("inbox", openid=self.openid)["items"]
        for item in reversed(shown):
            if item["chat"].startswith(chat) and item["kind"] == kind and item["sender"] == "account":
                content: dict[str, Any] = item["content"]
                return content
        return None

    def close(self) -> None:
        """Hang up."""
        self.http.close()
        for desk in self._desks.values():
            desk.close()


def csrf_of(page: httpx.Response) -> str:
    """The token that a form on the page carries."""
    found = _TOKEN.search(page.text)
    demand(found is not None, f"{page.url} has no form to send")
    assert found is not None
    return found.group(1)
