"""What a business has to say before an acquirer takes it on, and the states that its request goes through."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from seta.partners.rules.form import Sent, one
from seta.payments.rules.bankfile import is_iban

BYTES_MAX = 8_000_000
TICKET_MAX = 100_000
"""Whole euros."""

KEPT_DAYS = 90
"""How long a document is kept when nobody decides."""

LEGAL_FORMS = ("sole_trader", "partnership", "company", "association")
CATEGORIES = (
    *("5812", "5814", "5813", "5462", "5499", "5441", "5311", "5621", "5611", "5651", "5661", "5948", "5944"),
    *("5977", "5912", "5995", "5947", "5942", "5719", "7011", "7991", "7922", "7230", "7298", "4121", "4722"),
)
"""Merchant category codes (ISO 18245) of businesses that travellers meet."""

LENGTHS: Mapping[str, int] = {
    "legal_name": 120,
    "legal_form": 16,
    "category": 4,
    "vat": 16,
    "address": 200,
    "iban": 42,
    "holder": 70,
    "contact": 80,
    "email": 160,
    "phone": 24,
    "website": 200,
    "ticket": 6,
}
"""The form's fields and how long each may be, in characters."""

FIELDS = tuple(LENGTHS)
OPTIONAL = frozenset({"website"})
BANK = ("iban", "holder")

_EMAIL = re.compile(r"[^@\s,;:<>\"]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{5,22}")
_IBAN_LENGTHS = {
    "AD": 24,
    "AT": 20,
    "BE": 16,
    "BG": 22,
    "CH": 21,
    "CY": 28,
    "CZ": 24,
    "DE": 22,
    "DK": 18,
    "EE": 20,
    "ES": 24,
    "FI": 18,
    "FR": 27,
    "GB": 22,
    "GI": 23,
    "GR": 27,
    "HR": 21,
    "HU": 28,
    "IE": 22,
    "IS": 26,
    "IT": 27,
    "LI": 21,
    "LT": 20,
    "LU": 20,
    "LV": 21,
    "MC": 27,
    "MT": 31,
    "NL": 18,
    "NO": 15,
    "PL": 28,
    "PT": 25,
    "RO": 24,
    "SE": 24,
    "SI": 19,
    "SK": 24,
    "SM": 27,
    "VA": 22,
}
_ITALIAN = re.compile(r"(IT|SM)\d{2}[A-Z]\d{10}[A-Z0-9]{12}")
_OFFICES = frozenset({*range(1, 101), 120, 121, 888, 999})


class Document(StrEnum):
    """The papers that an acquirer asks of a business."""

    REGISTER = "register"
    IDENTITY = "identity"
    BANK = "bank"


class State(StrEnum):
    """How far a request has come."""

    DRAFT = "draft"
    ASKED = "asked"
    MORE_WANTED = "more_wanted"
    SENT = "sent"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


_NEXT: Mapping[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.ASKED, State.WITHDRAWN}),
    State.ASKED: frozenset({State.MORE_WANTED, State.SENT, State.REFUSED, State.WITHDRAWN}),
    State.MORE_WANTED: frozenset({State.ASKED, State.REFUSED, State.WITHDRAWN}),
    State.SENT: frozenset({State.MORE_WANTED, State.APPROVED, State.REFUSED, State.WITHDRAWN}),
    State.APPROVED: frozenset(),
    State.REFUSED: frozenset(),
    State.WITHDRAWN: frozenset(),
}
OPEN = frozenset(state for state, after in _NEXT.items() if after)
EDITABLE = frozenset({State.DRAFT, State.MORE_WANTED})
"""The states in which the business may change what it says."""

REASONED = frozenset(state for state, after in _NEXT.items() if State.REFUSED in after)
"""The states in which the city may refuse."""


class Fault(StrEnum):
    """What is wrong with a field."""

    MISSING = "missing"
    LONG = "long"
    CHOICE = "choice"
    VAT = "vat"
    IBAN = "iban"
    EMAIL = "email"
    PHONE = "phone"
    WEBSITE = "website"
    TICKET = "ticket"


@dataclass(frozen=True)
class Read:
    """The form as typed, cleaned, with what is wrong in it by field; empty fields are not wrong yet."""

    fields: Mapping[str, str]
    faults: Mapping[str, Fault]


def may_go(state: State, after: State) -> bool:
    """Whether a request may go from one state to the other."""
    return after in _NEXT[state]


def is_vat(text: str) -> bool:
    """Whether eleven digits are a Partita IVA: a known tax office and the check digit of Luhn."""
    if not re.fullmatch(r"[0-9]{11}", text) or text.startswith("0000000"):
        return False
    doubled = [int(digit) * 2 for digit in text[1::2]]
    total = sum(map(int, text[0::2])) + sum(each - 9 if each > 9 else each for each in doubled)
    return int(text[7:10]) in _OFFICES and total % 10 == 0


def is_account(iban: str) -> bool:
    """Whether an IBAN of the SEPA area has its country's length and its check digits; Italy's form is checked too."""
    if _IBAN_LENGTHS.get(iban[:2]) != len(iban) or not is_iban(iban):
        return False
    return iban[:2] not in ("IT", "SM") or bool(_ITALIAN.fullmatch(iban))


def masked(iban: str) -> str:
    """An IBAN that shows its country and its last four signs."""
    return f"{iban[:2]} •••• {iban[-4:]}" if len(iban) > 8 else iban


def read(sent: Sent) -> Read:
    """Read the form; what is left empty is left for later."""
    fields = {name: _cleaned(name, one(sent, name)) for name in FIELDS}
    faults = {name: fault for name, text in fields.items() if text and (fault := _fault(name, text))}
    return Read({name: text[: LENGTHS[name]] for name, text in fields.items()}, faults)


def missing(fields: Mapping[str, str]) -> tuple[str, ...]:
    """The fields that still have to be filled in before the city may be asked."""
    return tuple(name for name in FIELDS if name not in OPTIONAL and not fields.get(name))


def media_type(data: bytes) -> str | None:
    """What a file is by its first and last bytes: a PDF, a JPEG or a PNG, else None. Pictures are decoded elsewhere."""
    if data.startswith(b"%PDF-") and b"%%EOF" in data[-1024:]:
        return "application/pdf"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    return "image/png" if data.startswith(b"\x89PNG\r\n\x1a\n") else None


def _cleaned(name: str, text: str) -> str:
    if name in ("vat", "iban"):
        text = re.sub(r"[\s.-]", "", text).upper()
    return text.removeprefix("IT") if name == "vat" else text


def _fault(name: str, text: str) -> Fault | None:
    if len(text) > LENGTHS[name]:
        return Fault.LONG
    fits = {
        "legal_form": (Fault.CHOICE, text in LEGAL_FORMS),
        "category": (Fault.CHOICE, text in CATEGORIES),
        "vat": (Fault.VAT, is_vat(text)),
        "iban": (Fault.IBAN, is_account(text)),
        "email": (Fault.EMAIL, bool(_EMAIL.fullmatch(text))),
        "phone": (Fault.PHONE, bool(_PHONE.fullmatch(text))),
        "website": (Fault.WEBSITE, _is_website(text)),
        "ticket": (Fault.TICKET, bool(re.fullmatch(r"[0-9]{1,6}", text)) and 0 < int(text) <= TICKET_MAX),
    }.get(name)
    return fits[0] if fits and not fits[1] else None


def _is_website(text: str) -> bool:
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and "." in host
        and not parts.username
        and not re.search(r"\s", text)
    )
