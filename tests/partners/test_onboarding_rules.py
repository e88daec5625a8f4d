"""What a business may say of itself and its bank, and the ways a request may go."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seta.partners.rules import onboarding_words as words
from seta.partners.rules.onboarding import (
    CATEGORIES,
    FIELDS,
    LEGAL_FORMS,
    OPEN,
    Document,
    Fault,
    State,
    is_account,
    is_vat,
    masked,
    may_go,
    media_type,
    missing,
    read,
)

VAT, IBAN = "07643520567", "IT60X0542811101000000123456"


def with_check_digits(country: str, rest: str) -> str:
    digits = "".join(str(int(sign, 36)) for sign in f"{rest}{country}00")
    return f"{country}{98 - int(digits) % 97:02d}{rest}"


def vat_of(ten: str) -> str:
    doubled = [int(digit) * 2 for digit in ten[1::2]]
    total = sum(map(int, ten[0::2])) + sum(each // 10 + each % 10 for each in doubled)
    return f"{ten}{-total % 10}"


@pytest.mark.parametrize("text", [VAT, "00743110157", "12345670017"])
def test_a_partita_iva_with_its_check_digit_is_taken(text: str) -> None:
    assert is_vat(text)


@pytest.mark.parametrize(
    "text", ["", "0764352056", "07643520568", "00000000000", "0764352056a", "٠٧٦٤٣٥٢٠٥٦٧", "12345670157 "]
)
def test_anything_else_is_none(text: str) -> None:
    assert not is_vat(text)


@given(st.integers(1, 9_999_999), st.integers(1, 100))
def test_every_number_of_a_known_office_is_taken_and_one_wrong_digit_is_noticed(
    number: int, office: int
) -> None:
    whole = vat_of(f"{number:07d}{office:03d}")

    assert is_vat(whole)
    for place in range(7):
        wrong = str((int(whole[place]) + 1) % 10)
        assert not is_vat(whole[:place] + wrong + whole[place + 1 :])


@pytest.mark.parametrize(
    "text", [IBAN, "DE89370400440532013000", "FR1420041010050500013M02606", "SM86U0322509800000000270100"]
)
def test_an_iban_of_the_area_is_taken(text: str) -> None:
    assert is_account(text)


@pytest.mark.parametrize(
    "text",
    ["", "IT", IBAN[:-1], IBAN + "0", IBAN.lower(), "IT61" + IBAN[4:], "US64SVBKUS6S3300958879", "x" * 27],
)
def test_an_iban_that_does_not_check_is_refused(text: str) -> None:
    assert not is_account(text)


@given(
    st.sampled_from(string.ascii_uppercase),
    st.text("0123456789", min_size=10, max_size=10),
    st.text(string.ascii_uppercase + string.digits, min_size=12, max_size=12),
    st.integers(4, 26),
)
def test_every_italian_iban_is_taken_and_one_wrong_sign_is_noticed(
    cin: str, bank: str, account: str, place: int
) -> None:
    whole = with_check_digits("IT", f"{cin}{bank}{account}")
    # A letter for a digit may come to the same check digits: it counts as two.
    alike = string.digits if whole[place].isdigit() else string.ascii_uppercase
    wrong = alike[alike.index(whole[place]) - 1]

    assert is_account(whole)
    assert not is_account(whole[:place] + wrong + whole[place + 1 :])
    assert whole[4:-4] not in masked(whole)


def test_the_form_is_cleaned_and_what_is_wrong_is_named_by_field() -> None:
    found = read(
        {
            "vat": ["IT 0764 3520 567"],
            "iban": ["it60 x054 2811 1010 0000 0123 456"],
            "email": ["anna@"],
            "phone": ["call me"],
            "website": ["javascript:alert(1)"],
            "ticket": ["0"],
            "category": ["9999"],
            "legal_name": ["L" * 121],
        }
    )

    assert (found.fields["vat"], found.fields["iban"]) == (VAT, IBAN)
    assert found.faults == {
        "email": Fault.EMAIL,
        "phone": Fault.PHONE,
        "website": Fault.WEBSITE,
        "ticket": Fault.TICKET,
        "category": Fault.CHOICE,
        "legal_name": Fault.LONG,
    }


def test_a_draft_may_be_half_empty_and_says_what_is_missing() -> None:
    found = read({"vat": [VAT]})

    assert found.faults == {}
    assert set(missing(found.fields)) == set(FIELDS) - {"vat", "website"}


@given(st.dictionaries(st.sampled_from(FIELDS), st.lists(st.text(), min_size=1, max_size=2)))
def test_whatever_is_typed_is_read_and_never_longer_than_it_may_be(sent: dict[str, list[str]]) -> None:
    found = read(sent)

    assert set(found.fields) == set(FIELDS)
    assert not any("\x00" in text for text in found.fields.values())


def test_the_last_states_lead_nowhere_and_only_the_acquirers_turn_leads_to_approval() -> None:
    assert {State.APPROVED, State.REFUSED, State.WITHDRAWN}.isdisjoint(OPEN)
    assert [before for before in State if may_go(before, State.APPROVED)] == [State.SENT]
    assert all(may_go(state, State.WITHDRAWN) for state in OPEN)
    assert not may_go(State.DRAFT, State.SENT)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"%PDF-1.7\n%%EOF\n", "application/pdf"),
        (b"%PDF-1.7\n", None),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"", None),
    ],
)
def test_a_document_is_what_its_bytes_say(data: bytes, found: str | None) -> None:
    assert media_type(data) == found


def test_every_field_choice_state_and_document_has_its_words() -> None:
    assert set(words.FIELD_NAMES) == set(FIELDS)
    assert set(words.CATEGORY_NAMES) == set(CATEGORIES) and set(words.FORMS) == set(LEGAL_FORMS)
    assert set(words.STATES) == set(State) and set(words.DOCUMENTS) == set(Document)
    assert set(words.FAULTS) == set(Fault)
