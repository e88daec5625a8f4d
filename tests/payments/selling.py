"""Sales and refunds as a provider signs them, without its server: for what happens to the money afterwards."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from seta.houses.operations import connect_account, found_house
from seta.ledger import queries as ledger
from seta.payments import operations as pay
from seta.payments.cards import IntentCard
from seta.payments.models import Attempt, Refund
from seta.payments.operations.booking import accept, accept_refund
from seta.payments.rules.states import Evidence, RefundEvidence, RefundState, Trade

NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)
"""A Friday, noon in Milan."""
PARTNER_IBAN = "FR1420041010050500013M02606"
HOUSE_IBAN = "IT60X0542811101000000123456"
_numbers = count(1)


@dataclass
class World:
    """A destination with two partners, and what was sold there."""

    house_id: int
    sold: list[IntentCard] = field(default_factory=list)

    def owed(self, payee: str = "", currency: str = "EUR") -> int:
        """What the ledger guards for somebody, in minor units."""
        code = f"merchant:partner:{payee}" if payee else "merchant:house"
        return -ledger.guarded_balance(self.house_id, code, currency)

    def sell(
        self, amount: int, *, payee: str = "", at: datetime = NOON, currency: str = "EUR", reference: str = ""
    ) -> IntentCard:
        """A payment of fen that its provider has signed at an instant."""
        card = pay.open_intent(
            house_id=self.house_id,
            person_id=None,
            reference=reference or f"S-{next(_numbers)}",
            amount=amount,
            description="a bag",
            method="alipay_barcode",
            settle_currency=currency,
            now=at,
            payee=payee,
        )
        accept(house_id=self.house_id, evidence=self._signed(card, Trade.PAID), now=at)
        self.sold.append(card)
        return card

    def revoke(self, card: IntentCard, *, at: datetime = NOON) -> None:
        """The provider takes a payment back after it was booked."""
        accept(house_id=self.house_id, evidence=self._signed(card, Trade.REVERSED), now=at)

    def give_back(self, card: IntentCard, amount: int, *, at: datetime = NOON) -> int:
        """A refund that its provider has signed; returns its id."""
        found = pay.refund(
            intent_id=card.intent_id, amount=amount, reason="size", key=f"k{next(_numbers)}", now=at
        )
        self.tell(found.refund_id, RefundState.SUCCEEDED, at=at)
        return found.refund_id

    def tell(self, refund_id: int, state: RefundState, *, at: datetime = NOON) -> None:
        """The provider signs where a refund stands."""
        row = Refund.objects.select_related("intent__attempt").get(pk=refund_id)
        evidence = RefundEvidence(
            provider="alipay",
            source="query",
            out_trade_no=row.intent.attempt.out_trade_no,
            out_refund_no=row.out_refund_no,
            state=state,
            amount=row.amount,
            currency="CNY",
        )
        accept_refund(house_id=self.house_id, evidence=evidence, now=at)

    def _signed(self, card: IntentCard, trade: Trade) -> Evidence:
        attempt = Attempt.objects.get(intent_id=card.intent_id)
        return Evidence(
            provider="alipay",
            source="query",
            out_trade_no=attempt.out_trade_no,
            trade=trade,
            amount=card.amount if trade is Trade.PAID else None,
            currency="CNY",
        )


@cache
def own_keys() -> dict[str, str]:
    """Keys of an account at which nobody answers."""
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    keys = {"app_private_key": private.decode(), "alipay_public_key": public.decode()}
    return keys | {"seller_id": "2088000000000001"}


def make_world(code: str = "milano") -> World:
    """A house with a rate of 0.1278, a fee of 1 %, and partners that pay it 5 % and 12.5 %."""
    house_id = found_house(code=code, name="Milano Accoglie", kind="destination")
    connect_account(
        house_id=house_id,
        family="alipay",
        app_id=f"2021-{code}",
        base_url="http://127.0.0.1:9",
        secrets=own_keys(),
        now=NOON,
    )
    for currency, scaled in (("EUR", 12_782_072), ("GBP", 11_000_000)):
        pay.set_rate(house_id=house_id, currency=currency, scaled=scaled, now=NOON)
    pay.set_terms(
        house_id=house_id,
        now=NOON,
        creditor_name="Milano Accoglie S.r.l.",
        creditor_iban=HOUSE_IBAN,
        debtor_name="Seta",
        debtor_iban="DE89370400440532013000",
    )
    pay.set_payee(
        house_id=house_id, code="forno", name="Forno Brera", currency="EUR", commission_bps=500, now=NOON
    )
    pay.set_payee(
        house_id=house_id, code="seta-nera", name="Seta Nera", currency="GBP", commission_bps=1_250, now=NOON
    )
    account = pay.propose_payee_account(
        house_id=house_id,
        code="forno",
        holder="Forno Brera di Anna Conti",
        iban=PARTNER_IBAN,
        proposed_by=1,
        reason="first account",
        now=NOON,
    )
    pay.decide_payee_account(
        account_id=account.account_id, house_id=house_id, decided_by=2, approve=True, now=NOON
    )
    return World(house_id)


def later(**parts: int) -> datetime:
    """An instant after noon."""
    return NOON + timedelta(**parts)
