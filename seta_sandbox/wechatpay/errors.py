"""Name every refusal of WeChat Pay APIv3 with its HTTP status, code and text."""

from typing import Any


class Refusal(Exception):
    """A refused call; `detail` is what APIv3 adds for parameter and signature errors."""

    def __init__(self, status: int, code: str, message: str, detail: dict[str, Any] | None = None) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code, self.message, self.detail = status, code, message, detail

    def document(self) -> dict[str, Any]:
        """The answer's JSON body."""
        body: dict[str, Any] = {"code": self.code, "message": self.message}
        return body if self.detail is None else {**body, "detail": self.detail}


def parameter(field: str, issue: str, value: Any = None, location: str = "body") -> Refusal:
    """400 PARAM_ERROR that says which field is wrong and why."""
    detail = {"field": f"/{field.replace('.', '/')}", "value": value, "issue": issue, "location": location}
    return Refusal(400, "PARAM_ERROR", f"参数错误:{field} {issue}", detail)


def order_missing() -> Refusal:
    """404: no order has this number."""
    return Refusal(404, "ORDER_NOT_EXIST", "订单不存在")


def refund_missing() -> Refusal:
    """404: no refund has this number."""
    return Refusal(404, "RESOURCE_NOT_EXISTS", "退款单不存在")


def number_used() -> Refusal:
    """400: the order number is taken by an order with other parameters."""
    return Refusal(400, "INVALID_REQUEST", "201 商户订单号重复")


def order_paid() -> Refusal:
    """400: the order is paid, so it can be neither placed again nor closed."""
    return Refusal(400, "ORDER_PAID", "该订单已支付")


def order_closed() -> Refusal:
    """400: the order was closed or revoked before."""
    return Refusal(400, "ORDER_CLOSED", "订单已关闭")


def invalid(message: str) -> Refusal:
    """400 INVALID_REQUEST: well formed, but it contradicts what the platform knows."""
    return Refusal(400, "INVALID_REQUEST", message)


def frequency() -> Refusal:
    """429: partial refunds of one cross-border order must be a minute apart."""
    return Refusal(429, "FREQUENCY_LIMITED", "频率超限，请稍后使用原参数重试")


def not_enough() -> Refusal:
    """403: the merchant's CNY pool cannot pay this refund; to be retried with the same refund number."""
    return Refusal(403, "NOT_ENOUGH", "基本账户余额不足，请充值后重新发起")


BARCODE_REFUSALS: dict[str, Refusal] = {
    "USERPAYING": Refusal(202, "USERPAYING", "需要用户输入支付密码"),
    "NOT_ENOUGH": Refusal(403, "NOT_ENOUGH", "用户账户余额不足"),
    "AUTH_CODE_EXPIRED": Refusal(400, "AUTH_CODE_EXPIRED", "付款码已过期，请用户刷新后重试"),
    "AUTH_CODE_INVALID": Refusal(400, "AUTH_CODE_INVALID", "付款码无效"),
    "BANK_ERROR": Refusal(500, "BANK_ERROR", "银行系统异常"),
    "SYSTEM_ERROR": Refusal(500, "SYSTEM_ERROR", "系统异常，请用相同参数重新调用或查询订单"),
    "TRADE_ERROR": Refusal(403, "TRADE_ERROR", "交易失败"),
    "RULE_LIMIT": Refusal(403, "RULE_LIMIT", "业务规则限制"),
}
"""What a barcode payment can be answered with, by the outcome's name; the codes partly from memory."""
