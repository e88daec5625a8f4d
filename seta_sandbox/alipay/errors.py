"""Name the refusals of Alipay's gateway and trades with their code, sub_code and text."""


class Refusal(Exception):
    """A refused call; `is_gateway` ones come as `error_response`."""

    def __init__(self, code: str, sub_code: str, sub_msg: str, *, is_gateway: bool = False) -> None:
        super().__init__(f"{code} {sub_code}: {sub_msg}")
        self.code, self.sub_code, self.sub_msg, self.is_gateway = code, sub_code, sub_msg, is_gateway

    def document(self) -> dict[str, str]:
        """The inner object of the answer."""
        return {
            "code": self.code,
            "msg": MESSAGES[self.code],
            "sub_code": self.sub_code,
            "sub_msg": self.sub_msg,
        }


MESSAGES = {
    "10000": "Success",
    "10003": "order success pay inprocess",
    "20000": "Service Currently Unavailable",
    "20001": "Insufficient Token Permissions",
    "40001": "Missing Required Arguments",
    "40002": "Invalid Arguments",
    "40004": "Business Failed",
    "40005": "Call Limited",
    "40006": "Insufficient Permissions",
}


GATEWAY_CODES = {
    "isp.unknow-error": "20000",
    "aop.unknow-error": "20000",
    "aop.invalid-auth-token": "20001",
    "isv.insufficient-isv-permissions": "40006",
    "isv.insufficient-user-permissions": "40006",
    "isp.call-limited": "40005",
}


def gateway(sub_code: str, sub_msg: str, code: str = "40002") -> Refusal:
    """A refusal before any business was looked at."""
    return Refusal(code, sub_code, sub_msg, is_gateway=True)


def business(sub_code: str, sub_msg: str) -> Refusal:
    """40004: the trade's state or the request's facts forbid it."""
    return Refusal("40004", sub_code, sub_msg)


def invalid(field: str) -> Refusal:
    """40004 ACQ.INVALID_PARAMETER naming the field."""
    return business("ACQ.INVALID_PARAMETER", f"参数无效：{field}")


def trade_missing() -> Refusal:
    """No trade has this number, which is also true of a QR order before it is scanned."""
    return business("ACQ.TRADE_NOT_EXIST", "交易不存在")


def unknown() -> Refusal:
    """20000: the caller cannot know what happened and has to query."""
    return Refusal("20000", "ACQ.SYSTEM_ERROR", "系统异常")


BARCODE_REFUSALS: dict[str, Refusal] = {
    "NOT_ENOUGH": business("ACQ.BUYER_BALANCE_NOT_ENOUGH", "买家余额不足"),
    "AUTH_CODE_INVALID": business("ACQ.PAYMENT_AUTH_CODE_INVALID", "支付授权码无效"),
    "AUTH_CODE_EXPIRED": business("ACQ.PAYMENT_AUTH_CODE_INVALID", "支付授权码已过期"),
    "PAYMENT_FAIL": business("ACQ.PAYMENT_FAIL", "支付失败"),
    "RISK": business("ACQ.PAYMENT_REQUEST_HAS_RISK", "支付有风险"),
}
