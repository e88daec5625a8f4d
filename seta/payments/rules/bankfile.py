"""The bank's payment order for a settlement: ISO 20022 customer credit transfer, pain.001.001.09."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from xml.etree import ElementTree as ET

from seta.kit.money import decimal_text

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
# EPC217-08: the characters every bank in the SEPA area must take.
_FORBIDDEN = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}\Z")


@dataclass(frozen=True)
class Party:
    """Who pays or is paid, by name and IBAN."""

    name: str
    iban: str


def is_iban(text: str) -> bool:
    """Whether the check digits of an IBAN hold (ISO 13616, mod 97)."""
    if not _IBAN.match(text):
        return False
    moved = text[4:] + text[:4]
    return int("".join(str(int(sign, 36)) for sign in moved)) % 97 == 1


def plain(text: str, length_max: int) -> str:
    """A text in the characters banks take; others become full stops."""
    return _FORBIDDEN.sub(".", text)[:length_max].strip() or "."


def pain001(
    *,
    number: str,
    made_at: datetime,
    execute_on: date,
    debtor: Party,
    creditor: Party,
    amount: int,
    currency: str,
    note: str,
) -> str:
    """One transfer of `amount` minor units as a pain.001.001.09 document; refuses a broken IBAN (ValueError)."""
    for party in (debtor, creditor):
        if not is_iban(party.iban):
            raise ValueError(f"the IBAN of {party.name or 'an account'} is missing or its check digits fail")
    assert amount > 0
    value = decimal_text(amount, currency)
    root = ET.Element("Document", {"xmlns": NAMESPACE})
    order = ET.SubElement(root, "CstmrCdtTrfInitn")
    _fill(
        ET.SubElement(order, "GrpHdr"),
        {
            "MsgId": plain(number, 35),
            "CreDtTm": made_at.isoformat(timespec="seconds"),
            "NbOfTxs": "1",
            "CtrlSum": value,
            "InitgPty/Nm": plain(debtor.name, 70),
        },
    )
    payment = ET.SubElement(order, "PmtInf")
    _fill(
        payment,
        {
            "PmtInfId": plain(number, 35),
            "PmtMtd": "TRF",
            "NbOfTxs": "1",
            "CtrlSum": value,
            "ReqdExctnDt/Dt": execute_on.isoformat(),
            "Dbtr/Nm": plain(debtor.name, 70),
            "DbtrAcct/Id/IBAN": debtor.iban,
            "DbtrAgt/FinInstnId/Othr/Id": "NOTPROVIDED",
        },
    )
    transfer = ET.SubElement(payment, "CdtTrfTxInf")
    _fill(transfer, {"PmtId/EndToEndId": plain(number, 35)})
    ET.SubElement(ET.SubElement(transfer, "Amt"), "InstdAmt", {"Ccy": currency}).text = value
    _fill(
        transfer,
        {
            "Cdtr/Nm": plain(creditor.name, 70),
            "CdtrAcct/Id/IBAN": creditor.iban,
            "RmtInf/Ustrd": plain(note, 140),
        },
    )
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _fill(parent: ET.Element, fields: dict[str, str]) -> None:
    for path, text in fields.items():
        element = parent
        for name in path.split("/"):
            element = ET.SubElement(element, name)
        element.text = text
