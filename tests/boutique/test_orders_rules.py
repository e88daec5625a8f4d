"""What an order may become after the sale, as values in and values out."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seta.boutique.rules import OrderRefused
from seta.boutique.rules.after_sale import (
    Kind,
    Reason,
    Standing,
    Turn,
    Wish,
    check_moment,
    check_wishes,
    exchanged,
    spread,
    turned,
)
from seta.boutique.rules.fulfilment import (
    Act,
    Address,
    Stage,
    Terms,
    Way,
    address_of,
    checked_terms,
    code_of,
    fee_of,
    is_overdue,
    moved_on,
    parcel_of,
)
from seta.boutique.rules.refusals import TEXTS, Refusal
from seta.boutique.rules.service import (
    FittingState,
    Gift,
    fapiao_number,
    fitting_becomes,
    fitting_until,
    gift_of,
    invoicee_of,
    is_tax_number,
    tax_check_digit,
)

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
MILAN = Address("Chen Xiao", "+39 02 7600 1234", "Milano", "Via Monte Napoleone 12", "20121", "it")
fen = st.integers(0, 10**9)


def test_every_refusal_says_what_to_do_in_three_languages() -> None:
    assert set(TEXTS) == set(Refusal)
    for texts in TEXTS.values():
        assert all(texts[language] for language in ("zh", "en", "it"))


@given(st.sampled_from(Way), st.sampled_from(Stage), st.sampled_from(Act))
def test_pieces_that_have_left_never_come_back_to_be_prepared(way: Way, stage: Stage, act: Act) -> None:
    gone = {Stage.SHIPPED, Stage.DELIVERED, Stage.HANDED_OVER, Stage.STOPPED}
    try:
        after = moved_on(way, stage, act)
    except OrderRefused:
        return
    assert stage not in gone or after in gone - {Stage.STOPPED}
    assert stage is not Stage.STOPPED


@given(st.sampled_from(Standing), st.sampled_from(Turn))
def test_a_request_that_ended_does_not_begin_again(standing: Standing, turn: Turn) -> None:
    ended = {Standing.CLOSED, Standing.DECLINED, Standing.WITHDRAWN, Standing.LAPSED}
    if standing in ended:
        with pytest.raises(OrderRefused, match="request_decided"):
            turned(standing, turn)


@given(
    fen, st.lists(st.tuples(st.integers(1, 5), st.integers(-5, 10**9)), max_size=4, unique_by=lambda x: x[0])
)
def test_what_goes_back_is_never_more_than_is_owed_or_than_is_there(
    value: int, lefts: list[tuple[int, int]]
) -> None:
    parts = spread(value, lefts)

    assert sum(amount for _, amount in parts) == min(value, sum(max(left, 0) for _, left in lefts))
    assert all(0 < amount <= dict(lefts)[order] for order, amount in parts)


@given(fen, fen, fen)
def test_an_exchange_neither_makes_nor_loses_a_cent(old: int, new: int, left: int) -> None:
    outcome = exchanged(old=old, new=new, left=left)

    assert outcome.credit + outcome.due == new
    assert outcome.credit + outcome.back == min(old, left)
    assert outcome.due == 0 or outcome.back == 0


@pytest.mark.parametrize(
    ("kind", "stage", "reason", "days_ago", "code"),
    [
        (Kind.CANCEL, Stage.TO_PREPARE, Reason.CHANGED_MIND, None, ""),
        (Kind.CANCEL, Stage.SHIPPED, Reason.CHANGED_MIND, None, "already_sent"),
        (Kind.CANCEL, Stage.STOPPED, Reason.CHANGED_MIND, None, "wrong_state"),
        (Kind.RETURN, Stage.READY, Reason.SIZE, None, "not_arrived"),
        (Kind.RETURN, Stage.SHIPPED, Reason.SIZE, None, ""),
        (Kind.RETURN, Stage.DELIVERED, Reason.SIZE, 7, ""),
        (Kind.RETURN, Stage.DELIVERED, Reason.SIZE, 8, "return_too_late"),
        (Kind.RETURN, Stage.DELIVERED, Reason.DAMAGED, 30, ""),
        (Kind.EXCHANGE, Stage.HANDED_OVER, Reason.SIZE, 8, "return_too_late"),
    ],
)
def test_what_may_be_asked_depends_on_where_the_pieces_are_and_since_when(
    kind: Kind, stage: Stage, reason: Reason, days_ago: int | None, code: str
) -> None:
    arrived = NOON - timedelta(days=days_ago) if days_ago is not None else None
    try:
        check_moment(kind, stage, reason, arrived_at=arrived, days=7, now=NOON)
        said = ""
    except OrderRefused as refused:
        said = refused.refusal
    assert said == code


@pytest.mark.parametrize(
    ("kind", "wishes", "code"),
    [
        (Kind.RETURN, [Wish(1, 2)], ""),
        (Kind.RETURN, [], "wrong_wish"),
        (Kind.RETURN, [Wish(1, 0)], "wrong_wish"),
        (Kind.RETURN, [Wish(1, 10**9)], "wrong_wish"),
        (Kind.RETURN, [Wish(9, 1)], "wrong_wish"),
        (Kind.RETURN, [Wish(1, 1), Wish(1, 1)], "wrong_wish"),
        (Kind.RETURN, [Wish(2, 1)], "already_asked"),
        (Kind.RETURN, [Wish(1, 1, 12)], "wrong_wish"),
        (Kind.EXCHANGE, [Wish(1, 1, 12)], ""),
        (Kind.EXCHANGE, [Wish(1, 1, 11)], "wrong_wish"),
        (Kind.EXCHANGE, [Wish(1, 1)], "wrong_wish"),
    ],
)
def test_only_pieces_that_were_bought_and_not_asked_for_yet_can_come_back(
    kind: Kind, wishes: list[Wish], code: str
) -> None:
    try:
        check_wishes(kind, wishes, {1: (2, 11), 2: (1, 12)}, {2: 1})
        said = ""
    except OrderRefused as refused:
        said = refused.refusal
    assert said == code


def test_an_address_is_put_in_order_or_says_what_is_wrong() -> None:
    assert address_of(MILAN).country == "IT"
    for changed, name in (
        ({"phone": "none"}, "phone"),
        ({"recipient": " "}, "recipient"),
        ({"street": "x" * 121}, "street"),
        ({"country": "ITA"}, "country"),
        ({"postcode": "<b>"}, "postcode"),
    ):
        with pytest.raises(OrderRefused, match=f"wrong_address: {name}"):
            address_of(Address(**{**MILAN.__dict__, **changed}))


def test_delivery_costs_the_houses_fee_until_it_is_free() -> None:
    terms = Terms(delivery_fee=8_000, free_from=500_000)

    fees = [fee_of(way, goods, terms) for way in ("delivery", "pickup") for goods in (1, 499_999, 500_000)]

    assert fees == [8_000, 8_000, 0, 0, 0, 0]
    assert fee_of("delivery", 10**9, Terms(delivery_fee=8_000)) == 8_000


@pytest.mark.parametrize(
    "changed", [{"delivery_fee": -1}, {"pickup_days": 0}, {"return_days": 366}, {"fitting_hours": 10**9}]
)
def test_terms_that_cannot_be_are_refused(changed: dict[str, int]) -> None:
    with pytest.raises(OrderRefused, match="wrong_terms"):
        checked_terms(Terms(**changed))
    assert checked_terms(Terms(return_days=0)).return_days == 0


def test_a_pick_up_code_is_read_however_it_is_typed() -> None:
    assert code_of(" ab12-cd34 ") == code_of("seta:pickup=AB12CD34") == "AB12CD34"
    assert code_of("OIL12345") == "01112345"
    for wrong in ("", "AB12", "AB12CD345", "<script>", "提货码"):
        with pytest.raises(OrderRefused, match="unknown_code"):
            code_of(wrong)


def test_pieces_are_overdue_after_the_days_the_house_asks() -> None:
    ready = NOON - timedelta(days=14)

    assert not is_overdue(ready, Terms(), NOON)
    assert is_overdue(ready, Terms(), NOON + timedelta(seconds=1))
    assert not is_overdue(None, Terms(), NOON)


def test_a_parcel_has_a_carrier_and_a_number() -> None:
    assert parcel_of(" SF  Express ", "sf 1234 5678") == ("SF Express", "SF12345678")
    for carrier, number in (("", "SF123456"), ("SF", "12"), ("SF", "顺丰123456")):
        with pytest.raises(OrderRefused, match="wrong_parcel"):
            parcel_of(carrier, number)


@pytest.mark.parametrize("number", ["91350100M000100Y43", "911100001000013428"])
def test_a_tax_numbers_last_character_fits_the_others(number: str) -> None:
    assert is_tax_number(number[:17] + tax_check_digit(number[:17]))
    wrong = [letter for letter in "0123456789" if letter != tax_check_digit(number[:17])]
    assert not any(is_tax_number(number[:17] + letter) for letter in wrong)


def test_the_example_of_the_standard_is_a_tax_number() -> None:
    assert is_tax_number("91350100M000100Y43")
    for wrong in ("91350100M000100Y44", "91350100M000100I43", "91350100m000100Y43", "9135", ""):
        assert not is_tax_number(wrong)


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=17), st.integers(0, 16))
def test_one_wrong_character_of_a_tax_number_is_always_seen(first: str, place: int) -> None:
    digit = tax_check_digit(first)
    other = "1" if first[place] != "1" else "2"

    assert not is_tax_number(first[:place] + other + first[place + 1 :] + digit)


@pytest.mark.parametrize(
    ("buyer", "title", "number", "email", "code"),
    [
        ("company", "福建某某科技有限公司", "91350100 m000100y43", "fapiao@example.com", ""),
        ("person", "陈晓", "", "chen@example.com", ""),
        ("company", "某公司", "91350100M000100Y44", "a@b.cn", "wrong_tax_number"),
        ("company", "某公司", "", "a@b.cn", "wrong_tax_number"),
        ("person", "陈晓", "91350100M000100Y43", "a@b.cn", "wrong_tax_number"),
        ("person", " ", "", "a@b.cn", "wrong_title"),
        ("dog", "x", "", "a@b.cn", "wrong_title"),
        ("person", "陈晓", "", "a@b", "wrong_email"),
        ("person", "陈晓", "", "a b@c.cn", "wrong_email"),
    ],
)
def test_a_fapiao_needs_a_title_a_number_and_an_address(
    buyer: str, title: str, number: str, email: str, code: str
) -> None:
    try:
        found = invoicee_of(buyer, title, number, email)
        assert found.tax_number == ("91350100M000100Y43" if number else "")
        said = ""
    except OrderRefused as refused:
        said = refused.refusal
    assert said == code


def test_a_fapiao_number_has_twenty_digits_or_eight() -> None:
    assert fapiao_number("2611 2000 0001 2345 6789") == "26112000000123456789"
    assert fapiao_number("12345678") == "12345678"
    for wrong in ("", "123", "1" * 21, "1234567x"):
        with pytest.raises(OrderRefused, match="wrong_fapiao_number"):
            fapiao_number(wrong)


def test_a_card_is_kept_short() -> None:
    assert gift_of(Gift(card_text=" 生日快乐 \n  妈妈 ")).card_text == "生日快乐\n妈妈"
    with pytest.raises(OrderRefused, match="wrong_card"):
        gift_of(Gift(card_text="x" * 121))


def test_a_fitting_waits_until_two_hours_after_its_time_and_ends_once() -> None:
    assert fitting_until(None, hours=48, now=NOON) == NOON + timedelta(hours=48)
    assert fitting_until(NOON + timedelta(days=1), hours=48, now=NOON) == NOON + timedelta(hours=26)
    for wrong in (NOON - timedelta(seconds=1), NOON + timedelta(days=15)):
        with pytest.raises(OrderRefused, match="wrong_time"):
            fitting_until(wrong, hours=48, now=NOON)
    for ended in (FittingState.BOUGHT, FittingState.LEFT, FittingState.CANCELLED, FittingState.EXPIRED):
        with pytest.raises(OrderRefused, match="fitting_ended"):
            fitting_becomes(ended, FittingState.TRIED)
