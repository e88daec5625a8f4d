"""Payees, their batches and the bank: every cent is paid out once, by the people it takes, and comes back whole."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from seta.events.models import Event
from seta.ledger import queries as ledger
from seta.payments import operations as pay
from seta.payments import queries
from seta.payments.models import SettlementBatch
from seta.payments.rules.refusals import PaymentRefused, Refusal
from seta.payments.rules.states import RefundState
from tests.payments.selling import HOUSE_IBAN, NOON, PARTNER_IBAN, World, later, make_world

TODAY = date(2026, 11, 20)


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def settle(world: World, payee: str = "", currency: str = "EUR", day: date = TODAY) -> Any:
    """A batch of what was sold up to the end of a day."""
    return pay.settle(house_id=world.house_id, currency=currency, day=day, now=later(days=1), payee=payee)


def camt(*transfers: tuple[str, str, str], currency: str = "EUR", back: bool = False, cut: int = 0) -> bytes:
    """A bank's camt.053 of (number, amount, CRDT or DBIT); `cut` bytes are lost at its end."""
    entries = "".join(
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        f"<NtryDtls><TxDtls><Refs><EndToEndId>{number}</EndToEndId></Refs>"
        f'<Amt Ccy="{currency}">{amount}</Amt>'
        f"{'<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>' if back else ''}</TxDtls></NtryDtls></Ntry>"
        for number, amount, sign in transfers
    )
    text = (
        '<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">'
        f"<BkToCstmrStmt><Stmt><Id>1</Id>{entries}</Stmt></BkToCstmrStmt></Document>"
    )
    return text.encode()[: len(text) - cut]


def paid_to(world: World) -> str:
    """The account that the partner's money goes to."""
    return next(row.iban for row in queries.payees(world.house_id, now=NOON) if row.code == "forno")


def refused(code: Refusal, call: Any) -> None:
    with pytest.raises(PaymentRefused) as caught:
        call()
    assert caught.value.code is code


def test_a_partners_sale_is_owed_to_the_partner_less_fee_and_the_houses_commission(world: World) -> None:
    card = world.sell(938_815, payee="forno")

    assert card.settle_amount == 119_400
    assert world.owed("forno") == 119_400 - 1_194 - 5_970
    assert world.owed() == 5_970
    assert ledger.balance(world.house_id, "income:fees", "EUR") == -1_194
    assert ledger.unbalanced_journals(world.house_id) == []


def test_a_full_refund_in_parts_leaves_nothing_with_partner_or_house(world: World) -> None:
    card = world.sell(100_001, payee="forno")

    for amount in (33_333, 33_333, 33_335):
        world.give_back(card, amount)

    assert (world.owed("forno"), world.owed()) == (0, 0)
    assert ledger.balance(world.house_id, "income:fees", "EUR") == 0
    assert settle(world, "forno").state == "below_minimum"


def test_a_partner_and_the_house_are_settled_each_their_own(world: World) -> None:
    sale = world.sell(938_815, payee="forno")
    world.sell(500_000)
    world.give_back(sale, 100_000)
    owed = (world.owed("forno"), world.owed())

    partner, house = settle(world, "forno"), settle(world)

    assert (partner.total, house.total) == owed
    assert partner.total == partner.gross - partner.refunded - partner.fees - partner.commissions
    assert (partner.payee, partner.lines, house.payee, house.lines) == ("forno", 2, "", 3)
    assert PARTNER_IBAN in partner.bank_file and HOUSE_IBAN in house.bank_file
    assert (world.owed("forno"), world.owed()) == (0, 0)
    assert settle(world, "forno").batch_id == partner.batch_id
    kinds = [line.kind for line in queries.batch(world.house_id, house.batch_id).lines]
    assert kinds == ["payment", "commission", "commission_back"]
    assert {row.payee for row in queries.batches(world.house_id)} == {"forno", ""}


def test_a_partner_is_not_paid_in_another_currency_nor_by_an_unknown_code(world: World) -> None:
    refused(Refusal.UNSUPPORTED_CURRENCY, lambda: world.sell(10_000, payee="seta-nera"))
    refused(Refusal.NOT_FOUND, lambda: world.sell(10_000, payee="nobody"))
    refused(Refusal.NOT_FOUND, lambda: settle(world, "nobody"))
    assert world.sell(10_000, payee="seta-nera", currency="GBP").settle_currency == "GBP"


def test_what_is_below_the_minimum_is_carried_to_the_next_cut_off(world: World) -> None:
    world.sell(5_000, payee="forno")
    waiting = settle(world, "forno")
    world.sell(5_000, payee="forno", at=later(days=1))

    batch = settle(world, "forno", day=TODAY + timedelta(days=1))

    assert (waiting.state, waiting.batch_id, waiting.total) == ("below_minimum", None, 598)
    assert (batch.state, batch.lines, batch.total) == ("prepared", 2, 1_196)


def test_a_balance_that_refunds_have_made_negative_is_carried_and_never_paid(world: World) -> None:
    old = world.sell(900_000, payee="forno")
    settle(world, "forno")
    world.sell(1_000_000, payee="forno", at=later(hours=20))
    world.give_back(old, 900_000, at=later(hours=1))

    carried = settle(world, "forno")
    after = settle(world, "forno", day=TODAY + timedelta(days=1))

    assert carried.state == "prepared", "the day's own batch stands"
    assert SettlementBatch.objects.filter(payee__code="forno").count() == 2
    assert after.total == world_total(world, "forno")
    assert world.owed("forno") == 0


def world_total(world: World, payee: str) -> int:
    return SettlementBatch.objects.filter(payee__code=payee).latest("id").total


def test_a_first_cut_off_with_more_refunds_than_sales_says_negative(world: World) -> None:
    old = world.sell(900_000, payee="forno", at=later(days=-1))
    settle(world, "forno", day=TODAY - timedelta(days=1))
    world.sell(1_000_000, payee="forno", at=later(hours=20))
    world.give_back(old, 900_000, at=NOON)

    card = settle(world, "forno")

    assert (card.state, card.batch_id) == ("negative", None)
    assert card.total < 0


def test_a_refund_that_the_partner_cannot_cover_is_refused_and_changes_nothing(world: World) -> None:
    sale = world.sell(900_000, payee="forno")
    settle(world, "forno")

    refused(Refusal.REFUND_UNFUNDED, lambda: world.give_back(sale, 1_000))
    assert world.owed("forno") == 0


def test_money_promised_to_a_refund_on_its_way_is_held(world: World) -> None:
    sale = world.sell(900_000, payee="forno")
    pay.refund(intent_id=sale.intent_id, amount=900_000, reason="size", key="k", now=NOON)

    card = settle(world, "forno")

    assert (card.state, card.batch_id) == ("held", None)
    assert world.owed("forno") > 0


def test_a_settled_payment_that_is_revoked_comes_off_the_next_batch(world: World) -> None:
    sale = world.sell(100_000, payee="forno")
    settle(world, "forno")
    world.sell(300_000, payee="forno", at=later(days=1))
    world.revoke(sale, at=later(days=1))
    owed = world.owed("forno")

    batch = settle(world, "forno", day=TODAY + timedelta(days=1))

    assert batch.total == owed and world.owed("forno") == 0
    kinds = [line.kind for line in queries.batch(world.house_id, batch.batch_id).lines]
    assert kinds == ["payment", "reversal"]


def test_a_settled_refund_that_the_provider_closes_is_paid_back(world: World) -> None:
    sale = world.sell(900_000, payee="forno")
    refund = pay.refund(intent_id=sale.intent_id, amount=200_000, reason="size", key="k", now=NOON)
    world.tell(refund.refund_id, RefundState.PROCESSING)
    settle(world, "forno")
    world.tell(refund.refund_id, RefundState.CLOSED)
    owed = world.owed("forno")

    batch = settle(world, "forno")

    assert owed > 0 and batch.total == owed and world.owed("forno") == 0


def test_a_batch_above_the_limit_takes_two_people_and_has_no_file_before(world: World) -> None:
    world.sell(20_000_000)
    batch = settle(world)
    step: dict[str, Any] = {"batch_id": batch.batch_id, "house_id": world.house_id, "now": later(days=1)}

    assert batch.total > 2_000_000 and batch.bank_file == ""
    assert pay.write_bank_file(**step).bank_file == ""
    refused(Refusal.BATCH_NEEDS_SECOND_PERSON, lambda: pay.confirm_settlement(**step))
    refused(Refusal.BATCH_NEEDS_SECOND_PERSON, lambda: pay.mark_sent(**step))
    assert pay.release_batch(**step, released_by=1).state == "prepared"
    refused(Refusal.BATCH_NEEDS_SECOND_PERSON, lambda: pay.release_batch(**step, released_by=1))
    released = pay.release_batch(**step, released_by=2)
    assert (released.state, HOUSE_IBAN in released.bank_file) == ("released", True)
    assert [pay.mark_sent(**step).state, pay.mark_sent(**step).state] == ["sent", "sent"]
    assert pay.confirm_settlement(**step).state == "confirmed"
    (row,) = queries.batches(world.house_id)
    assert (row.released_by, row.second_by) == (1, 2)
    assert Event.objects.filter(name="payments.batch.released").count() == 1


def test_a_batch_the_bank_returns_is_reversed_and_due_again(world: World) -> None:
    world.sell(300_000, payee="forno")
    first = settle(world, "forno")
    step: dict[str, Any] = {"batch_id": first.batch_id, "house_id": world.house_id, "now": later(days=2)}
    refused(Refusal.BATCH_STATE, lambda: pay.return_batch(**step, reason="closed account"))
    pay.mark_sent(**step)
    pay.confirm_settlement(**step)

    returned = pay.return_batch(**step, reason="AC04 closed account")
    pay.return_batch(**step, reason="AC04 closed account")
    again = settle(world, "forno")

    assert returned.state == "returned"
    assert (again.state, again.total) == ("prepared", first.total)
    assert again.batch_id != first.batch_id
    assert ledger.balance(world.house_id, "bank", "EUR") == 0
    assert ledger.balance(world.house_id, "settlement:in_transit", "EUR") == -first.total
    refused(Refusal.BATCH_STATE, lambda: pay.confirm_settlement(**step))


def test_the_banks_own_file_confirms_and_returns_once(world: World) -> None:
    world.sell(300_000, payee="forno")
    world.sell(200_000)
    partner, house = settle(world, "forno"), settle(world)
    for card in (partner, house):
        pay.mark_sent(batch_id=card.batch_id, house_id=world.house_id, now=NOON)
    money = {card.number: f"{card.total // 100}.{card.total % 100:02d}" for card in (partner, house)}
    paid = camt(
        (partner.number, money[partner.number], "DBIT"),
        (house.number, "1.00", "DBIT"),
        ("RENT", "9.00", "DBIT"),
    )
    back = camt((partner.number, money[partner.number], "CRDT"), back=True)

    first = pay.take_bank_report(house_id=world.house_id, content=paid, now=NOON)
    same = pay.take_bank_report(house_id=world.house_id, content=paid, now=NOON)
    undone = pay.take_bank_report(house_id=world.house_id, content=back, now=NOON)

    assert (first.confirmed, first.mismatched, first.unknown) == ((partner.number,), (house.number,), 1)
    assert same == replace(first, is_new=False)
    assert undone.returned == (partner.number,)
    states = dict(SettlementBatch.objects.values_list("number", "state"))
    assert states == {partner.number: "returned", house.number: "sent"}
    assert SettlementBatch.objects.get(number=partner.number).return_reason == "AC04"


@pytest.mark.parametrize(
    "content", [camt(("a", "1.00", "DBIT"), cut=40), b"", b"<Document/>", camt(("a", "1.005", "DBIT"))]
)
def test_a_broken_bank_file_is_refused_whole(world: World, content: bytes) -> None:
    refused(
        Refusal.BAD_BANK_REPORT,
        lambda: pay.take_bank_report(house_id=world.house_id, content=content, now=NOON),
    )


def test_a_bank_file_with_an_entity_bomb_is_refused(world: World) -> None:
    bomb = b'<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Document>&b;</Document>'

    refused(
        Refusal.BAD_BANK_REPORT, lambda: pay.take_bank_report(house_id=world.house_id, content=bomb, now=NOON)
    )


def test_where_money_goes_changes_with_a_second_person_only_and_is_kept(world: World) -> None:
    asked: dict[str, Any] = {
        "house_id": world.house_id,
        "code": "forno",
        "holder": "Forno S.r.l.",
        "now": later(days=1),
    }
    new = pay.propose_payee_account(
        **asked, iban="gb82 west 1234 5698 7654 32", proposed_by=5, reason="new bank"
    )
    decide: dict[str, Any] = {"account_id": new.account_id, "house_id": world.house_id, "now": later(days=1)}

    refused(Refusal.OWN_CHANGE, lambda: pay.decide_payee_account(**decide, decided_by=5, approve=True))
    before = paid_to(world)
    pay.decide_payee_account(**decide, decided_by=6, approve=True)
    after = paid_to(world)

    assert (before, after) == (PARTNER_IBAN, "GB82WEST12345698765432")
    refused(Refusal.ALREADY_DECIDED, lambda: pay.decide_payee_account(**decide, decided_by=7, approve=False))
    history = queries.payee_accounts(world.house_id, code="forno")
    assert [(row.iban[:2], row.decided_by, row.is_in_force) for row in history] == [
        ("GB", 6, True),
        ("FR", 2, False),
    ]
    assert queries.payee_accounts(world.house_id, is_waiting=True) == []


@pytest.mark.parametrize(
    ("iban", "bic"), [("FR1420041010050500013M02607", ""), ("", ""), (PARTNER_IBAN, "UNCR-MM")]
)
def test_a_wrong_iban_or_bic_is_refused_before_anybody_is_asked(world: World, iban: str, bic: str) -> None:
    refused(
        Refusal.BAD_IBAN,
        lambda: pay.propose_payee_account(
            house_id=world.house_id,
            code="forno",
            holder="Forno",
            iban=iban,
            bic=bic,
            proposed_by=1,
            reason="new",
            now=NOON,
        ),
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "Forno!"},
        {"name": " "},
        {"fee_bps": 6_000, "commission_bps": 4_000},
        {"timezone": "Mars/Olympus"},
        {"schedule": "weekly", "schedule_day": 7},
        {"schedule": "monthly", "schedule_day": 29},
        {"cutoff_hour": 0},
        {"minimum": -1},
        {"code": "house", "commission_bps": 1},
    ],
)
def test_terms_that_cannot_be_kept_are_refused(world: World, wrong: dict[str, Any]) -> None:
    terms: dict[str, Any] = {
        "house_id": world.house_id,
        "code": "forno",
        "name": "Forno",
        "currency": "EUR",
        "now": NOON,
    }

    refused(Refusal.BAD_CHANGE, lambda: pay.set_payee(**(terms | wrong)))


def test_nothing_of_another_house_can_be_settled_released_or_decided(world: World) -> None:
    world.sell(300_000, payee="forno")
    batch = settle(world, "forno")
    other = world.house_id + 1
    (account,) = queries.payee_accounts(world.house_id)

    for call in (
        lambda: pay.release_batch(batch_id=batch.batch_id, house_id=other, released_by=1, now=NOON),
        lambda: pay.mark_sent(batch_id=batch.batch_id, house_id=other, now=NOON),
        lambda: pay.return_batch(batch_id=batch.batch_id, house_id=other, reason="x", now=NOON),
        lambda: pay.decide_payee_account(
            account_id=account.id, house_id=other, decided_by=9, approve=True, now=NOON
        ),
    ):
        refused(Refusal.NOT_FOUND, call)
