"""A catalogue's file says what it would do before it does it, and what it does not say stays as it is."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seta.boutique.models import Price
from seta.boutique.operations import take_in_catalogue
from seta.boutique.queries.filing import columns_of, file_rows, known_catalogue, plain
from seta.boutique.rules.catalogue_file import COLUMNS, FileFault, listed_of, read_table, text_of
from seta.boutique.rules.catalogue_plan import Catalogue, KnownPiece, KnownVariant, Plan, plan_file
from seta.boutique.rules.editing import COLOURS, DESCRIPTIONS, MARKS, NAMES, Fault
from seta.boutique.rules.prices import PRICE_COLUMNS, read_amount
from seta.kit.money import exponent
from seta.kit.spreadsheets import inert, shown
from tests.boutique.shop import make_house, make_variant

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
TEXTS = {**dict.fromkeys(NAMES, "Onda"), **dict.fromkeys(DESCRIPTIONS, "")}
SCARF = KnownPiece(1, "scarf", TEXTS, True)
SCARF_1 = KnownVariant(
    7,
    "scarf",
    {**dict.fromkeys(MARKS, ""), "sku": "SCARF-1", "gtin": "4006381333931"},
    {"price_cny": 120_000},
    False,
)
KNOWN = Catalogue({"scarf": SCARF}, {"SCARF-1": SCARF_1})


def planned(text: str, known: Catalogue = KNOWN) -> Plan:
    """What a file would do beside a house's one scarf."""
    return plan_file(read_table(text), known)


def faults(text: str) -> set[tuple[int, str, object]]:
    """Every problem of a file."""
    return {(each.row, each.column, each.fault) for each in planned(text).problems}


def test_a_column_that_the_file_lacks_leaves_its_field_alone() -> None:
    plan = planned("code,sku,price_cny\nscarf,SCARF-1,1500\n")

    assert [row.changed for row in plan.rows] == [("price_cny",)]
    assert plan.pieces == ()
    assert [(step.id, step.marks, step.amount) for step in plan.variants] == [(7, None, 150_000)]


def test_prices_of_other_markets_come_in_columns_of_their_own() -> None:
    plan = planned("code,sku,price_it_eur,price_it_cny,price_jp_jpy\nscarf,SCARF-1,145.50,,22000\n")

    [step] = plan.variants
    assert (dict(step.prices), step.amount) == ({"price_it_eur": 14_550, "price_jp_jpy": 22_000}, None)
    assert [row.changed for row in plan.rows] == [("price_it_eur", "price_jp_jpy")]
    assert faults("code,sku,price_jp_jpy,price_it_eur\nscarf,SCARF-1,22000.50,1.001\n") == {
        (2, "price_jp_jpy", FileFault.WRONG_PRICE),
        (2, "price_it_eur", FileFault.WRONG_PRICE),
    }
    assert faults("code,price_xx_eur\nscarf,1\n") == {(1, "price_xx_eur", FileFault.UNKNOWN_COLUMN)}


@given(st.integers(1, 10**11), st.sampled_from(sorted(PRICE_COLUMNS)))
def test_a_price_that_is_given_out_comes_in_as_it_was(amount: int, column: str) -> None:
    assert read_amount(plain(amount, column), exponent(PRICE_COLUMNS[column][1])) == amount


@pytest.mark.django_db
def test_a_house_takes_prices_of_another_market_in_and_gives_them_out_again() -> None:
    house = make_house("files-abroad")
    make_variant(house, sku="SCARF-1", price="1200")

    def take_in(text: str, at: datetime) -> Plan:
        seen = known_catalogue(house_id=house, now=at).edition
        return take_in_catalogue(house_id=house, table=read_table(text), seen=seen, user_id=4, now=at)

    plan = take_in("code,sku,price_it_eur,price_hk_hkd\nscarf-1,SCARF-1,145.50,1300\n", NOON)
    assert not plan.problems
    known = known_catalogue(house_id=house, now=NOON)
    head, [cells] = columns_of(known), list(file_rows(known))
    given = dict(zip(head, cells, strict=True))
    assert {name: given[name] for name in head if name in PRICE_COLUMNS} == {
        "price_cny": "1200.00",
        "price_hk_hkd": "1300.00",
        "price_it_eur": "145.50",
    }
    assert Price.objects.filter(variant__house_id=house, market="it", set_by=4).count() == 1
    again = take_in(",".join(head) + "\n" + ",".join(cells) + "\n", NOON + timedelta(hours=1))
    assert (again.doing, again.problems) == ((), ())


def test_a_row_that_says_what_is_known_does_nothing() -> None:
    plan = planned("code;sku;name_en;listed;price_cny\nscarf;SCARF-1;Onda;yes;1200.00\n")

    assert (plan.doing, plan.pieces, plan.variants, plan.problems) == ((), (), (), ())


def test_an_empty_price_changes_nothing_and_an_empty_barcode_takes_it_away() -> None:
    plan = planned("code\tsku\tgtin\tprice_cny\nscarf\tSCARF-1\t\t\n")

    assert [row.changed for row in plan.rows] == [("gtin",)]
    assert plan.variants[0].marks is not None
    assert (plan.variants[0].marks["gtin"], plan.variants[0].amount) == ("", None)


def test_a_new_piece_of_two_variants_is_made_once_and_listed_after_its_prices() -> None:
    head = "code,name_zh,name_en,name_it,listed,sku,price_cny\n"
    plan = planned(head + "onda,浪,Wave,Onda,yes,ONDA-1,900\nonda,,,,,ONDA-2,\n")

    assert [(row.is_new_piece, row.is_new_variant) for row in plan.rows] == [(True, True), (False, True)]
    assert [(step.id, step.code, step.is_listed) for step in plan.pieces] == [(None, "onda", True)]
    assert [step.amount for step in plan.variants] == [90_000, None]


def test_every_fault_of_every_row_is_told_with_the_row_that_a_spreadsheet_counts() -> None:
    head = "code,name_zh,name_en,name_it,listed,sku,gtin,price_cny\n"
    text = head + (
        "Bad code,浪,Wave,Onda,,B-1,,1\n"
        "onda,浪,,Onda,perhaps,ONDA-1,123,-5\n"
        "onda,浪,Waves,Onda,,ONDA-1,,\n"
        "scarf,Onda,Onda,Onda,,SCARF-2,4006381333931,\n"
        "sole,日,Sun,Sole,yes,SCARF-1,,\n"
    )

    assert faults(text) == {
        (2, "code", Fault.BAD_CODE),
        (3, "name_en", Fault.MISSING),
        (3, "listed", FileFault.WRONG_LISTED),
        (3, "gtin", Fault.BAD_GTIN),
        (3, "price_cny", FileFault.WRONG_PRICE),
        (4, "name_en", FileFault.TEXTS_DIFFER),
        (4, "sku", FileFault.SKU_TWICE),
        (5, "gtin", Fault.TAKEN),
        (6, "sku", FileFault.OTHER_PIECE),
        (6, "listed", FileFault.NOTHING_TO_SELL),
    }
    assert all(
        each.words(language) for each in planned(text).problems for language in ("zh-hans", "en", "it")
    )


def test_a_heading_nobody_knows_is_named_and_stock_is_not_changed_by_a_file() -> None:
    assert faults("code,colour,stock:online,code\nscarf,red,3,scarf\n") == {
        (1, "colour", FileFault.UNKNOWN_COLUMN),
        (1, "stock:online", FileFault.UNKNOWN_COLUMN),
        (1, "code", FileFault.COLUMN_TWICE),
    }
    assert faults("sku\nSCARF-1\n") == {(1, "code", FileFault.NO_CODE_COLUMN)}
    assert faults("code,sku\n") == {(0, "", FileFault.NO_ROWS)}
    assert faults("code,sku\nscarf,SCARF-1,more\n") == {(2, "", FileFault.TOO_MANY_CELLS)}


def test_files_of_too_many_rows_or_changes_are_refused() -> None:
    rows = "".join(f"scarf,S-{number}\n" for number in range(5_001))
    fresh = "".join(f"p{number},浪,Wave,Onda\n" for number in range(1_001))

    assert (5_002, "", FileFault.TOO_MANY_ROWS) in faults("code,sku\n" + rows)
    assert faults("code,name_zh,name_en,name_it\n" + fresh) == {(0, "", FileFault.TOO_MANY_CHANGES)}


def test_text_is_read_as_spreadsheets_write_it() -> None:
    line = "code,name_zh\nscarf,丝巾\n"

    assert text_of(line.encode("utf-8-sig")) == line
    assert text_of(line.encode("gb18030")) == line
    assert text_of(line.encode("utf-16")) == line
    assert text_of(b"\x89PNG\r\n\x1a\n\x00\x00") is None
    assert (listed_of("是"), listed_of(" Sì "), listed_of("no"), listed_of("maybe")) == (
        True,
        True,
        False,
        None,
    )


@given(st.text(max_size=40))
def test_what_a_spreadsheet_must_not_run_comes_back_as_it_was(text: str) -> None:
    assert shown(inert(text)) == text or text.startswith("'")


@given(st.text(max_size=400))
def test_no_text_breaks_the_reader(text: str) -> None:
    table = read_table(text)

    assert table.lines or table.problems
    assert set().union(*(set(line.cells) for line in table.lines)) <= set(COLUMNS)
    assert COLOURS[0] in COLUMNS
