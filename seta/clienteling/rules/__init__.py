"""What clienteling decides without a clock or a query: credit, refusals, finding, texts."""

from seta.clienteling.rules.attribution import (
    SHARE_WINDOW,
    TOUCH_WINDOW,
    Credit,
    Touch,
    claw_back,
    commission,
    credit_of,
)
from seta.clienteling.rules.finding import (
    PHONE_TAIL_DIGITS,
    SEES_ALL_CLIENTS,
    found_by,
)
from seta.clienteling.rules.refusals import (
    NOTE_CHARS_MAX,
    Refusal,
    Refused,
)
from seta.clienteling.rules.texts import (
    share_path,
    welcome_text,
)

__all__ = [
    "NOTE_CHARS_MAX",
    "PHONE_TAIL_DIGITS",
    "SEES_ALL_CLIENTS",
    "SHARE_WINDOW",
    "TOUCH_WINDOW",
    "Credit",
    "Refusal",
    "Refused",
    "Touch",
    "claw_back",
    "commission",
    "credit_of",
    "found_by",
    "share_path",
    "welcome_text",
]
