"""The bank's payment order for a settlement: an ISO 20022 customer credit transfer, built by sepaxml."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree as ET

import sepaxml
import xmlschema
from sepaxml import SepaTransfer

VERSIONS = ("pain.001.001.09", "pain.001.001.03")
VERSION = VERSIONS[0]
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
# EPC217-08: the characters every bank in the SEPA area must take.
_FORBIDDEN = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}\Z")
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?\Z")  # ISO 9362


@dataclass(frozen=True)
class Party:
    """Who pays or is paid, by name, IBAN and, where a bank wants it, BIC."""

    name: str
    iban: str
    bic: str = ""


def is_iban(text: str) -> bool:
    """Whether the check digits of an IBAN hold (ISO 13616, mod 97)."""
    if not _IBAN.match(text):
        return False
    moved = text[4:] + text[:4]
    return int("".join(str(int(sign, 36)) for sign in moved)) % 97 == 1


def is_bic(text: str) -> bool:
    """Whether a text has the form of a BIC."""
    return bool(_BIC.match(text))


def plain(text: str, length_max: int) -> str:
    """A text in the characters banks take: accents are dropped, all others become full stops."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return _FORBIDDEN.sub(".", bare)[:length_max].strip() or "."


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
    version: str = VERSION,
) -> str:
    """One transfer of `amount` minor units, valid by its schema; refuses a broken IBAN or BIC (ValueError).

    Euros go as a SEPA transfer. The library writes those only: of another currency the service level is left
    out and the charges are shared, as no scheme's rules hold for it.
    """
    for party in (debtor, creditor):
        if not is_iban(party.iban):
            raise ValueError(f"the IBAN of {party.name or 'an account'} is missing or its check digits fail")
        if party.bic and not is_bic(party.bic):
            raise ValueError(f"{party.bic} is not a BIC")
    assert amount > 0 and version in VERSIONS
    is_sepa = currency == "EUR"
    config = {
        "name": plain(debtor.name, 70),
        "IBAN": debtor.iban,
        "batch": False,
        "currency": currency,
        "domestic": not is_sepa,
    }
    transfer = {
        "name": plain(creditor.name, 70),
        "IBAN": creditor.iban,
        "amount": amount,
        "execution_date": execute_on,
        "description": plain(note, 140),
        "endtoend_id": plain(number, 35),
    }
    order = SepaTransfer(config | ({"BIC": debtor.bic} if debtor.bic else {}), schema=version, clean=False)
    order.add_payment(transfer | ({"BIC": creditor.bic} if creditor.bic else {}))
    root = ET.fromstring(order.export(validate=False))
    _fix(root, number=number, made_at=made_at, is_sepa=is_sepa, has_bic=bool(debtor.bic))
    ET.register_namespace("", root.tag[1:].partition("}")[0])
    ET.indent(root)
    text = '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"
    _schema(version).validate(text)
    return text


def _fix(root: ET.Element, *, number: str, made_at: datetime, is_sepa: bool, has_bic: bool) -> None:
    """Its identifiers are random and its instant is the clock's: the same batch shall give the same file."""
    space = root.tag.partition("}")[0] + "}"
    texts = {"MsgId": plain(number, 35), "PmtInfId": plain(number, 35)}
    texts["CreDtTm"] = made_at.strftime("%Y-%m-%dT%H:%M:%S")
    if not is_sepa:
        texts["ChrgBr"] = "SHAR"
    for tag, text in texts.items():
        for element in root.iter(space + tag):
            element.text = text
    if not has_bic:
        for bank in root.iter(space + "DbtrAgt"):
            other = ET.SubElement(bank[0], space + "Othr")
            ET.SubElement(other, space + "Id").text = "NOTPROVIDED"


@lru_cache(maxsize=len(VERSIONS))
def _schema(version: str) -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(str(Path(sepaxml.__file__).parent / "schemas" / f"{version}.xsd"))
