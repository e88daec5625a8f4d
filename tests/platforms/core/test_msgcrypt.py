"""Message encryption against published vectors, against the sandbox's own writing, and against damage."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seta.platforms.core.msgcrypt import CryptError, MessageCrypt, encrypted_envelope, signature
from seta.platforms.core.xml import parse_xml
from seta_sandbox.kit import crypt as sandbox_crypt

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "wechat.json").read_text())
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


@pytest.mark.parametrize("vector", VECTORS["opens"], ids=lambda vector: vector["name"])
def test_published_message_is_verified_and_opened(vector: dict[str, Any]) -> None:
    crypt = MessageCrypt(vector["token"], vector["aes_key"], vector["receive_id"])

    crypt.verify(vector["msg_signature"], vector["timestamp"], vector["nonce"], vector["encrypt"])

    assert crypt.decrypt(vector["encrypt"]).decode() == vector["plain"]


@pytest.mark.parametrize("vector", VECTORS["seals"], ids=lambda vector: vector["name"])
def test_sealing_gives_the_published_bytes(vector: dict[str, Any]) -> None:
    crypt = MessageCrypt("token", vector["aes_key"], vector["receive_id"])

    sealed = crypt.encrypt(vector["plain"].encode(), random16=vector["random16"].encode())

    assert sealed == vector["encrypt"]


@given(text=st.text(max_size=300), receive_id=st.text(alphabet="wx0123456789abcdef", max_size=20))
def test_what_we_seal_the_sandbox_opens_and_the_other_way_round(text: str, receive_id: str) -> None:
    crypt = MessageCrypt("token", KEY, receive_id)

    assert sandbox_crypt.decrypt(KEY, crypt.encrypt(text.encode()), receive_id) == text
    assert crypt.decrypt(sandbox_crypt.encrypt(KEY, text, receive_id, b"r" * 16)).decode() == text


@given(parts=st.lists(st.text(max_size=20), max_size=5))
def test_signature_does_not_depend_on_the_order_of_its_parts(parts: list[str]) -> None:
    assert signature(*parts) == signature(*reversed(parts)) == sandbox_crypt.sign(*parts)


@given(noise=st.binary(max_size=200))
def test_noise_is_refused_with_a_code_and_nothing_else(noise: bytes) -> None:
    crypt = MessageCrypt("token", KEY, "wx1")

    with pytest.raises(CryptError) as refused:
        crypt.decrypt(base64.b64encode(noise).decode())

    assert refused.value.code in (-40005, -40007, -40008)


def test_message_for_another_app_is_refused() -> None:
    sealed = MessageCrypt("token", KEY, "wx-other").encrypt(b"hello")

    with pytest.raises(CryptError) as refused:
        MessageCrypt("token", KEY, "wx-mine").decrypt(sealed)

    assert refused.value.code == -40005


def test_wrong_signature_bad_base64_and_bad_key_have_their_codes() -> None:
    crypt = MessageCrypt("token", KEY, "wx1")
    codes = []
    for act in (
        lambda: crypt.verify("0" * 40, "1", "n", "cipher"),
        lambda: crypt.decrypt("not base64!"),
        lambda: crypt.decrypt("é" * 44),
        lambda: MessageCrypt("token", "short", "wx1"),
    ):
        with pytest.raises(CryptError) as refused:
            act()
        codes.append(refused.value.code)

    assert codes == [-40001, -40010, -40010, -40004]


def test_envelope_carries_a_signature_that_the_receiver_can_check() -> None:
    crypt = MessageCrypt("token", KEY, "wx1")

    fields = parse_xml(encrypted_envelope(crypt, "<xml/>", 1700000000, "nonce").encode())

    crypt.verify(fields["MsgSignature"], fields["TimeStamp"], fields["Nonce"], fields["Encrypt"])
    assert crypt.decrypt(fields["Encrypt"]) == b"<xml/>"
