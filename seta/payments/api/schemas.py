"""What the till's API takes and gives. Money is whole numbers of minor units: no fraction, no text, no exponent."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import BeforeValidator, ConfigDict, model_validator

from seta.payments.rules.till import REFERENCE_CHARS_MAX

PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
ID_MAX = 2**63 - 1
PAGE_ROWS_MAX = 100
WAIT_SECONDS_MAX = 20


def _whole(value: Any) -> Any:
    """JSON's 100.0 and 1e2 are fractions here, true is no number, and text is never read as one."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("write a whole number of minor units, such as 12000 for 120.00")
    return value


Minor = Annotated[int, BeforeValidator(_whole), Field(json_schema_extra={"format": "int64"})]
RowId = Annotated[int, BeforeValidator(_whole), Field(gt=0, le=ID_MAX)]


class Asked(Schema):
    """A request's body: a field that is not known is refused by its name, since it may be a misspelt one."""

    model_config = ConfigDict(extra="forbid")


class Charge(Asked):
    """A sale of `amount` fen (CNY): with `auth_code` the client's code is charged, with `wallet` a QR is made."""

    amount: Minor = Field(description="Fen, so 12000 is ¥120.00.", examples=[12000])
    auth_code: str = Field("", max_length=40, description="What the scanner read from the client's phone.")
    wallet: Literal["", "wechat", "alipay"] = Field(
        "", description="Whose QR to make when nothing is scanned."
    )
    reference: str = Field(
        "",
        max_length=REFERENCE_CHARS_MAX,
        pattern=PRINTABLE,
        description="Your receipt number; unique in your boutique among sales that stand.",
    )
    description: str = Field(
        "", max_length=127, pattern=PRINTABLE, description="The client reads it in WeChat."
    )
    settle_currency: str = Field("EUR", max_length=3, description="What the house receives.")
    quote_id: RowId | None = Field(
        None, description="A quote made before; without one the rate is locked now."
    )

    @model_validator(mode="after")
    def one_way(self) -> "Charge":
        """Either a scanned code or a QR to show."""
        if bool(self.auth_code) == bool(self.wallet):
            raise ValueError("send auth_code or wallet, one of them")
        return self


class Return(Asked):
    """A refund of `amount` fen."""

    amount: Minor = Field(description="Fen; up to what is left of the payment.", examples=[5000])
    reason: str = Field("", max_length=60, pattern=PRINTABLE)


class QuoteIn(Asked):
    """What `amount` fen shall be worth for half an hour."""

    amount: Minor
    settle_currency: str = Field("EUR", max_length=3)


class DayAsked(Schema):
    """Which page of which day, or of which receipt."""

    on: date | None = Field(None, description="The house's calendar day; today without it.")
    reference: str = Field(
        "",
        max_length=REFERENCE_CHARS_MAX,
        pattern=PRINTABLE,
        description="Your receipt number: its payments of any day, for when an answer was lost.",
    )
    cursor: str = Field("", max_length=40, description="next_cursor of the page before.")
    limit: int = Field(50, ge=1, le=PAGE_ROWS_MAX)


class Patience(Schema):
    """How long to wait for a payment to be decided."""

    wait: int = Field(0, ge=0, le=WAIT_SECONDS_MAX, description="Seconds; 0 answers at once.")


class QuoteOut(Schema):
    """`amount` fen are `settle_amount` minor units; `rate` is CNY to the currency, scaled by 10^8."""

    id: int
    amount: int
    currency: str
    settle_amount: int
    settle_currency: str
    rate: int
    expires_at: datetime


class PaymentOut(Schema):
    """A payment; while `is_open` ask again with `wait`. `qr` is what to draw for the client's camera."""

    id: int
    number: str
    reference: str
    boutique: str
    amount: int
    currency: str
    settle_amount: int
    settle_currency: str
    provider: str
    method: str
    state: str
    is_open: bool
    qr: str
    expires_at: datetime


class DayPayment(PaymentOut):
    """A payment in the day's list, with what of it was given back or is on its way."""

    opened_at: datetime
    refunded: int


class Day(Schema):
    """Payments of a day or a receipt (`on` is empty then), newest first; `next_cursor` is empty on the last page."""

    on: str
    payments: list[DayPayment]
    next_cursor: str


class RefundOut(Schema):
    """A refund's state; to_approve waits for a second person, pending_funds and unknown go on by themselves."""

    id: int
    payment_id: int
    number: str
    amount: int
    currency: str
    settle_amount: int
    settle_currency: str
    state: str
    refusal: str


class Me(Schema):
    """Who the server takes you for."""

    till: str
    boutique: str
    scopes: list[str]
    house: str
    timezone: str


class Reason(Schema):
    """Why not, and what to do: `code` for programs, `message` in the caller's language."""

    code: str
    message: str


class Problem(Schema):
    """A refusal; nothing was changed."""

    error: Reason
