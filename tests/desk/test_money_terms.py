"""Payees, rates, terms and brought files at the desk: two people where it takes two, and nobody else's house."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from seta.desk import labels, rules
from seta.houses.operations import change_keys, connect_account
from seta.kit.clock import beijing_day
from seta.ledger import queries as ledger
from seta.payments import operations as pay
from seta.payments.models import Bill, Payee, PayeeAccount, SettlementBatch
from seta.payments.operations.booking import accept
from seta.payments.queries import changes, routes
from seta.payments.queries import settlement as paying
from seta.payments.rules.settlement import BatchState, LineKind
from seta.payments.rules.states import Evidence, Trade
from tests.desk.conftest import World
from tests.desk.test_money import house as house
from tests.payments.bills import antom, line, pay_in
from tests.payments.test_settlement import camt
from tests.platforms.wechatpay import keys
from tests.sandbox_server import RunningSandbox

MONEY = "/desk/money/"
IBAN = "FR1420041010050500013M02606"


def text_of(answer: Any) -> str:
    """A page's text."""
    return str(answer.content.decode())


def said(client: Client, path: str, **form: str) -> str:
    """Send a form and give the page it leads to."""
    answer = client.post(f"{MONEY}{path}", form, follow=True)
    assert isinstance(answer, HttpResponse) and answer.status_code == 200
    return text_of(answer)


def partner(client: Client) -> str:
    """Keep a partner's terms through the form."""
    return said(
        client, "payees/save/", code="forno", name="Forno Brera", currency="EUR", schedule="weekly", schedule_day="4",
        cutoff_hour="18", minimum="10.00", fee="1.00", commission="5",
    )  # fmt: skip


def test_a_rate_comes_in_force_with_a_second_person_only(house: World) -> None:
    first, second = house.sign_in("finance"), house.sign_in("admin")
    house_id = house.ours.id

    asked = said(first, "terms/rate/", currency="EUR", rate="0.1300", reason="the bank moved")
    (change,) = changes.open_changes(house_id)
    alone = said(first, f"terms/{change.id}/approve/")
    before = [row.scaled for row in changes.standing_rates(house_id, now=datetime.now(UTC))]
    done = said(second, f"terms/{change.id}/approve/")

    assert "waits for a second person" in asked and "0.13<" in asked
    assert "Another member must approve" in alone and before == [12_782_072]
    assert "in force from now on" in done
    assert [row.scaled for row in changes.standing_rates(house_id, now=datetime.now(UTC))] == [13_000_000]
    assert [row.outcome for row in changes.change_history(house_id)] == ["approved"]


@pytest.mark.parametrize(
    ("form", "kind", "after"),
    [
        ({"kind": "spread", "value": "0.75"}, "spread", 75),
        ({"kind": "fee", "value": "1,2"}, "fee", 120),
        ({"kind": "refund_limit", "value": "8,000.00"}, "refund_limit", 800_000),
        ({"kind": "minimum", "value": "0"}, "minimum", 0),
        ({"kind": "refund_policy", "value": "refund_day"}, "refund_policy", "refund_day"),
    ],
)
def test_each_term_is_proposed_as_people_write_it_and_taken_back(
    house: World, form: dict[str, str], kind: str, after: object
) -> None:
    client = house.sign_in("finance")

    page = said(client, "terms/change/", **form, reason="agreed today")
    (change,) = changes.open_changes(house.ours.id)
    said(client, f"terms/{change.id}/decline/", note="a slip")

    assert (change.kind, change.after) == (kind, after) and "agreed today" in page
    (ended,) = changes.change_history(house.ours.id)
    assert (ended.outcome, ended.note) == ("declined", "a slip")


def connect_antom(house_id: int, sandbox: RunningSandbox) -> None:
    """Give a house the sandbox's account at Antom."""
    found = sandbox.config["antom"]
    connect_account(
        house_id=house_id,
        family="antom",
        app_id=found["client_id"],
        base_url=sandbox.base_url,
        secrets={key: str(value) for key, value in found.items()},
        now=datetime.now(UTC),
    )


def test_a_house_chooses_who_takes_a_wallet_once_that_provider_answers(
    house: World, sandbox: RunningSandbox
) -> None:
    first, second = house.sign_in("finance"), house.sign_in("admin")
    wish = {
        "wallet": "alipay",
        "scene": "till",
        "currency": "EUR",
        "provider": "antom",
        "reason": "its rates",
    }
    refused = said(first, "terms/route/", **wish)
    connect_antom(house.ours.id, sandbox)

    asked = said(first, "terms/route/", **wish)
    (change,) = changes.open_changes(house.ours.id)
    done = said(second, f"terms/{change.id}/approve/")
    method = pay.method_for(
        house_id=house.ours.id, wallet="alipay", way="barcode", scene="till", settle_currency="EUR"
    )
    said(first, "terms/route/", **{**wish, "provider": "", "reason": "back again"})
    (back,) = changes.open_changes(house.ours.id)
    said(second, f"terms/{back.id}/approve/")

    assert "does not answer for the house" in refused
    assert "The provider answers." in asked and "Alipay · Till · EUR" in asked
    assert "Routes in force" in done and method == "antom_code"
    assert routes.routes(house.ours.id) == []


def test_a_provider_whose_keys_are_wrong_is_no_choice(house: World, sandbox: RunningSandbox) -> None:
    client = house.sign_in("finance")
    connect_antom(house.ours.id, sandbox)
    good = said(client, "terms/check/", provider="antom")
    change_keys(
        house_id=house.ours.id,
        family="antom",
        secrets={"private_key": keys.private_pem("stranger")},
        overlap=timedelta(0),
        now=datetime.now(UTC) + timedelta(seconds=1),
    )

    page = said(client, "terms/check/", provider="antom")
    wish = {"wallet": "alipay", "scene": "till", "currency": "any", "provider": "antom", "reason": "x"}
    said(client, "terms/route/", **wish)

    assert "proved its answer" in good
    assert "does not answer for the house" in page
    assert changes.open_changes(house.ours.id) == []


def test_each_provider_that_is_connected_is_shown_with_its_mode_and_answers(house: World) -> None:
    client = house.sign_in("finance")

    page = text_of(client.get(f"{MONEY}terms/"))
    answers = [said(client, "terms/check/", provider=name) for name in ("wechatpay", "alipay")]

    assert "at home" in page and "No route is set" in page
    assert all("proved its answer" in answer for answer in answers)


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("terms/rate/", {"currency": "EUR", "rate": "-1", "reason": "x"}),
        ("terms/rate/", {"currency": "EUR", "rate": "0", "reason": "x"}),
        ("terms/rate/", {"currency": "EUR", "rate": "0.13", "reason": "x", "day": "yesterday"}),
        ("terms/rate/", {"currency": "XXX", "rate": "0.13", "reason": "x"}),
        ("terms/change/", {"kind": "fee", "value": "101", "reason": "x"}),
        ("terms/change/", {"kind": "fee", "value": "one", "reason": "x"}),
        ("terms/change/", {"kind": "account", "value": "IT1", "reason": "x"}),
        ("terms/change/", {"kind": "fee", "value": "1", "reason": ""}),
        ("terms/route/", {"wallet": "cash", "scene": "till", "provider": "alipay", "reason": "x"}),
        ("terms/route/", {"wallet": "wechat", "scene": "till", "provider": "alipay", "reason": "x"}),
        ("terms/route/", {"wallet": "alipay", "scene": "till", "provider": "antom", "reason": "x"}),
        ("terms/route/", {"wallet": "alipay", "scene": "till", "provider": "citcon", "reason": "x"}),
        ("terms/check/", {"provider": "antom"}),
        ("terms/check/", {"provider": "citcon"}),
        ("payees/save/", {"code": "Bad Code", "name": "x", "currency": "EUR"}),
        ("payees/account/", {"code": "house", "holder": "x", "iban": "IT00", "reason": "x"}),
        ("bank-report/", {}),
        ("bills/upload/", {"provider": "antom", "day": "2026-11-20"}),
        ("bills/upload/", {"provider": "cash", "day": "2026-11-20"}),
    ],
)
def test_what_cannot_be_is_told_and_changes_nothing(house: World, path: str, form: dict[str, str]) -> None:
    page = said(house.sign_in("finance"), path, **form)

    assert 'class="notice bad"' in page
    assert changes.open_changes(house.ours.id) == []
    assert not PayeeAccount.objects.exists() and not Bill.objects.exists()
    assert not Payee.objects.exclude(code="house").exists()


def test_a_payees_account_is_proposed_by_one_and_approved_by_another(house: World) -> None:
    first, second = house.sign_in("finance"), house.sign_in("admin")
    partner(first)

    waiting = said(
        first, "payees/account/", code="forno", holder="Anna Conti", iban=IBAN, reason="first account"
    )
    (account,) = paying.payee_accounts(house.ours.id, is_waiting=True)
    alone = said(first, f"payees/accounts/{account.id}/", choice="approve")
    done = said(second, f"payees/accounts/{account.id}/", choice="approve")

    (row,) = [one for one in paying.payees(house.ours.id, now=datetime.now(UTC)) if one.code == "forno"]
    assert "Accounts that wait for a second person" in waiting and "no account yet" in waiting
    assert "Another member must approve" in alone
    assert row.iban == IBAN and "The account is in force." in done
    assert (row.schedule, row.fee_bps, row.commission_bps, row.minimum) == ("weekly", 100, 500, 1_000)


def test_a_partner_is_settled_and_the_banks_own_file_pays_its_batch_once(house: World) -> None:
    client, now = house.sign_in("finance"), datetime.now(UTC)
    partner(client)
    sell(house, "forno", now)

    page = said(client, "settle/", payee="forno", currency="EUR", day=beijing_day(now).isoformat())
    batch = SettlementBatch.objects.get()
    pay.release_batch(batch_id=batch.pk, house_id=house.ours.id, released_by=1, now=now)
    pay.mark_sent(batch_id=batch.pk, house_id=house.ours.id, now=now)
    content = camt((batch.number, f"{batch.total // 100}.{batch.total % 100:02d}", "DBIT"))
    reports = [
        text_of(
            client.post(f"{MONEY}bank-report/", {"file": SimpleUploadedFile("a.xml", content)}, follow=True)
        )
        for _ in range(2)
    ]

    assert batch.payee is not None and batch.payee.code == "forno" and batch.number in page
    assert "1 batch paid" in reports[0] and "had been read before" in reports[1]
    assert SettlementBatch.objects.get().state == "confirmed"
    assert ledger.balance(house.ours.id, "bank", "EUR") == -batch.total
    assert "Owed to partner forno" in text_of(client.get(f"{MONEY}books/"))


def sell(house: World, payee: str, now: datetime) -> None:
    """A sale of a partner, booked by hand as its provider would prove it."""
    card = pay.open_intent(
        house_id=house.ours.id, person_id=None, reference="S-1", amount=500_000, description="bread",
        method="alipay_barcode", settle_currency="EUR", now=now - timedelta(minutes=5), payee=payee,
    )  # fmt: skip
    evidence = Evidence(
        provider="alipay", source="query", out_trade_no=card.out_trade_no, trade=Trade.PAID, amount=500_000,
        currency="CNY",
    )  # fmt: skip
    accept(house_id=house.ours.id, evidence=evidence, now=now - timedelta(minutes=5))


def test_a_providers_file_that_somebody_brings_is_held_against_the_books(house: World) -> None:
    client = house.sign_in("finance")
    noon = datetime(2026, 11, 20, 4, tzinfo=UTC)
    pay_in(house.ours.id, "antom", "a1", 100_000, at=noon)
    files = {"file": SimpleUploadedFile("settlement.csv", antom([line("P", "a1", 100_000)]))}

    answer = client.post(
        f"{MONEY}bills/upload/", {"provider": "antom", "day": "2026-11-20", **files}, follow=True
    )

    assert "1 line read" in text_of(answer) and "no breaks" in text_of(answer)
    assert Bill.objects.get().kind == "settlement"


@pytest.mark.parametrize("role", ["marketing", "associate", "supervisor"])
@pytest.mark.parametrize("path", ["payees/", "terms/"])
def test_only_finance_and_admins_see_payees_and_terms(house: World, role: str, path: str) -> None:
    assert house.sign_in(role).get(f"{MONEY}{path}").status_code == 403


def test_nothing_of_another_house_is_decided(house: World) -> None:
    pay.set_terms(house_id=house.theirs.id, now=datetime.now(UTC))
    pay.set_payee(house_id=house.theirs.id, code="x", name="X", currency="EUR", now=datetime.now(UTC))
    account = pay.propose_payee_account(
        house_id=house.theirs.id,
        code="x",
        holder="X",
        iban=IBAN,
        proposed_by=1,
        reason="r",
        now=datetime.now(UTC),
    )
    client = house.sign_in("finance")

    answer = client.post(f"{MONEY}payees/accounts/{account.account_id}/", {"choice": "approve"})

    assert answer.status_code == 404
    assert PayeeAccount.objects.get().state == "waiting"
    assert client.post(f"{MONEY}terms/999/approve/").status_code == 404


def test_the_daily_round_is_shown_with_what_comes_next(house: World) -> None:
    pay.run_schedule(datetime.now(UTC))

    page = text_of(house.sign_in("finance").get(MONEY))

    assert "The daily round" in page


def test_every_code_of_a_batch_has_words() -> None:
    assert set(LineKind) <= set(labels.BATCH_LINE) and set(BatchState) <= set(labels.BATCH_STATE)
    assert {"below_minimum", "negative", "held", "nothing_due"} <= set(labels.BATCH_STATE)
    assert labels.label("account", "merchant:partner:forno") == "Owed to partner forno"


@pytest.mark.parametrize("text", ["", "1.234", "-1", "1e3", "٣"])
def test_a_percentage_is_digits_with_at_most_two_decimals(text: str) -> None:
    with pytest.raises(rules.FormRefused):
        rules.basis_points(text)
