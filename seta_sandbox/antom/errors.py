"""Name Antom's refusals: a result of F (it failed for good) or U (ask again, or inquire), always with HTTP 200."""


class Refusal(Exception):
    """A refused call; the result object of its answer."""

    def __init__(self, code: str, message: str, status: str = "F") -> None:
        super().__init__(f"{status} {code}: {message}")
        self.code, self.message, self.status = code, message, status

    def result(self) -> dict[str, str]:
        """The answer's `result`."""
        return {"resultCode": self.code, "resultStatus": self.status, "resultMessage": self.message}


SUCCESS = {"resultCode": "SUCCESS", "resultStatus": "S", "resultMessage": "success"}


def illegal(field: str, issue: str) -> Refusal:
    """PARAM_ILLEGAL naming the field."""
    return Refusal("PARAM_ILLEGAL", f"illegal parameters exist: {field} {issue}")


def inconsistent() -> Refusal:
    """The request id was used with other parameters."""
    return Refusal("REPEAT_REQ_INCONSISTENT", "repeated requests are inconsistent")


def payment_missing() -> Refusal:
    """No payment has this id."""
    return Refusal("ORDER_NOT_EXIST", "the order does not exist")


def refund_missing() -> Refusal:
    """No refund has this id."""
    return Refusal("REFUND_NOT_EXIST", "the refund does not exist")


def status_invalid(message: str) -> Refusal:
    """The payment's state forbids it."""
    return Refusal("ORDER_STATUS_INVALID", message)


IN_PROCESS = Refusal("PAYMENT_IN_PROCESS", "the payment is being processed", "U")
UNKNOWN = Refusal("UNKNOWN_EXCEPTION", "an API call failed for unknown reasons", "U")
REFUND_IN_PROCESS = Refusal("REFUND_IN_PROCESS", "the refund is being processed", "U")
CLOSED = Refusal("ORDER_IS_CLOSED", "the payment was closed before anybody paid")
CANCELLED = Refusal("ORDER_IS_CANCELLED", "the payment was cancelled")

# What a payment code can be answered with, by the outcome's name; the codes are from memory of the API's table.
CODE_REFUSALS: dict[str, Refusal] = {
    "NOT_ENOUGH": Refusal("USER_BALANCE_NOT_ENOUGH", "the balance of the user is not enough"),
    "CODE_INVALID": Refusal("INVALID_PAYMENT_CODE", "the payment code is invalid"),
    "RISK": Refusal("RISK_REJECT", "the payment was rejected by risk control"),
    "PROCESS_FAIL": Refusal("PROCESS_FAIL", "a general business failure occurred"),
}
