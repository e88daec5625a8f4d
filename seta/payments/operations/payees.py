"""Who is paid and on what terms, and the two people it takes to change where their money goes."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from seta.events.operations import publish
from seta.payments.events import PayeeChanged
from seta.payments.models import Intent, Payee, PayeeAccount, Terms
from seta.payments.payee_terms import HOUSE, ONE_PERSON_UP_TO
from seta.payments.rules import quotes, refunds
from seta.payments.rules.bankfile import is_bic, is_iban
from seta.payments.rules.refusals import PaymentRefused, Refusal
from seta.payments.rules.settlement import is_calendar
from seta.payments.rules.states import REFUND_VOID

CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,23}")
BPS_WHOLE = 10_000


@dataclass(frozen=True)
class Shares:
    """How a sale is divided: our fee and the house's commission, within the seller's settlement amount."""

    payee_id: int | None
    fee: int
    commission: int


def shares_of(*, house_id: int, payee: str, settle_amount: int, currency: str, terms: Terms) -> Shares:
    """Divide a sale of a partner (its code), or of the house itself, on its terms, for the empty code.

    Raises PaymentRefused: no such partner, or one that is not settled in this currency.
    """
    if not payee:
        return Shares(None, quotes.share(settle_amount, terms.fee_bps), 0)
    seller = Payee.objects.filter(house_id=house_id, code=payee, is_active=True).first()
    if seller is None:
        raise PaymentRefused(Refusal.NOT_FOUND, f"payee {payee}")
    if seller.currency != currency:
        raise PaymentRefused(Refusal.UNSUPPORTED_CURRENCY, f"{payee} is settled in {seller.currency}")
    fee = quotes.share(settle_amount, seller.fee_bps)
    commission = quotes.share(settle_amount, seller.commission_bps)
    # Each is rounded half up: of a cent or two they may come to more than the sale.
    return Shares(seller.pk, fee, min(commission, settle_amount - fee))


def commission_back(*, intent: Intent, amount: int, net: int) -> int:
    """What the house gives back of its commission when `amount` fen are refunded; never more than `net`.

    `net` is the refund's settlement amount less our fee. Rounded on the sum of all parts, so that a full refund
    returns the whole commission.
    """
    if not intent.commission:
        return 0
    parts = list(intent.refunds.exclude(state__in=REFUND_VOID))
    before = sum(part.amount for part in parts)
    already = sum(part.commission for part in parts)
    return min(refunds.part_of(intent.commission, amount, intent.amount, before, already), net)


@dataclass(frozen=True)
class AccountCard:
    """Proposed, approved or declined bank details of a payee."""

    account_id: int
    payee: str
    holder: str
    iban: str
    bic: str
    state: str
    proposed_by: int
    decided_by: int | None


@transaction.atomic
def set_payee(
    *,
    house_id: int,
    code: str,
    name: str,
    currency: str,
    now: datetime,
    changed_by: int | None = None,
    timezone: str = "Europe/Rome",
    cutoff_hour: int = 24,
    schedule: str = "daily",
    schedule_day: int = 0,
    minimum: int = 1_000,
    second_person_above: int = ONE_PERSON_UP_TO,
    fee_bps: int = 100,
    commission_bps: int = 0,
    is_active: bool = True,
) -> int:
    """Keep on what terms a partner is paid (the house itself under `house`); returns the payee's id.

    Where the money goes is not among them: see `propose_payee_account`. What was sold keeps its fee and
    commission. Raises PaymentRefused: UNSUPPORTED_CURRENCY, BAD_CHANGE.
    """
    if currency not in quotes.SETTLE_CURRENCIES:
        raise PaymentRefused(Refusal.UNSUPPORTED_CURRENCY, currency)
    shares = min(fee_bps, commission_bps) >= 0 and fee_bps + commission_bps < BPS_WHOLE
    is_sound = (
        CODE.fullmatch(code)
        and name.strip()
        and is_calendar(timezone, cutoff_hour, schedule, schedule_day)
        and min(minimum, second_person_above) >= 0
        and shares
        and not (code == HOUSE and commission_bps)
    )
    if not is_sound:
        raise PaymentRefused(Refusal.BAD_CHANGE, f"payee {code}")
    row, _ = Payee.objects.update_or_create(
        house_id=house_id,
        code=code,
        defaults={
            "name": name.strip()[:70],
            "currency": currency,
            "timezone": timezone,
            "cutoff_hour": cutoff_hour,
            "schedule": schedule,
            "schedule_day": schedule_day,
            "minimum": minimum,
            "second_person_above": second_person_above,
            "fee_bps": fee_bps,
            "commission_bps": commission_bps,
            "is_active": is_active,
            "changed_at": now,
        },
    )
    _tell(house_id, code, "terms", changed_by, None, now)
    return row.pk


@transaction.atomic
def propose_payee_account(
    *,
    house_id: int,
    code: str,
    holder: str,
    iban: str,
    proposed_by: int,
    reason: str,
    now: datetime,
    bic: str = "",
) -> AccountCard:
    """Ask that a payee be paid to another account; nothing changes until somebody else approves it.

    Raises PaymentRefused: NOT_FOUND, BAD_IBAN when check digits or the BIC's form fail, BAD_CHANGE without a
    holder or reason.
    """
    row = Payee.objects.filter(house_id=house_id, code=code or HOUSE).first()
    if row is None:
        raise PaymentRefused(Refusal.NOT_FOUND, f"payee {code}")
    iban, bic = "".join(iban.split()).upper(), bic.strip().upper()
    if not is_iban(iban) or (bic and not is_bic(bic)):
        raise PaymentRefused(Refusal.BAD_IBAN)
    if not holder.strip() or not reason.strip():
        raise PaymentRefused(Refusal.BAD_CHANGE, "an account needs its holder and a reason")
    account = PayeeAccount.objects.create(
        payee=row,
        holder=holder.strip()[:70],
        iban=iban,
        bic=bic,
        reason=reason.strip()[:200],
        state="waiting",
        proposed_by=proposed_by,
        proposed_at=now,
    )
    return _account_card(account)


@transaction.atomic
def decide_payee_account(
    *, account_id: int, house_id: int, decided_by: int, approve: bool, now: datetime
) -> AccountCard:
    """Approve or decline proposed bank details; from then on approved ones are in force.

    The one who proposed them may withdraw but not approve them. Raises PaymentRefused: NOT_FOUND, OWN_CHANGE,
    ALREADY_DECIDED when it was decided the other way.
    """
    rows = PayeeAccount.objects.select_for_update(of=("self",)).select_related("payee")
    row = rows.filter(pk=account_id, payee__house_id=house_id).first()
    if row is None:
        raise PaymentRefused(Refusal.NOT_FOUND, f"account {account_id}")
    wanted = "approved" if approve else "declined"
    if row.state == wanted:
        return _account_card(row)
    if row.state != "waiting":
        raise PaymentRefused(Refusal.ALREADY_DECIDED, row.state)
    if approve and row.proposed_by == decided_by:
        raise PaymentRefused(Refusal.OWN_CHANGE, f"account {account_id}")
    row.state, row.decided_by, row.decided_at = wanted, decided_by, now
    row.save(update_fields=["state", "decided_by", "decided_at"])
    if approve:
        _tell(house_id, row.payee.code, "account", row.proposed_by, decided_by, now)
    return _account_card(row)


def _account_card(row: PayeeAccount) -> AccountCard:
    return AccountCard(
        account_id=row.pk,
        payee=row.payee.code,
        holder=row.holder,
        iban=row.iban,
        bic=row.bic,
        state=row.state,
        proposed_by=row.proposed_by,
        decided_by=row.decided_by,
    )


def _tell(house_id: int, code: str, what: str, by: int | None, second: int | None, now: datetime) -> None:
    publish(
        PayeeChanged(
            house_id=house_id,
            occurred_at=now,
            payee=code,
            what=what,
            proposed_by=by,
            decided_by=second,
        )
    )
