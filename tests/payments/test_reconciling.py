"""Bills in the providers' own formats held against the books: whole or not at all, exactly, once."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seta.houses.operations import connect_account, found_house
from seta.houses.rules import SECRETS_NEEDED
from seta.ledger import queries as ledger
from seta.payments import operations as pay
from seta.payments import queries
from seta.payments.models import Attempt, Bill, Break, Refund, RefusedBill
from seta.payments.operations.recon import files
from seta.payments.operations.recon.levels import Payout, hold_payouts
from seta.payments.operations.reconciling import ReconCard
from seta.payments.queries.differences import find_breaks
from seta.payments.rules.refusals import PaymentRefused, Refusal
from seta.platforms.wechatpay.bill import FUND_COLUMNS, FUND_TOTALS
from seta.site import cli
from tests.payments.bills import (
    DAY,
    MCHID,
    NOON,
    WRITERS,
    Line,
    charged,
    give_back,
    line,
    pay_in,
    wechat,
    yuan,
)

PROVIDERS = {"wechat": "wechatpay", "alipay": "alipay", "antom": "antom"}
LATER = NOON + timedelta(days=1)


@pytest.fixture
def house_id(db: None) -> int:
    """A house with a merchant number at WeChat Pay; the other providers' files name no merchant it knows."""
    found = found_house(code="serica", name="Serica Milano", kind="maison")
    connect_account(
        house_id=found,
        family="wechatpay",
        app_id=MCHID,
        base_url="http://127.0.0.1:9",
        secrets=dict.fromkeys(SECRETS_NEEDED["wechatpay"], "k" * 32),
        now=NOON,
    )
    return found


def counts() -> dict[str, int]:
    """Rows of every table."""
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def a_day(house_id: int, provider: str) -> list[Line]:
    """Six payments and a refund, in the books and as lines."""
    lines = []
    for number in range(6):
        amount = 10_000 * (number + 1)
        intent = pay_in(house_id, PROVIDERS[provider], f"pay{number}", amount)
        lines.append(line("P", f"pay{number}", amount))
    give_back(intent, "back0", 2_000)
    return [*lines, line("R", "back0", 2_000, "pay5")]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_whole_bill_matches_and_marks_every_row(house_id: int, provider: str) -> None:
    content = WRITERS[provider](a_day(house_id, provider))

    card = pay.reconcile_bill(house_id=house_id, provider=provider, day=DAY, content=content, now=LATER)

    assert (card.counts, card.breaks) == ({"matched": 7}, ())
    assert not Attempt.objects.filter(confirmation__isnull=True).exists()
    assert Refund.objects.get().confirmation.run.ran_at == LATER
    fee = Attempt.objects.get(out_trade_no="pay1").confirmation.fee
    assert fee == (0 if provider == "antom" else 120)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_missing_a_doubled_and_an_overcharged_line_are_told_apart(
    house_id: int, provider: str, tmp_path: Path
) -> None:
    lines = a_day(house_id, provider)
    broken = [lines[0], lines[0], charged(lines[1], 7), *lines[3:]]
    path = tmp_path / "bill"
    path.write_bytes(WRITERS[provider](broken))

    told = pay.reconcile_file(house_id=house_id, provider=provider, path=path, now=LATER)

    assert told["date"] == DAY.isoformat()
    assert told["categories"] == {
        "duplicate_in_bill": 1, "fee_mismatch": 1, "matched": 4, "missing_in_bill": 1,
    }  # fmt: skip
    assert {(one["category"], one["key"]) for one in told["breaks"]} == {
        ("duplicate_in_bill", "P:pay0"), ("fee_mismatch", "P:pay1"), ("missing_in_bill", "P:pay2"),
    }  # fmt: skip
    assert [one["gap"] for one in told["breaks"] if one["category"] == "fee_mismatch"] == [7]


def test_what_was_heard_a_day_late_is_in_the_bill_of_its_day_and_not_missed_in_the_next(
    house_id: int,
) -> None:
    heard_late = pay_in(house_id, "wechatpay", "late", 10_000, at=LATER)
    give_back(heard_late, "back", 2_000, at=LATER)
    pay_in(house_id, "wechatpay", "next", 20_000, at=LATER)
    nights = [LATER + timedelta(days=number) for number in range(3)]
    of_day = wechat([line("P", "late", 10_000), line("R", "back", 2_000, "late")])

    first = pay.reconcile_bill(house_id=house_id, provider="wechat", day=DAY, content=of_day, now=nights[0])
    following: dict[str, Any] = {"house_id": house_id, "provider": "wechat", "day": DAY + timedelta(days=1)}
    second = pay.reconcile_bill(**following, content=wechat([line("P", "next", 20_000)]), now=nights[1])
    again = pay.reconcile_bill(**following, content=wechat([line("P", "late", 10_000)]), now=nights[2])

    assert [card.counts for card in (first, second)] == [{"matched": 2}, {"matched": 1}]
    assert [(one.key, one.category) for one in again.breaks] == [("P:next", "missing_in_bill")], (
        "another edition of a bill must hold what its first one held"
    )


def damaged(provider: str, content: bytes) -> list[bytes]:
    """A file cut short, cut to a few bytes, empty, and one of another encoding or with an amount edited."""
    edited = (
        content.replace(b"`100.00", b"`100.01", 1) if provider == "wechat" else content[: len(content) // 3]
    )
    if provider == "antom":
        edited = content.replace(b",12.80,", b",12.81,", 1)
    recoded = content if provider == "alipay" else content.decode("utf-8-sig").encode("utf-16")
    return [content[:-30], content[:40], b"", edited, recoded[:-10]]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_damaged_file_is_kept_refused_whole_and_opens_one_break(house_id: int, provider: str) -> None:
    content = WRITERS[provider](a_day(house_id, provider))
    bad = damaged(provider, content)

    for broken in bad * 2:
        with pytest.raises(PaymentRefused) as caught:
            pay.reconcile_bill(house_id=house_id, provider=provider, day=DAY, content=broken, now=LATER)
        assert caught.value.code is Refusal.BAD_BILL and caught.value.detail

    different = len(set(bad))
    assert (Bill.objects.count(), RefusedBill.objects.count()) == (0, different)
    assert {row.category for row in Break.objects.all()} == {"file_error"}
    assert Break.objects.count() == different
    assert {bytes(row.content) for row in RefusedBill.objects.all()} == set(bad)
    assert not Attempt.objects.filter(confirmation__isnull=False).exists()


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_same_file_again_leaves_every_table_as_it_is(house_id: int, provider: str) -> None:
    content = WRITERS[provider](a_day(house_id, provider)[1:])
    first = pay.reconcile_bill(house_id=house_id, provider=provider, day=DAY, content=content, now=LATER)
    before = counts()

    again = pay.reconcile_bill(house_id=house_id, provider=provider, day=DAY, content=content, now=LATER)

    assert (first.is_new, again.is_new) == (True, False)
    assert again.breaks == first.breaks and counts() == before


def test_the_command_writes_the_refusal_and_fails(house_id: int, tmp_path: Path) -> None:
    path, out = tmp_path / "bill.csv", tmp_path / "out.json"
    path.write_bytes(wechat(a_day(house_id, "wechat"))[:-20])

    code = cli.main(["payments", "reconcile", "--provider", "wechat", str(path), "--json", str(out)])

    told = json.loads(out.read_text())
    assert code == 1 and told["categories"] == {"file_error": 1} and "cut short" in told["refused"]


def test_a_cut_at_midnight_is_closed_by_the_next_file(house_id: int) -> None:
    pay_in(house_id, "wechatpay", "late", 5_000, at=NOON + timedelta(hours=11, minutes=57))
    pay_in(house_id, "wechatpay", "noon", 5_000)
    today, tomorrow = wechat([line("P", "noon", 5_000)]), wechat([line("P", "late", 5_000)])

    card = pay.reconcile_bill(house_id=house_id, provider="wechat", day=DAY, content=today, now=LATER)
    pay.reconcile_bill(
        house_id=house_id, provider="wechat", day=DAY + timedelta(days=1), content=tomorrow, now=LATER
    )

    assert [one.category for one in card.breaks] == ["timing"]
    assert Break.objects.get().resolution == "matched by a later bill"


def test_a_break_is_booked_once_and_above_the_limit_by_two(house_id: int) -> None:
    pay.set_terms(house_id=house_id, now=NOON, second_person_above=5_000)
    content = wechat([line("P", "nobody", 8_800)])
    pay.reconcile_bill(house_id=house_id, provider="wechat", day=DAY, content=content, now=LATER)
    found = Break.objects.get()

    def book(owner: int) -> bool:
        return pay.resolve_break(
            break_id=found.pk,
            house_id=house_id,
            resolution="a till sale",
            owner_id=owner,
            now=LATER,
            choice="book",
        )

    pay.assign_break(break_id=found.pk, house_id=house_id, owner_id=1, now=LATER)
    (seen,) = find_breaks(house_id, now=LATER + timedelta(days=3), owner_id=1, min_age_days=3)
    assert (seen.row.age_days, [line.amount for line in seen.proposed]) == (3, [8_800, -8_800])
    assert [seen.row] == queries.breaks(house_id, now=LATER + timedelta(days=3))
    assert (seen.row.gap, seen.row.gap_currency, seen.row.choice) == (found.gap, "CNY", "")
    assert (
        find_breaks(house_id, now=LATER, min_age_days=1)
        == []
        == find_breaks(house_id, now=LATER, category="timing")
    )
    assert book(1) is False
    with pytest.raises(PaymentRefused) as caught:
        book(1)
    assert caught.value.code is Refusal.NEEDS_SECOND_PERSON
    assert ledger.balance(house_id, "suspense:wechatpay", "CNY") == 0
    assert book(2) is True and book(2) is True
    assert ledger.balance(house_id, "receivable:wechatpay", "CNY") == 8_800
    assert ledger.balance(house_id, "suspense:wechatpay", "CNY") == -8_800


def test_a_break_that_proposes_no_journal_is_closed_by_an_explanation_alone(house_id: int) -> None:
    lines = a_day(house_id, "wechat")
    content = wechat([lines[0], *lines])
    pay.reconcile_bill(house_id=house_id, provider="wechat", day=DAY, content=content, now=LATER)
    said: dict[str, Any] = {
        "break_id": Break.objects.get().pk,
        "house_id": house_id,
        "owner_id": 1,
        "now": LATER,
    }

    with pytest.raises(PaymentRefused) as caught:
        pay.resolve_break(**said, resolution="twice", choice="book")

    assert caught.value.code is Refusal.NOTHING_TO_BOOK
    assert Break.objects.get().resolved_at is None
    assert pay.resolve_break(**said, resolution="they corrected it") is True


def test_a_fee_that_is_accepted_is_an_expense_of_its_own_and_frees_the_payment(house_id: int) -> None:
    lines = a_day(house_id, "wechat")
    content = wechat([charged(lines[0], 7), *lines[1:]])
    pay.reconcile_bill(house_id=house_id, provider="wechat", day=DAY, content=content, now=LATER)

    pay.resolve_break(
        break_id=Break.objects.get().pk,
        house_id=house_id,
        resolution="agreed",
        owner_id=1,
        now=LATER,
        choice="book",
    )

    assert ledger.balance(house_id, "expense:fee_differences", "CNY") == 7
    freed = Attempt.objects.get(out_trade_no="pay0").confirmation
    assert (freed.fee, freed.run) == (67, Break.objects.get().run)


def test_a_large_file_is_kept_packed_and_comes_back_as_it_was(house_id: int) -> None:
    content = wechat([line("P", f"n{number}", 100) for number in range(6_000)])

    pay.reconcile_bill(house_id=house_id, provider="wechat", day=DAY, content=content, now=LATER)

    kept = Bill.objects.get()
    assert kept.packing == "zstd" and len(bytes(kept.content)) < len(content) // 4
    assert files.unpacked(kept, len(content) + 1) == content


def test_a_settlement_batch_is_held_against_the_banks_credit() -> None:
    said = [Payout("B1", "EUR", 100), Payout("B2", "EUR", 200), Payout("B3", "EUR", 300)]
    came = [Payout("B1", "EUR", 100), Payout("B2", "EUR", 190), Payout("B4", "EUR", 5)]

    found = {one.key: (one.category.value, one.gap) for one in hold_payouts(said, came)}

    assert found == {
        "B:B2": ("amount_mismatch", -10), "B:B3": ("missing_in_bill", -300), "B:B4": ("missing_in_ledger", 5),
    }  # fmt: skip


def naive(books: dict[str, int], pending: set[str], lines: list[Line]) -> dict[str, str]:
    """Another classifier, one key at a time; knows nothing of the product's."""
    found = {}
    for key in books.keys() | {f"{one.letter}:{one.number}" for one in lines}:
        told = [one for one in lines if f"{one.letter}:{one.number}" == key]
        if any(one.merchant != MCHID for one in told):
            found[key] = "unknown_merchant"
        elif len(told) > 1:
            found[key] = "duplicate_in_bill"
        elif not told:
            found[key] = "refund_pending" if key in pending else "missing_in_bill"
        elif key not in books:
            known = key[0] == "V" and f"P:{told[0].payment}" in books
            found[key] = "status_mismatch" if known else "missing_in_ledger"
        elif told[0].amount != books[key]:
            found[key] = "amount_mismatch"
        elif told[0].fee != line(told[0].letter, "", told[0].amount).fee:
            found[key] = "fee_mismatch"
        else:
            found[key] = "matched"
    return found


MUTATIONS = st.sampled_from(["keep", "keep", "drop", "double", "amount", "fee", "stranger", "revoke"])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), size=st.integers(1, 12))
def test_random_books_and_random_damage_are_judged_as_a_plain_loop_judges_them(
    house_id: int, data: st.DataObject, size: int
) -> None:
    with transaction.atomic():
        expected, card = one_history(house_id, data, size)
        transaction.set_rollback(True)

    assert {one.key: one.category for one in card.breaks} == {
        k: v for k, v in expected.items() if v != "matched"
    }
    assert card.counts.get("matched", 0) == list(expected.values()).count("matched")


def one_history(house_id: int, data: st.DataObject, size: int) -> tuple[dict[str, str], ReconCard]:
    """Books and a bill drawn at random: what a plain loop says of them, and what the product says."""
    books: dict[str, int] = {}
    pending: set[str] = set()
    lines: list[Line] = []
    for number in range(size):
        amount = data.draw(st.integers(1, 10**9))
        intent = pay_in(house_id, "wechatpay", f"p{number}", amount)
        books[f"P:p{number}"] = amount
        mine = [line("P", f"p{number}", amount)]
        if data.draw(st.booleans()):
            waits = data.draw(st.booleans())
            give_back(intent, f"b{number}", amount, state="requested" if waits else "succeeded")
            books[f"R:b{number}"] = amount
            pending |= {f"R:b{number}"} if waits else set()
            mine.append(line("R", f"b{number}", amount, f"p{number}"))
        for one in mine:
            lines += mutated(one, data.draw(MUTATIONS))
    lines += [line("P", f"x{number}", 5) for number in range(data.draw(st.integers(1, 2)))]
    content = wechat(data.draw(st.permutations(lines)))
    card = pay.reconcile_bill(house_id=house_id, provider="wechat", day=DAY, content=content, now=LATER)
    return naive(books, pending, lines), card


def mutated(one: Line, how: str) -> list[Line]:
    """What a line becomes."""
    if how == "drop":
        return []
    if how == "double":
        return [one, one]
    if how == "amount":
        return [line(one.letter, one.number, one.amount + 1, one.payment)]
    if how == "fee":
        return [charged(one, 1)]
    if how == "stranger":
        return [Line(one.letter, one.number, one.payment, one.amount, one.fee, "999")]
    revoked = (
        [line("V", one.payment, one.amount, one.payment)] if how == "revoke" and one.letter == "P" else []
    )
    return [one, *revoked]


def fund(rows: list[tuple[str, str, int]], *, balance: int = 1_000_000, day: date = DAY) -> bytes:
    """A fund bill: voucher, kind and signed fen of each movement; the balance runs from 10,000.00 yuan."""
    lines = []
    for number, (voucher, kind, fen) in enumerate(rows):
        balance += fen
        cells = [f"{day} 12:00:00", f"b{number}", f"f{number}", kind, kind, "收入" if fen > 0 else "支出"]
        cells += [yuan(abs(fen)), yuan(balance), "system", "", voucher]
        lines.append(",".join("`" + cell for cell in cells))
    into, out = [fen for *_, fen in rows if fen > 0], [-fen for *_, fen in rows if fen < 0]
    totals = [str(len(rows)), str(len(into)), yuan(sum(into)), str(len(out)), yuan(sum(out))]
    text = [",".join(FUND_COLUMNS), *lines, ",".join(FUND_TOTALS), ",".join("`" + cell for cell in totals)]
    return ("\r\n".join(text) + "\r\n").encode()


def test_a_fund_bill_is_held_against_cash_movements_and_its_own_balance(house_id: int) -> None:
    first = pay_in(house_id, "wechatpay", "one", 10_000)
    pay_in(house_id, "wechatpay", "two", 20_000)
    give_back(first, "back", 4_000)
    moves = [
        ("one", "交易", 10_000),
        ("one", "扣除交易手续费", -60),
        ("two", "交易", 19_000),
        ("back", "退款", -4_000),
    ]
    content = fund([*moves, ("odd", "交易", 5)])

    card = pay.reconcile_bill(house_id=house_id, provider="wechat", day=DAY, content=content, now=LATER)

    assert card.kind == "fund"
    assert card.counts == {"amount_mismatch": 1, "matched": 2, "missing_in_ledger": 1}
    assert {one.key for one in card.breaks} == {"F:P:two", "F:P:odd"}
    jumped = content.replace(b"`10099.40", b"`10099.41")
    with pytest.raises(PaymentRefused) as caught:
        pay.reconcile_bill(house_id=house_id, provider="wechat", day=DAY, content=jumped, now=LATER)
    assert "balance" in caught.value.detail


def hold_fund(house_id: int, day: int, moves: list[int], *, opening: int) -> ReconCard:
    """The fund bill of a day after DAY with withdrawals and deposits alone."""
    on = DAY + timedelta(days=day)
    rows = [(f"w{place}", "提现", fen) for place, fen in enumerate(moves)]
    content = fund(rows, balance=opening, day=on)
    return pay.reconcile_bill(house_id=house_id, provider="wechat", day=on, content=content, now=LATER)


def test_fund_bills_chain_from_day_to_day_over_days_without_movements(house_id: int) -> None:
    first = hold_fund(house_id, 0, [500, -200], opening=1_000)
    empty = hold_fund(house_id, 1, [], opening=0)
    second = hold_fund(house_id, 2, [-300], opening=1_300)

    assert (first.counts, empty.counts, second.counts) == ({}, {}, {"matched": 1})
    kept = Bill.objects.order_by("bill_on").values_list("opening", "closing")
    assert list(kept) == [(1_000, 1_300), (None, None), (1_300, 1_000)]


def test_a_day_that_does_not_begin_where_the_day_before_ended_is_a_break_until_a_bill_explains_it(
    house_id: int,
) -> None:
    hold_fund(house_id, 0, [500], opening=1_000)

    card = hold_fund(house_id, 1, [100], opening=1_400)

    (found,) = card.breaks
    key = f"F:O:{DAY + timedelta(days=1)}"
    assert (found.key, found.category, found.our_amount, found.their_amount) == (
        key,
        "balance_gap",
        1_500,
        1_400,
    )
    row = Break.objects.get()
    with pytest.raises(PaymentRefused) as caught:
        pay.resolve_break(
            break_id=row.pk, house_id=house_id, resolution="?", owner_id=1, now=LATER, choice="book"
        )
    assert caught.value.code is Refusal.NOTHING_TO_BOOK
    hold_fund(house_id, 0, [500, -100], opening=1_000)
    assert Break.objects.get().resolution == "matched by a later bill"


def test_a_bill_that_comes_later_is_held_against_the_day_after_it_and_a_gap_in_days_says_nothing(
    house_id: int,
) -> None:
    hold_fund(house_id, 2, [100], opening=9_000)
    early = hold_fund(house_id, 0, [100], opening=1_000)
    between = hold_fund(house_id, 1, [50], opening=1_100)

    assert early.breaks == ()
    assert between.counts == {"matched": 1, "balance_gap": 1}
    assert [one.key for one in between.breaks] == [f"F:O:{DAY + timedelta(days=2)}"]
