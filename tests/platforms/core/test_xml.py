"""XML in and out: what platforms send is read exactly, what attackers send is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seta.platforms.core.messages import parse_push
from seta.platforms.core.xml import BODY_BYTES_MAX, MalformedXml, parse_xml, to_xml

TEXT = st.text(
    alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff").filter(
        lambda character: character >= " " or character in "\t\n\r"
    ),
    max_size=60,
)


@given(fields=st.dictionaries(st.from_regex(r"[A-Z][A-Za-z]{0,8}", fullmatch=True), TEXT, min_size=1))
def test_any_text_survives_writing_and_reading(fields: dict[str, str]) -> None:
    assert parse_xml(to_xml(fields).encode()) == fields


@given(noise=st.binary(max_size=300))
def test_noise_is_refused_and_never_crashes(noise: bytes) -> None:
    try:
        parse_xml(noise)
    except MalformedXml:
        return


def test_nested_and_repeated_elements_become_dictionaries_and_lists() -> None:
    body = b"<xml><ScanCodeInfo><ScanType>qrcode</ScanType></ScanCodeInfo><Id>1</Id><Id>2</Id><Empty/></xml>"

    assert parse_xml(body) == {"ScanCodeInfo": {"ScanType": "qrcode"}, "Id": ["1", "2"], "Empty": ""}


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE xml [<!ENTITY a "b">]><xml><A>&a;</A></xml>',
        b'<!DOCTYPE xml SYSTEM "file:///etc/passwd"><xml><A>1</A></xml>',
        b"<xml><A>&undefined;</A></xml>",
        b"<xml>" + b"<A>" * 20 + b"</A>" * 20 + b"</xml>",
        b"<xml>" + b"<A/>" * 10_001 + b"</xml>",
        b"<xml><A>1</B></xml>",
        b"<xml>only text</xml>",
        b"",
        b"<xml><A>" + b"x" * BODY_BYTES_MAX + b"</A></xml>",
        b'<?xml version="1.0" encoding="no-such"?><xml><A>1</A></xml>',
    ],
    ids=[
        "entity",
        "external",
        "undefined",
        "deep",
        "many",
        "crossed",
        "fieldless",
        "empty",
        "large",
        "encoding",
    ],
)
def test_dangerous_or_broken_xml_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedXml):
        parse_xml(body)


def test_json_pushes_are_read_like_xml_ones() -> None:
    assert parse_push(b' {"MsgType":"text"}') == parse_push(b"<xml><MsgType>text</MsgType></xml>")
    with pytest.raises(MalformedXml):
        parse_push(b"{broken")
