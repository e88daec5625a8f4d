"""Hours, districts, imports and the words of replies."""

from datetime import date

import pytest

from seta.guide.rules import Reason, district_of, read_partners, read_places
from seta.guide.rules.hours import clock_text, describe, minute_of, windows
from seta.guide.rules.importing import last_admission
from seta.guide.rules.texts import Told, confirm_note, place_reply, reason_text

TUESDAY = date(2026, 11, 24)
HEADING = (
    "id,name_zh,name_en,name_it,lat,lon,category,visit_min,opening_hours_osm,admission,booking,aliases_zh,"
    "conf_name,conf_coord,conf_hours,conf_visit,note"
)
ROW = "duomo,米兰大教堂,Milan Cathedral,Duomo,45.46,9.19,church,60,Mo-Su 09:00-19:00,paid,no,,H,M,M,M,"


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("Mo-Sa 09:00-12:20,15:00-17:50", ((540, 740), (900, 1070))),
        ("24/7", ((0, 1440),)),
        ("Mo-Su 19:00-02:00", ((1140, 1560),)),
        ("Mo 10:00-12:00", ()),
        ("Mo-Su 05:00-24:00", ((300, 1440),)),
    ],
)
def test_a_days_windows(spec: str, expected: tuple[tuple[int, int], ...]) -> None:
    assert windows(spec, TUESDAY) == expected


def test_hours_are_told_in_the_readers_language() -> None:
    assert describe("Tu 09:00-12:20,15:00-17:50", TUESDAY) == "09:00-12:20、15:00-17:50"
    assert describe("Mo 09:00-12:00", TUESDAY) == "今日不开放"
    assert describe("24/7", TUESDAY, language="en") == "open all day"
    assert describe("nonsense", TUESDAY, language="it") == "orari non noti"


@pytest.mark.parametrize("text", ["9", "9:5", "25:00", "12:60", "-1:00", "ab:cd", ""])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="time"):
        minute_of(text)


def test_clock_text_and_back() -> None:
    assert [clock_text(minute_of(text)) for text in ("00:00", "9:05", "24:00")] == ["00:00", "09:05", "24:00"]


@pytest.mark.parametrize(
    ("lat", "lon", "code"),
    [
        (45.46416, 9.1919, "duomo"),
        (45.4687, 9.1953, "quadrilatero"),
        (45.472, 9.1878, "brera"),
        (45.4509, 9.175, "navigli"),
        (45.6301, 8.7256, "outside"),
    ],
)
def test_a_place_belongs_to_the_nearest_district(lat: float, lon: float, code: str) -> None:
    assert district_of(lat, lon) == code


def test_last_admission_is_read_from_the_note() -> None:
    assert last_admission("last admission about 18:10; shoulders covered", "Mo-Su 09:00-19:00") == 50
    assert last_admission("closed Monday", "Mo-Su 09:00-19:00") == 0


def test_a_good_row_is_read_with_its_district() -> None:
    reading = read_places(f"{HEADING}\n{ROW}\n")

    assert reading.errors == ()
    assert reading.rows[0].district == "duomo"


@pytest.mark.parametrize(
    ("wrong", "right", "field"),
    [
        ("Mo-Su 09:00-19:00", "Mo-Xx 9", "opening_hours_osm"),
        ("45.46", "north", "lat"),
        ("45.46", "91", "lat"),
        ("church", "temple", "category"),
        (",60,", ",0,", "visit_min"),
        ("duomo,", "Duomo!,", "id"),
        ("米兰大教堂", "", "name_zh"),
        ("米兰大教堂", "⛪️🕊️", "name_zh"),
        (",H,M,M,M,", ",X,M,M,M,", "conf_name"),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_field(wrong: str, right: str, field: str) -> None:
    reading = read_places(f"{HEADING}\n{ROW}\n{ROW.replace(wrong, right, 1)}\n")

    (error,) = reading.errors
    assert (error.line, error.field) == (3, field)
    assert error.message


def test_a_repeated_code_is_named_with_its_first_line() -> None:
    (error,) = read_places(f"{HEADING}\n{ROW}\n{ROW}\n").errors

    assert error.line == 3 and "line 2" in error.message


def test_a_file_without_its_columns_says_which_to_add() -> None:
    (error,) = read_places("code,name\nx,y\n").errors

    assert "opening_hours_osm" in error.message


def test_a_partner_must_say_when_its_payment_was_confirmed() -> None:
    heading = (
        "code,name,name_zh,category,address,lat,lon,opening_hours,languages,payment,payment_confirmed_on,"
        "menu_zh,hot_water,wifi,tax_free,note_zh"
    )
    row = "bar,Bar,酒吧,food,Via A 1,45.46,9.19,24/7,it;zh,wechatpay;card,{},yes,no,no,no,"

    assert read_partners(f"{heading}\n{row.format('soon')}\n").errors[0].field == "payment_confirmed_on"
    (partner,) = read_partners(f"{heading}\n{row.format('2026-11-01')}\n").rows
    assert partner.payment == {"wechatpay": "2026-11-01", "card": "2026-11-01"}


def told(*, sure: bool) -> Told:
    return Told(
        code="duomo",
        kind="place",
        name_zh="米兰大教堂",
        name_local="Duomo di Milano",
        district_zh="大教堂区",
        category="church",
        opening_hours="Mo-Su 09:00-19:00",
        sure_of_hours=sure,
        visit_minutes=60,
        admission="paid",
        booking="advised",
    )


def test_a_reply_asks_to_confirm_hours_that_nobody_has_checked() -> None:
    doubtful = place_reply(
        told(sure=False), TUESDAY, others=(), appid="wx1", public_url="https://seta.example"
    )
    certain = place_reply(told(sure=True), TUESDAY, others=(), appid="wx1", public_url="https://seta.example")

    assert "09:00-19:00（出发前请再确认）" in doubtful and "米兰大教堂" in doubtful
    assert 'data-miniprogram-path="pages/place/place?code=duomo"' in doubtful
    assert "出发前请再确认" not in certain


def test_every_reason_is_told_in_three_languages() -> None:
    for reason in Reason:
        assert len({reason_text(reason, language) for language in ("zh-hans", "en", "it")}) == 3
    assert confirm_note("zh-hans") == "出发前请再确认"
