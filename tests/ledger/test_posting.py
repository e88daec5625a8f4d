"""The books as rows: what is posted stays, once, and balanced."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from seta.ledger import models, queries, sealing
from seta.ledger.operations import Posted, post, post_each, post_many, post_pending, reserve, reverse
from seta.ledger.rules import ConflictingReplay, Journal, Overdraft, Unbalanced, debit
from tests.ledger.entries import MERCHANT, NOON, make_house, payout, sale


@pytest.mark.django_db
def test_a_sale_is_posted_in_both_currencies_and_the_books_sum_to_zero() -> None:
    house_id = make_house()

    done = post(journal=sale(house_id, "p1"), now=NOON)

    assert done.is_new
    assert queries.balance(house_id, MERCHANT, "EUR") == -118_800
    assert queries.guarded_balance(house_id, MERCHANT, "EUR") == -118_800
    lines = queries.trial_balance(house_id)
    assert sum(line.balance for line in lines if line.currency == "CNY") == 0
    assert sum(line.balance for line in lines if line.currency == "EUR") == 0
    assert [line.amount for line in queries.postings_of(house_id, "S1")] == [
        960_000,
        -960_000,
        120_000,
        -118_800,
        -1_200,
    ]


@pytest.mark.django_db
def test_the_same_journal_again_adds_nothing() -> None:
    house_id = make_house()
    first = post(journal=sale(house_id, "p1"), now=NOON)

    again = post(journal=sale(house_id, "p1"), now=NOON + timedelta(hours=1))

    assert (again.journal_id, again.is_new) == (first.journal_id, False)
    assert models.Posting.objects.count() == 5


@pytest.mark.django_db
def test_the_same_journal_twice_in_one_batch_is_posted_once() -> None:
    house_id = make_house()

    done = post_many(journals=[sale(house_id, "p1"), sale(house_id, "p2"), sale(house_id, "p1")], now=NOON)

    assert [one.is_new for one in done] == [True, True, False]
    assert models.Journal.objects.count() == 2


@pytest.mark.django_db
def test_a_key_with_other_content_is_refused_and_takes_its_batch_with_it() -> None:
    house_id = make_house()
    post(journal=sale(house_id, "p1"), now=NOON)

    with pytest.raises(ConflictingReplay):
        post_many(journals=[sale(house_id, "p2"), sale(house_id, "p1", amount=1)], now=NOON)

    assert not queries.is_posted(house_id, "p2")


@pytest.mark.django_db
def test_two_houses_may_use_the_same_key_and_never_see_each_other() -> None:
    ours, theirs = make_house(), make_house("milano")

    post_many(journals=[sale(ours, "p1"), sale(theirs, "p1", amount=200)], now=NOON)

    assert queries.balance(ours, "income:fees", "EUR") == -1_200
    assert queries.balance(theirs, "income:fees", "EUR") == -2


@pytest.mark.django_db
def test_an_overdraft_is_refused_and_changes_nothing() -> None:
    house_id = make_house()
    post(journal=sale(house_id, "p1"), now=NOON)

    with pytest.raises(Overdraft):
        post(journal=payout(house_id, "b1", 118_801), now=NOON)

    assert queries.balance(house_id, MERCHANT, "EUR") == -118_800
    assert post(journal=payout(house_id, "b1", 118_800), now=NOON).is_new


@pytest.mark.django_db
def test_a_reversal_leaves_both_journals_and_a_balance_of_zero() -> None:
    house_id = make_house()
    post(journal=sale(house_id, "p1"), now=NOON)

    reverse(house_id=house_id, idem="p1", now=NOON)
    reverse(house_id=house_id, idem="p1", now=NOON)

    assert models.Journal.objects.count() == 2
    assert {line.balance for line in queries.trial_balance(house_id)} == {0}


@pytest.mark.django_db
def test_a_statement_opens_with_what_was_before_and_runs_to_its_closing() -> None:
    house_id = make_house()
    post(journal=sale(house_id, "p1"), now=NOON - timedelta(days=1))
    post(journal=sale(house_id, "p2", amount=100), now=NOON)
    post(journal=payout(house_id, "b1", 118_000), now=NOON + timedelta(hours=1))

    page = queries.statement(house_id, MERCHANT, "EUR", since=NOON, until=NOON + timedelta(days=1))

    assert (page.opening, page.closing) == (-118_800, -899)
    assert [line.balance for line in page.lines] == [-118_899, -899]


@pytest.mark.django_db
@pytest.mark.parametrize("table", sealing.SEALED_TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_what_is_posted(table: str, statement: str) -> None:
    house_id = make_house()
    post(journal=sale(house_id, "p1"), now=NOON)
    reserve(journal=payout(house_id, "b1", 100), now=NOON)
    post_pending(house_id=house_id, idem="b1", now=NOON)
    sealing.seal(connection)
    column = {"ledger_resolution": "outcome"}.get(table, "id")

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table, column, column))

    assert models.Posting.objects.count() == 7
    assert models.PendingLine.objects.count() == 2


@pytest.mark.django_db
def test_a_batch_of_which_each_stands_for_itself_loses_only_what_is_wrong() -> None:
    house_id = make_house()
    post(journal=sale(house_id, "taken"), now=NOON)
    lopsided = Journal(
        house_id=house_id,
        idem="x",
        kind="k",
        ref="",
        postings=(debit("bank", "EUR", 1), debit("bank", "EUR", 2)),
    )
    batch = [
        payout(house_id, "too early", 10**9),
        sale(house_id, "p1"),
        lopsided,
        sale(house_id, "taken", amount=5),
        payout(house_id, "b1", 118_800),
        sale(house_id, "taken"),
    ]

    done = post_each(journals=batch, now=NOON)

    assert [type(one) for one in done] == [Overdraft, Posted, Unbalanced, ConflictingReplay, Posted, Posted]
    assert queries.balance(house_id, MERCHANT, "EUR") == -118_800
    assert queries.unbalanced_journals(house_id) == []


@pytest.mark.django_db
def test_a_debit_may_use_what_was_credited_since_the_balance_was_last_locked() -> None:
    house_id = make_house()
    post_many(journals=[sale(house_id, f"p{number}") for number in range(3)], now=NOON)
    assert models.Balance.objects.get(account__code=MERCHANT).amount == 0

    post(journal=payout(house_id, "b1", 3 * 118_800), now=NOON)

    with pytest.raises(Overdraft, match="overdrawn by 1"):
        post(journal=payout(house_id, "b2", 1), now=NOON)
    assert models.Balance.objects.get(account__code=MERCHANT).amount == 0
