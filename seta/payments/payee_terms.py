"""On what terms a payee stands now: what settling, statements and the desk all read the same way."""

from dataclasses import dataclass

from seta.houses import queries as houses
from seta.payments.models import Payee
from seta.payments.rules.bankfile import Party
from seta.payments.rules.refusals import PaymentRefused, Refusal
from seta.payments.rules.settlement import Calendar
from seta.payments.standing import terms_of

HOUSE = "house"
"""The code under which a house keeps terms for what itself is paid."""
ONE_PERSON_UP_TO = 2_000_000  # minor units: what one person may release


@dataclass(frozen=True)
class PayeeTerms:
    """On what terms somebody is paid; `code` is empty for the house, whose own terms hold until it has a row here.

    Amounts in minor units of the batch's currency, fees in basis points.
    """

    payee_id: int | None
    code: str
    name: str
    currency: str
    calendar: Calendar
    minimum: int
    second_person_above: int
    fee_bps: int
    commission_bps: int
    account: Party


def payee_terms(house_id: int, code: str) -> PayeeTerms:
    """The terms of a partner, or of the house for the empty code; raises PaymentRefused(NOT_FOUND)."""
    code = "" if code == HOUSE else code
    row = Payee.objects.filter(house_id=house_id, code=code or HOUSE).first()
    if row is None and code:
        raise PaymentRefused(Refusal.NOT_FOUND, f"payee {code}")
    return _terms_of_row(row, code) if row is not None else _terms_of_house(house_id)


def _terms_of_row(row: Payee, code: str) -> PayeeTerms:
    approved = row.accounts.filter(state="approved").order_by("-decided_at", "-id").first()
    account = Party(approved.holder, approved.iban, approved.bic) if approved else Party(row.name, "")
    if approved is None and not code:
        account = _terms_of_house(row.house_id).account
    return PayeeTerms(
        payee_id=row.pk if code else None,
        code=code,
        name=row.name,
        currency=row.currency,
        calendar=Calendar(row.timezone, row.cutoff_hour, row.schedule, row.schedule_day),
        minimum=row.minimum,
        second_person_above=row.second_person_above,
        fee_bps=row.fee_bps,
        commission_bps=row.commission_bps,
        account=account,
    )


def _terms_of_house(house_id: int) -> PayeeTerms:
    terms, house = terms_of(house_id), houses.house(house_id)
    return PayeeTerms(
        payee_id=None,
        code="",
        name=house.name,
        currency="EUR",
        calendar=Calendar("Europe/Rome"),
        minimum=terms.settlement_minimum,
        second_person_above=ONE_PERSON_UP_TO,
        fee_bps=terms.fee_bps,
        commission_bps=0,
        account=Party(terms.creditor_name or house.name, terms.creditor_iban),
    )
