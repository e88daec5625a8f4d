"""The sandbox's callback encryption against published vectors, and its properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seta_sandbox.kit import crypt

# Tencent's own sample: this key's last character has non-zero spare bits.
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
APPID = "wxb11529c136998cb6"
SEALED = "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg=="


def test_a_published_message_is_sealed_byte_for_byte() -> None:
    assert crypt.encrypt(KEY, "我是中文abcd123", APPID, b"aaaabbbbccccdddd") == SEALED


def test_a_published_message_opens() -> None:
    assert crypt.decrypt(KEY, SEALED, APPID) == "我是中文abcd123"


@pytest.mark.parametrize("broken", ["", "x", "AAAA", SEALED[:-8], "A" * 64])
def test_what_is_not_a_message_is_refused(broken: str) -> None:
    with pytest.raises(crypt.CryptError):
        crypt.decrypt(KEY, broken, APPID)


def test_a_message_for_another_app_is_refused() -> None:
    with pytest.raises(crypt.CryptError):
        crypt.decrypt(KEY, SEALED, "wx0000000000000000")


@given(
    text=st.text(),
    receive_id=st.from_regex(r"[a-z0-9]{0,20}", fullmatch=True),
    prefix=st.binary(min_size=16, max_size=16),
)
def test_whatever_is_sealed_opens_again(text: str, receive_id: str, prefix: bytes) -> None:
    assert crypt.decrypt(KEY, crypt.encrypt(KEY, text, receive_id, prefix), receive_id) == text


@given(parts=st.lists(st.from_regex(r"[a-zA-Z0-9]{1,12}", fullmatch=True), min_size=2, max_size=4))
def test_a_signature_does_not_depend_on_the_order_of_its_parts(parts: list[str]) -> None:
    assert crypt.sign(*parts) == crypt.sign(*reversed(parts))
