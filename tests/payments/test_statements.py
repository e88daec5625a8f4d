"""Statements: equal to the ledger to the cent, the same bytes for the same books, and no formula in any cell."""

import csv
import io
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seta.payments import operations as pay
from seta.payments import queries
from seta.payments.rules.refusals import PaymentRefused
from seta.payments.statements import pdffile, words
from seta.payments.statements.csvfile import cell
from tests.payments.selling import World, later, make_world

TODAY = date(2026, 11, 20)


@pytest.fixture
def world(db: None) -> World:
    """A partner's week: sales, a refund, a batch that came back, and one more sale after it."""
    found = make_world()
    first = found.sell(938_815, payee="forno", reference="=HYPERLINK(1)")
    found.sell(100_000, payee="forno", reference="单号-7")
    found.sell(700_000)
    found.give_back(first, 100_000, at=later(hours=1))
    batch = pay.settle(house_id=found.house_id, currency="EUR", day=TODAY, now=later(days=1), payee="forno")
    assert batch.batch_id is not None
    step = {"batch_id": batch.batch_id, "house_id": found.house_id, "now": later(days=2)}
    pay.mark_sent(**step)  # type: ignore[arg-type]
    pay.return_batch(**step, reason="AC04")  # type: ignore[arg-type]
    found.sell(200_000, payee="forno", at=later(days=3))
    return found


def made(world: World, form: str, language: str, payee: str = "forno", days: int = 7) -> bytes:
    """The bytes of a statement of the partner's days."""
    document = pay.make_statement(
        house_id=world.house_id,
        payee=payee,
        currency="EUR",
        since=TODAY,
        until=TODAY + timedelta(days=days),
        form=form,
        language=language,
    )
    assert document.name.endswith(f"-{payee}-EUR-2026-11-20-{TODAY + timedelta(days=days)}.{form}")
    return document.content


@pytest.mark.parametrize("payee", ["forno", "house"])
def test_a_statement_closes_with_what_the_ledger_guards_to_the_cent(world: World, payee: str) -> None:
    found = queries.payee_statement(
        world.house_id, payee=payee, currency="EUR", since=TODAY, until=TODAY + timedelta(days=7)
    )

    assert found.opening == 0
    assert found.closing == world.owed("" if payee == "house" else payee)
    assert found.closing == sum(row.amount for row in found.rows) == found.rows[-1].balance
    for row in found.rows:
        if row.kind in ("payment", "refund"):
            assert abs(row.amount) == row.gross - row.fee - row.commission


def test_two_statements_in_a_row_meet(world: World) -> None:
    parts = [
        queries.payee_statement(world.house_id, payee="forno", currency="EUR", since=since, until=until)
        for since, until in (
            (TODAY, TODAY + timedelta(days=1)),
            (TODAY + timedelta(days=2), TODAY + timedelta(days=9)),
        )
    ]

    assert parts[0].closing == parts[1].opening == 0
    assert [row.kind for row in parts[0].rows] == ["payment", "payment", "refund", "settlement"]
    assert [row.kind for row in parts[1].rows] == ["settlement_reversal", "payment"]


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_a_csv_adds_up_and_holds_no_formula(world: World, language: str) -> None:
    content = made(world, "csv", language)

    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert content == made(world, "csv", language)
    assert rows[0][0] == words.word("date", language)
    assert [row[4] for row in rows[2:4]] == ["'=HYPERLINK(1)", "单号-7"]
    fen = [[round(float(text or 0) * 100) for text in row[8:11]] for row in rows[1:]]
    balance = 0
    for coming, going, shown in fen[1:-1]:
        balance += coming - going
        assert shown == balance
    assert fen[-1][2] == balance == world.owed("forno")
    assert not any(text[:1] in ("=", "+", "-", "@", "\t", "\r") for row in rows for text in row)


@given(st.text(max_size=20))
def test_no_text_becomes_a_formula_and_none_is_lost(text: str) -> None:
    shown = cell(text)

    assert not shown.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))
    assert shown.removeprefix("'") == text or shown == text


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_a_pdf_is_the_same_bytes_for_the_same_books(world: World, language: str) -> None:
    content = made(world, "pdf", language)

    assert content.startswith(b"%PDF-") and content == made(world, "pdf", language)
    world.sell(10_000, payee="forno", at=later(days=4))
    assert content != made(world, "pdf", language)


def test_what_the_latin_font_lacks_is_set_in_the_chinese_one() -> None:
    assert pdffile.mixed("Forno <丝绸> è") == 'Forno &lt;<font name="STSong-Light">丝绸</font>&gt; è'
    assert "\u25a1" in pdffile.mixed("a\U0001f600b")


def test_amounts_and_days_are_written_as_each_language_writes_them() -> None:
    assert [words.amount(-123_456_789, "EUR", one) for one in words.LANGUAGES] == [
        "-1,234,567.89",
        "-1,234,567.89",
        "-1.234.567,89",
    ]
    assert [words.day(TODAY, one) for one in words.LANGUAGES] == [
        "2026年11月20日",
        "20 Nov 2026",
        "20/11/2026",
    ]
    assert [words.language_of(one) for one in ("zh-Hans", "it", "fr", "")] == ["zh", "it", "en", "en"]


@pytest.mark.parametrize(
    "wrong",
    [{"currency": "CNY"}, {"form": "xlsx"}, {"until": TODAY - timedelta(days=1)}, {"payee": "nobody"}],
)
def test_a_statement_that_cannot_be_made_is_refused(world: World, wrong: dict[str, object]) -> None:
    asked: dict[str, object] = {
        "house_id": world.house_id,
        "payee": "forno",
        "currency": "EUR",
        "since": TODAY,
        "until": TODAY,
        "form": "csv",
        "language": "en",
    }

    with pytest.raises(PaymentRefused):
        pay.make_statement(**(asked | wrong))  # type: ignore[arg-type]
