"""Any history of the books beside a model of a few lines: batches, replays, conflicts, pending, voids and folds."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from seta.ledger import models, queries
from seta.ledger.operations import (
    Posted,
    fold_balances,
    post,
    post_each,
    post_many,
    post_pending,
    reserve,
    reverse,
    void_pending,
)
from seta.ledger.rules import (
    AlreadyResolved,
    ConflictingReplay,
    Journal,
    Overdraft,
    Unbalanced,
    credit,
    debit,
    journal,
)
from tests.ledger.entries import MERCHANT, NOON, make_house, payout, sale

AMOUNTS = st.integers(1, 10**6)
MOVES = st.lists(st.tuples(st.booleans(), AMOUNTS), min_size=1, max_size=6)
SPOTS = st.integers(0, 10**6)


class Books(RuleBasedStateMachine):
    """What the house is owed, what of it is spoken for, and what was posted."""

    def __init__(self) -> None:
        super().__init__()
        self.rollback = transaction.atomic()
        self.rollback.__enter__()
        self.house_id = make_house()
        self.owed = 0
        self.held: dict[str, int] = {}
        self.ended: dict[str, bool] = {}
        self.entries: dict[str, Journal] = {}
        self.made = 0

    def teardown(self) -> None:
        """Leaves the database as it was found."""
        transaction.set_rollback(True)
        self.rollback.__exit__(None, None, None)

    @property
    def free(self) -> int:
        return self.owed - sum(self.held.values())

    def next_entry(self, is_sale: bool, amount: int) -> Journal:
        self.made += 1
        make = sale if is_sale else payout
        return make(self.house_id, f"j{self.made}", amount)

    def worth(self, entry: Journal) -> int:
        return -sum(line.amount for line in entry.postings if line.code == MERCHANT)

    @rule(moves=MOVES)
    def post_a_batch_each_for_itself(self, moves: list[tuple[bool, int]]) -> None:
        batch = [self.next_entry(*move) for move in moves]
        for entry, done in zip(batch, post_each(journals=batch, now=NOON), strict=True):
            if self.free + self.worth(entry) < 0:
                assert isinstance(done, Overdraft)
                continue
            assert isinstance(done, Posted) and done.is_new
            self.entries[entry.idem] = entry
            self.owed += self.worth(entry)

    @rule(moves=MOVES)
    def post_a_batch_whole_or_not(self, moves: list[tuple[bool, int]]) -> None:
        batch = [self.next_entry(*move) for move in moves]
        free, is_sound = self.free, True
        for entry in batch:
            free += self.worth(entry)
            is_sound = is_sound and free >= 0
        if not is_sound:
            with pytest.raises(Overdraft):
                post_many(journals=batch, now=NOON)
            return
        post_many(journals=batch, now=NOON)
        self.entries.update({entry.idem: entry for entry in batch})
        self.owed += sum(map(self.worth, batch))

    @rule(is_sale=st.booleans(), amount=AMOUNTS)
    def reserve_one(self, is_sale: bool, amount: int) -> None:
        entry = self.next_entry(is_sale, min(amount, max(self.free, 1)))
        hold = max(0, -self.worth(entry))
        if hold > self.free:
            with pytest.raises(Overdraft):
                reserve(journal=entry, now=NOON)
            return
        assert reserve(journal=entry, now=NOON).is_new
        assert not reserve(journal=entry, now=NOON).is_new
        with pytest.raises(ConflictingReplay):
            reserve(journal=payout(self.house_id, entry.idem, 10**9), now=NOON)
        self.held[entry.idem] = hold
        self.entries[entry.idem] = entry

    @precondition(lambda self: self.held)
    @rule(spot=SPOTS, is_posted=st.booleans())
    def resolve_one(self, spot: int, is_posted: bool) -> None:
        idem = sorted(self.held)[spot % len(self.held)]
        del self.held[idem]
        if is_posted:
            assert post_pending(house_id=self.house_id, idem=idem, now=NOON).is_new
            self.owed += self.worth(self.entries[idem])
        else:
            assert void_pending(house_id=self.house_id, idem=idem, now=NOON)
            del self.entries[idem]
        self.ended[idem] = is_posted

    @precondition(lambda self: self.ended)
    @rule(spot=SPOTS)
    def resolve_again(self, spot: int) -> None:
        idem = sorted(self.ended)[spot % len(self.ended)]
        if self.ended[idem]:
            assert not post_pending(house_id=self.house_id, idem=idem, now=NOON).is_new
            with pytest.raises(AlreadyResolved):
                void_pending(house_id=self.house_id, idem=idem, now=NOON)
        else:
            assert not void_pending(house_id=self.house_id, idem=idem, now=NOON)
            with pytest.raises(AlreadyResolved):
                post_pending(house_id=self.house_id, idem=idem, now=NOON)

    @rule(size=st.integers(1, 50))
    def replay_everything(self, size: int) -> None:
        posted = [entry for idem, entry in self.entries.items() if idem not in self.held]
        for start in range(0, len(posted), size):
            batch = posted[start : start + size]
            assert not any(one.is_new for one in post_many(journals=batch, now=NOON))

    @rule(spot=SPOTS)
    def replay_with_other_content(self, spot: int) -> None:
        posted = sorted(self.entries.keys() - self.held.keys())
        if posted:
            entry = payout(self.house_id, posted[spot % len(posted)], 10**9)
            assert isinstance(post_each(journals=[entry], now=NOON)[0], ConflictingReplay)

    @rule(spot=SPOTS)
    def reverse_one(self, spot: int) -> None:
        posted = sorted(
            idem
            for idem in self.entries.keys() - self.held.keys()
            if not idem.endswith(":reversal") and f"{idem}:reversal" not in self.entries
        )
        if not posted:
            return
        idem = posted[spot % len(posted)]
        worth = self.worth(self.entries[idem])
        if worth > self.free:
            with pytest.raises(Overdraft):
                reverse(house_id=self.house_id, idem=idem, now=NOON)
            return
        reverse(house_id=self.house_id, idem=idem, now=NOON)
        lines = [(debit if one.amount < 0 else credit)(one.code, one.currency, abs(one.amount))
                 for one in self.entries[idem].postings]  # fmt: skip
        back = journal(
            house_id=self.house_id,
            idem=f"{idem}:reversal",
            kind=f"{self.entries[idem].kind}.reversal",
            ref=self.entries[idem].ref,
            lines=lines,
        )
        self.entries[back.idem] = back
        self.owed -= worth

    @rule(amount=AMOUNTS)
    def post_unbalanced(self, amount: int) -> None:
        lines = [debit("bank", "EUR", amount), credit("bank", "EUR", amount + 1)]
        with pytest.raises(Unbalanced):
            post(journal=journal(house_id=self.house_id, idem="bad", kind="x", ref="", lines=lines), now=NOON)

    @rule()
    def fold(self) -> None:
        fold_balances(NOON)

    @invariant()
    def every_journal_and_currency_sums_to_zero(self) -> None:
        assert queries.unbalanced_journals(self.house_id) == []
        lines = queries.trial_balance(self.house_id)
        assert all(sum(x.balance for x in lines if x.currency == c) == 0 for c in ("CNY", "EUR"))
        assert lines == queries.trial_balance(self.house_id, before=NOON.replace(year=2030))

    @invariant()
    def the_balance_is_the_sum_of_its_postings_and_what_the_model_says(self) -> None:
        assert queries.balance(self.house_id, MERCHANT, "EUR") == -self.owed
        assert queries.guarded_balance(self.house_id, MERCHANT, "EUR") == -self.free
        assert self.free >= 0

    @invariant()
    def nothing_is_in_the_books_but_what_was_posted(self) -> None:
        posted = {idem: entry for idem, entry in self.entries.items() if idem not in self.held}
        rows = models.Journal.objects.filter(house_id=self.house_id)
        assert set(rows.values_list("idem", flat=True)) == set(posted)
        count = models.Posting.objects.filter(journal__house_id=self.house_id).count()
        assert count == sum(len(entry.postings) for entry in posted.values())
        assert {one.idem for one in queries.pending(self.house_id)} == set(self.held)


@pytest.mark.django_db
def test_any_history_balances_and_replays_add_nothing() -> None:
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=25, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
