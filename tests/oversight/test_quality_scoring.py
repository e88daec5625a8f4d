"""Shares, intervals and tables of the labelled set."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seta.oversight.rules.scoring import Alert, Judged, score, share, wilson


def judged(
    text: str,
    *alerts: Alert,
    labels: tuple[str, ...] = (),
    variant: str = "plain",
    core: str = "",
    wording: str = "free",
    severity: str | None = "high",
) -> Judged:
    return Judged(text, "sa", labels, severity, variant, "zh", "payment", core, wording, alerts)


PAYMENT = Alert("pay.personal", "payment", "high")
DISCOUNT = Alert("price.discount", "discount", "high")
MILD = Alert("tone.rude", "rude", "medium")


@pytest.mark.parametrize(
    ("found", "n", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (1, 1000, 0.0002, 0.0056)],
)
def test_wilsons_interval_has_its_published_values(found: int, n: int, low: float, high: float) -> None:
    assert wilson(found, n) == pytest.approx((low, high), abs=0.0001)


def test_of_nothing_everything_is_possible() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert share(0, 0).rate is None


@pytest.mark.parametrize(("found", "n"), [(-1, 3), (4, 3)])
def test_more_found_than_there_were_is_refused(found: int, n: int) -> None:
    with pytest.raises(ValueError, match="is no share"):
        wilson(found, n)


COUNTS = st.integers(1, 100_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(COUNTS)
def test_the_interval_holds_the_rate_and_stays_within_0_and_1(counts: tuple[int, int]) -> None:
    found, n = counts
    low, high = wilson(found, n)
    assert 0 <= low <= found / n <= high <= 1


@given(COUNTS)
def test_the_interval_of_what_was_missed_mirrors_that_of_what_was_found(counts: tuple[int, int]) -> None:
    found, n = counts
    low, high = wilson(found, n)
    assert wilson(n - found, n) == pytest.approx((1 - high, 1 - low), abs=1e-9)


@given(COUNTS, st.integers(2, 20))
def test_more_evidence_of_the_same_rate_narrows_the_interval(counts: tuple[int, int], times: int) -> None:
    found, n = counts
    low, high = wilson(found, n)
    closer_low, closer_high = wilson(found * times, n * times)
    assert closer_high - closer_low < high - low


def test_a_breach_is_found_only_by_a_rule_of_its_own_category() -> None:
    told = score(
        [
            judged("a", PAYMENT, labels=("payment",), core="1"),
            judged("b", DISCOUNT, labels=("payment",), core="2"),
            judged("c", labels=("payment",), core="3"),
        ]
    )
    (row,) = told.recall
    assert (row.category, row.share.n, row.share.found) == ("payment", 3, 1)


def test_wordings_are_told_apart() -> None:
    told = score(
        [
            judged("a", PAYMENT, labels=("payment",), wording="direct"),
            judged("b", labels=("payment",), wording="free"),
        ]
    )
    (row,) = told.serious
    assert (row.direct.rate, row.free.rate, row.share.rate) == (1.0, 0.0, 0.5)


def test_what_a_disguise_hides_is_counted_among_wordings_that_are_found_plain() -> None:
    told = score(
        [
            judged("a", PAYMENT, labels=("payment",), core="1"),
            judged("a'", labels=("payment",), core="1", variant="split"),
            judged("b", labels=("payment",), core="2"),
            judged("b'", labels=("payment",), core="2", variant="split"),
        ]
    )
    split = next(row for row in told.serious if row.variant == "split")
    assert (split.share.n, split.known.n, split.known.found) == (2, 1, 0)


def test_only_high_severity_enters_the_serious_table() -> None:
    told = score([judged("a", MILD, labels=("rude",), severity="medium")])
    assert told.serious == ()
    assert told.recall[0].share.found == 1


def test_the_same_words_count_once() -> None:
    told = score([judged("好的", PAYMENT, variant="ordinary", severity=None)] * 3)
    assert (told.messages, told.distinct) == (3, 1)
    assert told.precision[0].precision.n == 1


def test_alerts_on_harmless_talk_are_counted_by_kind_and_seriousness() -> None:
    told = score(
        [
            judged("a", variant="ordinary", severity=None),
            judged("b", MILD, variant="ordinary", severity=None),
            judged("c", PAYMENT, variant="look_alike_traditional", severity=None),
            judged("d", variant="split", severity=None),
        ]
    )
    rows = {row.kind: (row.alerted.found, row.serious.found, row.alerted.n) for row in told.harmless}
    assert rows == {"ordinary": (1, 0, 2), "look-alike": (1, 1, 1), "around breaches": (0, 0, 1)}


def test_precision_tells_right_alerts_alerts_on_another_breach_and_false_ones() -> None:
    told = score(
        [
            judged("a", PAYMENT, labels=("payment",)),
            judged("b", PAYMENT, labels=("discount",)),
            judged("c", PAYMENT, MILD, severity=None, variant="ordinary"),
        ]
    )
    serious, every = told.precision
    assert (serious.precision.n, serious.precision.found, serious.other) == (3, 1, 1)
    assert every.precision.n == 4
    assert {row.rule: row.precision.found for row in told.rules} == {"pay.personal": 1, "tone.rude": 0}


ALERTS = st.lists(st.sampled_from([PAYMENT, DISCOUNT, MILD]), unique=True).map(tuple)
MESSAGES = st.builds(
    judged,
    st.text(max_size=3),
    labels=st.sampled_from([(), ("payment",), ("discount",), ("payment", "discount")]),
    variant=st.sampled_from(["plain", "split", "ordinary"]),
    core=st.sampled_from(["1", "2"]),
)


@given(st.lists(st.tuples(MESSAGES, ALERTS)))
def test_every_distinct_message_is_in_exactly_one_table(
    drawn: list[tuple[Judged, tuple[Alert, ...]]],
) -> None:
    told = score(
        Judged(**{**{name: getattr(each, name) for name in each.__dataclass_fields__}, "alerts": alerts})
        for each, alerts in drawn
    )
    harmless = sum(row.alerted.n for row in told.harmless if row.language == "all")
    assert told.breaches + harmless == told.distinct
    assert sum(row.share.n for row in told.recall) == told.breaches
    assert sum(row.precision.n for row in told.rules) == told.precision[1].precision.n
