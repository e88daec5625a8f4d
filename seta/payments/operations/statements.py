"""Hand out a payee's statement as a document; it is made from the ledger each time and changes nothing."""

from dataclasses import dataclass
from datetime import date

from seta.payments.queries.settlement import payee_statement
from seta.payments.rules.quotes import SETTLE_CURRENCIES
from seta.payments.rules.refusals import PaymentRefused, Refusal
from seta.payments.statements import statement_csv, statement_pdf

MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "pdf": "application/pdf"}


@dataclass(frozen=True)
class Document:
    """A file to download."""

    name: str
    media_type: str
    content: bytes


def make_statement(
    *,
    house_id: int,
    payee: str,
    currency: str,
    since: date,
    until: date,
    form: str,
    language: str,
) -> Document:
    """The statement of the house or a partner from one day to another, both included; `form` is csv or pdf.

    The same books give the same bytes. Raises PaymentRefused: NOT_FOUND, UNSUPPORTED_CURRENCY, BAD_CHANGE for
    days in the wrong order or another form.
    """
    if currency not in SETTLE_CURRENCIES:
        raise PaymentRefused(Refusal.UNSUPPORTED_CURRENCY, currency)
    if since > until or form not in MEDIA_TYPES:
        raise PaymentRefused(Refusal.BAD_CHANGE, f"{form} from {since} to {until}")
    found = payee_statement(house_id, payee=payee, currency=currency, since=since, until=until)
    content = statement_csv(found, language) if form == "csv" else statement_pdf(found, language)
    name = f"statement-{found.house_code}-{found.payee}-{currency}-{since}-{until}.{form}"
    return Document(name, MEDIA_TYPES[form], content)
