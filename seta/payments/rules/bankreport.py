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


def read(content: bytes) -> list[Entry]:
    """The booked entries with an end-to-end number, in the file's order; raises NotAReport."""
    if len(content) > REPORT_BYTES_MAX:
        raise NotAReport("the file is larger than any statement")
    try:
        root = SafeTree.fromstring(content)
    except (ParseError, DefusedXmlException, ValueError) as problem:
        raise NotAReport(f"the file is not whole XML: {problem}") from problem
    if _name(root) != "Document" or not len(root) or _name(root[0]) not in _KINDS:
        raise NotAReport("the file is neither camt.053 nor camt.054")
    found: list[Entry] = []
    for entry in _all(root, "Ntry"):
        if _status(entry) == "BOOK":
            found += _transfers(entry)
    return found


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
