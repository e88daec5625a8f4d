"""What a bank says it has done with our orders: entries of ISO 20022 camt.053 and camt.054 files."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml import ElementTree as SafeTree

from seta.kit.money import exponent

REPORT_BYTES_MAX = 20_000_000
_KINDS = ("BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn")
# Where banks put what the payer wrote: a provider's batch stands in one of them.
_REFERENCES = ("EndToEndId", "MsgId", "InstrId", "AcctSvcrRef", "Ustrd", "AddtlTxInf", "AddtlNtryInf")


class NotAReport(ValueError):
    """The file is cut off, is no camt.053 or camt.054, or holds an amount that is none."""


@dataclass(frozen=True)
class Entry:
    """One booked transfer that carries our number; `is_return` when the money came back, with the bank's reason."""

    number: str
    amount: int
    currency: str
    is_return: bool
    reason: str


@dataclass(frozen=True)
class Credit:
    """Money that came in, with every reference the bank gives for it."""

    references: tuple[str, ...]
    amount: int
    currency: str


def read(content: bytes) -> list[Entry]:
    """The booked entries with an end-to-end number, in the file's order; raises NotAReport."""
    return [found for entry in _booked(content) for found in _transfers(entry)]


def credits_of(content: bytes) -> list[Credit]:
    """What came in that is no return, in the file's order; raises NotAReport."""
    return [found for entry in _booked(content) for found in _credits(entry)]


def _booked(content: bytes) -> list[Element]:
    if len(content) > REPORT_BYTES_MAX:
        raise NotAReport("the file is larger than any statement")
    try:
        root = SafeTree.fromstring(content)
    except (ParseError, DefusedXmlException, ValueError) as problem:
        raise NotAReport(f"the file is not whole XML: {problem}") from problem
    if _name(root) != "Document" or not len(root) or _name(root[0]) not in _KINDS:
        raise NotAReport("the file is neither camt.053 nor camt.054")
    return [entry for entry in _all(root, "Ntry") if _status(entry) == "BOOK"]


def _credits(entry: Element) -> Iterator[Credit]:
    if (_text(entry, "CdtDbtInd") or "CRDT") != "CRDT" or _text(entry, "RvslInd") == "true":
        return
    details = list(_all(entry, "TxDtls"))
    for part in details or [entry]:
        amount = _child(part, "Amt")
        if amount is None:
            amount = _below(part, "AmtDtls", "TxAmt", "Amt")
        if amount is None and len(details) == 1:
            amount = _child(entry, "Amt")
        if amount is None or _child(part, "RtrInf") is not None:
            continue
        said = [one.text.strip() for name in _REFERENCES for one in _all(part, name) if one.text]
        yield Credit(tuple(dict.fromkeys(said)), _minor(amount), amount.get("Ccy", ""))


def _transfers(entry: Element) -> Iterator[Entry]:
    details = list(_all(entry, "TxDtls"))
    for detail in details:
        number = _text(detail, "Refs", "EndToEndId")
        # A return names our number as that of the original order.
        number = number if number and number != "NOTPROVIDED" else _text(detail, "Refs", "MsgId")
        if not number:
            continue
        amount = _child(detail, "Amt")
        if amount is None:
            amount = _below(detail, "AmtDtls", "TxAmt", "Amt")
        if amount is None and len(details) == 1:
            amount = _child(entry, "Amt")
        if amount is None:
            continue
        back = _child(detail, "RtrInf")
        is_credit = (_text(detail, "CdtDbtInd") or _text(entry, "CdtDbtInd")) == "CRDT"
        reason = " ".join(
            filter(None, (_text(detail, "RtrInf", "Rsn", "Cd"), _text(detail, "RtrInf", "AddtlInf")))
        )
        yield Entry(
            number=number,
            amount=_minor(amount),
            currency=amount.get("Ccy", ""),
            is_return=is_credit and (back is not None or _text(entry, "RvslInd") == "true"),
            reason=reason[:200],
        )


def _minor(amount: Element) -> int:
    try:
        value = Decimal((amount.text or "").strip()).scaleb(exponent(amount.get("Ccy", "")))
    except (InvalidOperation, KeyError, ValueError) as problem:
        raise NotAReport(f"{amount.text} is no amount") from problem
    if not value.is_finite() or value != value.to_integral_value():
        raise NotAReport(f"{amount.text} has more decimals than its currency")
    return int(value)


def _status(entry: Element) -> str:
    """`Sts` is a text up to version 7 and holds a code from 8 on."""
    found = _child(entry, "Sts")
    if found is None:
        return ""
    return (_text(found, "Cd") or found.text or "").strip()


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _all(element: Element, name: str) -> Iterator[Element]:
    return (one for one in element.iter() if _name(one) == name)


def _child(element: Element, name: str) -> Element | None:
    return next((one for one in element if _name(one) == name), None)


def _below(element: Element, *names: str) -> Element | None:
    found: Element | None = element
    for name in names:
        found = _child(found, name) if found is not None else None
    return found


def _text(element: Element, *names: str) -> str:
    found = _below(element, *names)
    return (found.text or "").strip() if found is not None else ""
