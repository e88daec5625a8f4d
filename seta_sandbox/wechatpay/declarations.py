"""Keep the customs declarations of paid orders, and change them only in the ways the platform allows."""

from dataclasses import dataclass
from enum import StrEnum


class CustomsState(StrEnum):
    """`state` of a declaration."""

    UNDECLARED = "UNDECLARED"
    SUBMITTED = "SUBMITTED"
    PROCESSING = "PROCESSING"
    SUCCESS = "SUCCESS"
    FAIL = "FAIL"
    EXCEPT = "EXCEPT"


EXPLANATIONS = {
    CustomsState.FAIL: "海关返回失败",
    CustomsState.EXCEPT: "申报异常，请重推",
}


@dataclass
class Declaration:
    """One declaration to one customs office; money in fen, `settles_at` ends it by itself."""

    out_trade_no: str
    transaction_id: str
    customs: str
    merchant_customs_no: str
    sub_order_no: str
    sub_order_id: str
    department_trade_id: str
    order_fee: int
    product_fee: int
    transport_fee: int
    duty: int
    modified_at: float
    settles_at: float
    state: CustomsState = CustomsState.SUBMITTED
    explanation: str = ""

    def refresh(self, now: float) -> None:
        """Let time act: what was submitted is being processed at the next look, and accepted when it is due."""
        if self.state in (CustomsState.SUBMITTED, CustomsState.PROCESSING):
            due = now >= self.settles_at
            self.state = CustomsState.SUCCESS if due else CustomsState.PROCESSING
            self.modified_at = self.settles_at if due else self.modified_at

    def end(self, state: CustomsState, explanation: str, now: float) -> None:
        """The customs office answers."""
        self.state, self.modified_at = state, now
        self.explanation = explanation or EXPLANATIONS.get(state, "")

    def resubmit(self, state: CustomsState, now: float, settles_at: float) -> None:
        """It goes to the customs office again."""
        self.state, self.explanation = state, ""
        self.modified_at, self.settles_at = now, settles_at
