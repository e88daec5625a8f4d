"""Balances folded while others post: always the sum of the postings."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Sum

from seta.ledger import models, queries, sealing
from seta.ledger.operations import fold_balances, post, post_many
from seta.ledger.rules import Overdraft, credit, debit, journal
from seta.ledger.writer import Writer
from tests.ledger.entries import MERCHANT, NOON, make_house, payout, sale


@pytest.fixture
def _emptied_after(transactional_db: None):  # type: ignore[no-untyped-def]
    """A test that commits leaves rows that only an unsealed database lets go."""
    yield
    sealing.unseal(connection)


def summed(house_id: int) -> int:
    """The sum of the merchant's postings, read at once with nothing folded."""
    rows = models.Posting.objects.filter(account__house_id=house_id, account__code=MERCHANT)
    return int(rows.aggregate(total=Sum("amount"))["total"] or 0)


@pytest.mark.usefixtures("_emptied_after")
def test_a_balance_read_while_others_post_and_fold_never_misses_a_posting() -> None:
    sealing.seal(connection)
    house_id = make_house()
    post(journal=sale(house_id, "first"), now=NOON)
    problems: list[str] = []
    is_over = threading.Event()

    def poster(name: int) -> None:
        for number in range(25):
            post(journal=sale(house_id, f"{name}:{number}"), now=NOON)
            post_many(journals=[sale(house_id, f"{name}:{number}:{x}") for x in range(3)], now=NOON)
            post(journal=payout(house_id, f"{name}:{number}:out", 1_000), now=NOON)
        connection.close()

    def folder() -> None:
        while not is_over.is_set():
            fold_balances(NOON)
        connection.close()

    def reader() -> None:
        # A posting missed or counted twice at the edge of a fold would leave a currency that is not zero.
        while not is_over.is_set():
            lines = queries.trial_balance(house_id)
            for currency in ("CNY", "EUR"):
                if sum(line.balance for line in lines if line.currency == currency):
                    problems.append(f"{currency} {lines}")
        connection.close()

    others = [threading.Thread(target=work) for work in (folder, reader)]
    posters = [threading.Thread(target=poster, args=(name,)) for name in range(3)]
    for thread in (*others, *posters):
        thread.start()
    for thread in posters:
        thread.join()
    is_over.set()
    for thread in others:
        thread.join()

    fold_balances(NOON)
    assert problems == []
    assert models.Journal.objects.filter(house_id=house_id).count() == 1 + 3 * 25 * 5
    assert queries.balance(house_id, MERCHANT, "EUR") == summed(house_id) == 75 * 1_000 - 118_800 * 301


@pytest.mark.usefixtures("_emptied_after")
def test_many_threads_post_through_one_writer_and_each_hears_of_its_own() -> None:
    house_id = make_house()
    refused: list[str] = []

    def client(name: int) -> None:
        for number in range(20):
            assert writer.post(sale(house_id, f"{name}:{number}", amount=100)).is_new
        try:
            writer.post(payout(house_id, f"{name}:out", 10**9))
        except Overdraft as problem:
            refused.append(str(problem))

    with Writer() as writer:
        threads = [threading.Thread(target=client, args=(name,)) for name in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert len(refused) == 6
    assert queries.balance(house_id, MERCHANT, "EUR") == -99 * 120


@pytest.mark.usefixtures("_emptied_after")
def test_a_fold_leaves_out_what_somebody_is_still_writing() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    house_id = make_house()
    post(journal=sale(house_id, "first"), now=NOON)
    fold_balances(NOON)
    has_written, may_commit = threading.Event(), threading.Event()

    def slow_poster() -> None:
        with transaction.atomic():
            post(journal=sale(house_id, "slow"), now=NOON)
            has_written.set()
            may_commit.wait(10)
        connection.close()

    thread = threading.Thread(target=slow_poster)
    thread.start()
    has_written.wait(10)
    post(journal=sale(house_id, "quick"), now=NOON)

    assert fold_balances(NOON) == 0
    assert queries.balance(house_id, MERCHANT, "EUR") == -118_800 * 2
    may_commit.set()
    thread.join()
    assert queries.balance(house_id, MERCHANT, "EUR") == -118_800 * 3
    assert fold_balances(NOON) == 2
    assert queries.balance(house_id, MERCHANT, "EUR") == -118_800 * 3


@pytest.mark.django_db
def test_from_a_total_down_to_the_journal_and_back_up_by_its_reference() -> None:
    house_id = make_house()
    post(journal=sale(house_id, "p1", ref="S1"), now=NOON)
    post(journal=sale(house_id, "p2", ref="S2"), now=NOON)

    line = queries.account_postings(house_id, MERCHANT, "EUR")[-1]
    card = queries.journal(house_id, line.journal_id)

    assert card is not None
    assert (card.idem, card.ref, card.reversed_by, len(card.lines)) == ("p1", "S1", "", 5)
    assert queries.journals_of(house_id, "S1") == [card]
    assert queries.journal(make_house("milano"), line.journal_id) is None


@pytest.mark.django_db
def test_a_clearing_account_that_was_not_converted_by_the_next_day_is_an_alarm() -> None:
    house_id = make_house()
    post(journal=sale(house_id, "p1", amount=100), now=NOON)
    day = date(2026, 11, 20)
    found = {(one.provider, one.currency, one.amount) for one in queries.clearing_alarms(house_id, day=day)}
    conversion = journal(
        house_id=house_id,
        idem="c1",
        kind="conversion",
        ref="c1",
        lines=[
            debit("fx:clearing", "CNY", 800),
            credit("receivable:wechatpay", "CNY", 800),
            debit("bank", "EUR", 100),
            credit("fx:clearing", "EUR", 100),
        ],
    )

    post(journal=conversion, now=NOON + timedelta(days=1))

    assert found == {("wechatpay", "CNY", -800), ("wechatpay", "EUR", 100)}
    assert queries.clearing_alarms(house_id, day=day) == []


@pytest.mark.django_db
def test_a_page_of_a_statement_runs_on_from_the_page_before() -> None:
    house_id = make_house()
    for number in range(4):
        post(journal=sale(house_id, f"p{number}", amount=100), now=NOON + timedelta(minutes=number))

    page = queries.statement(
        house_id, MERCHANT, "EUR", since=NOON, until=NOON + timedelta(hours=1), skip=2, limit=1
    )

    assert [line.balance for line in page.lines] == [-297]
    assert (page.opening, page.closing, page.count) == (0, -396, 4)
