"""What a judge found: named checks, told as one line of JSON.

Runs in the SDKs' own environments, so it needs nothing but Python.
"""

import json
import urllib.request
from collections.abc import Callable
from typing import Any


class Verdicts:
    """The checks of one judge; a check that raises is a red one, and the next is made all the same."""

    def __init__(self) -> None:
        self.checks: list[dict[str, Any]] = []
        self._chapter = ""

    def equal(self, name: str, wanted: Any, call: Callable[[], Any]) -> Any:
        """Check that `call` gives `wanted`; returns what it gave, None when it raised."""
        try:
            found = call()
        except Exception as error:
            self._add(name, False, f"{type(error).__name__}: {error}")
            return None
        self._add(name, found == wanted, "" if found == wanted else f"{found!r} instead of {wanted!r}")
        return found

    def holds(self, name: str, call: Callable[[], Any]) -> Any:
        """Check that `call` gives something true; returns it."""
        try:
            found = call()
        except Exception as error:
            self._add(name, False, f"{type(error).__name__}: {error}")
            return None
        self._add(name, bool(found), "" if found else f"found {found!r}")
        return found

    def refused(self, name: str, code: Any, call: Callable[[], Any]) -> None:
        """Check that the SDK raises its own error with this `errcode`."""
        try:
            found = call()
        except Exception as error:
            given = getattr(error, "errcode", getattr(error, "code", None))
            self._add(name, given == code, "" if given == code else f"{type(error).__name__}: {error}")
        else:
            self._add(name, False, f"accepted: {found!r}")

    def raises(self, name: str, call: Callable[[], Any]) -> None:
        """Check that the SDK refuses by itself, whatever the exception."""
        try:
            found = call()
        except Exception:
            self._add(name, True, "")
        else:
            self._add(name, False, f"accepted: {found!r}")

    def chapter(self, name: str, tell: Callable[[], None]) -> None:
        """Run a part of the judge's story; where it cannot go on there is a red check of that name."""
        self._chapter = f"{name}: "
        try:
            tell()
        except Exception as error:
            self._add("can be told to its end", False, f"{type(error).__name__}: {error}")

    def tell(self) -> None:
        """Print every check on one line."""
        print(json.dumps({"checks": self.checks}, ensure_ascii=False))

    def _add(self, name: str, ok: bool, detail: str) -> None:
        self.checks.append({"check": self._chapter + name, "ok": ok, "detail": detail[:400]})


def controller(base_url: str) -> Callable[..., dict[str, Any]]:
    """A function that runs a control action of the sandbox and returns its answer."""

    def control(action: str, **body: Any) -> dict[str, Any]:
        request = urllib.request.Request(
            f"{base_url}/_control/{action}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=20) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    return control
