"""The books as rows: what is posted stays, once, and balanced."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from seta.houses.operations import found_house
from seta.ledger import models, queries, sealing
from seta.ledger.operations import post, post_many, reverse
from seta.ledger.rules import ConflictingReplay, Journal, Overdraft, Unbalanced, credit, debit, journal

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MERCHANT = "merchant:house"


def make_house(code: str = "serica") -> int:
    """A house to keep books for."""
    return found_house(code=code, name="Serica Milano", kind="maison")


def sale(house_id: int, idem: str, amount: int = 120_000, ref: str = "S1") -> Journal:
    """A payment of EUR with a fee of 1 %."""
    fee = amount // 100
    return journal(
        house_id=house_id,
        idem=idem,
        kind="payment",
        ref=ref,
        lines=[
            debit("receivable:wechatpay", "CNY", amount * 8),
            credit("fx:clearing", "CNY", amount * 8),
            debit("fx:clearing", "EUR", amount),
            credit(MERCHANT, "EUR", amount - fee),
            credit("income:fees", "EUR", fee),
        ],
    )


def payout(house_id: int, idem: str, amount: int) -> Journal:
    """What the merchant is paid."""
    return journal(
        house_id=house_id,
        idem=idem,
        kind="settlement",
        ref="B1",
        lines=[debit(MERCHANT, "EUR", amount), credit("settlement:in_transit", "EUR", amount)],
    )


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
@pytest.mark.parametrize("table", sealing.JOURNAL_TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id + 1000", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_what_is_posted(table: str, statement: str) -> None:
    post(journal=sale(make_house(), "p1"), now=NOON)
    sealing.seal(connection)

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))

    assert models.Posting.objects.count() == 5


class Books(RuleBasedStateMachine):
    """Any sequence of sales, payouts, replays and reversals beside a model of a few lines."""

    posted = Bundle("posted")

    def __init__(self) -> None:
        super().__init__()
        self.rollback = transaction.atomic()
        self.rollback.__enter__()
        self.house_id = make_house()
        self.owed = 0
        self.entries: dict[str, Journal] = {}

    def teardown(self) -> None:
        """Leaves the database as it was found."""
        transaction.set_rollback(True)
        self.rollback.__exit__(None, None, None)

    @rule(target=posted, amount=st.integers(1, 10**7))
    def sell(self, amount: int) -> Journal:
        entry = sale(self.house_id, f"j{len(self.entries)}", amount)
        assert post(journal=entry, now=NOON).is_new
        self.entries[entry.idem] = entry
        self.owed += amount - amount // 100
        return entry

    @rule(target=posted, amount=st.integers(1, 10**7))
    def pay_out(self, amount: int) -> Journal:
        entry = payout(self.house_id, f"j{len(self.entries)}", min(amount, self.owed) or amount)
        if self.owed:
            assert post(journal=entry, now=NOON).is_new
            self.entries[entry.idem] = entry
            self.owed -= min(amount, self.owed)
            return entry
        with pytest.raises(Overdraft):
            post(journal=entry, now=NOON)
        return sale(self.house_id, "never posted", 100)

    @rule(entry=posted)
    def replay(self, entry: Journal) -> None:
        if entry.idem in self.entries:
            assert not post(journal=entry, now=NOON + timedelta(days=1)).is_new

    @rule(entry=posted, change=st.integers(1, 9))
    def replay_with_other_content(self, entry: Journal, change: int) -> None:
        if entry.idem in self.entries:
            with pytest.raises(ConflictingReplay):
                post(journal=payout(self.house_id, entry.idem, 10**9 + change), now=NOON)

    @rule(amount=st.integers(1, 10**6))
    def unbalanced(self, amount: int) -> None:
        lines = [debit("bank", "EUR", amount), credit("bank", "EUR", amount + 1)]
        with pytest.raises(Unbalanced):
            post(journal=journal(house_id=self.house_id, idem="bad", kind="x", ref="", lines=lines), now=NOON)

    @invariant()
    def every_journal_and_currency_sums_to_zero(self) -> None:
        assert queries.unbalanced_journals(self.house_id) == []
        lines = queries.trial_balance(self.house_id)
        assert all(sum(x.balance for x in lines if x.currency == c) == 0 for c in ("CNY", "EUR"))

    @invariant()
    def the_balance_is_the_sum_of_its_postings_and_what_the_model_says(self) -> None:
        assert queries.balance(self.house_id, MERCHANT, "EUR") == -self.owed
        assert queries.guarded_balance(self.house_id, MERCHANT, "EUR") == -self.owed

    @invariant()
    def nothing_is_in_the_books_but_what_was_posted(self) -> None:
        rows = models.Journal.objects.filter(house_id=self.house_id)
        assert set(rows.values_list("idem", flat=True)) == set(self.entries)
        count = models.Posting.objects.filter(journal__house_id=self.house_id).count()
        assert count == sum(len(entry.postings) for entry in self.entries.values())


@pytest.mark.django_db
def test_any_sequence_of_postings_balances_and_replays_add_nothing() -> None:
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=15, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
