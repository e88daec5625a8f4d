"""How handlers refuse: an exception that the app turns into the family's own error answer."""

from typing import Any

from starlette.responses import Response


class ApiError(Exception):
    """A refusal of the Tencent social families: an `errcode` and `errmsg`, always with HTTP 200."""

    def __init__(self, errcode: int, errmsg: str, **extra: Any) -> None:
        super().__init__(f"{errcode} {errmsg}")
        self.errcode, self.errmsg, self.extra = errcode, errmsg, extra


class Refused(Exception):
    """A refusal whose complete answer the family has built itself (the payment families)."""

    def __init__(self, response: Response) -> None:
        super().__init__(f"refused with HTTP {response.status_code}")
        self.response = response


class ControlError(Exception):
    """A control action that cannot be done; the message says what to send instead."""
