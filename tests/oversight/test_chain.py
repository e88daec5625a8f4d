"""The audit log's proof finds whatever was changed, and reads of the archive's fields bear anything."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seta.kit.clock import from_milliseconds
from seta.oversight.rules import archive, bundle
from seta.oversight.rules.chain import Entry, canonical, extend, leaf, link, verify

BODIES = [{"kind": "x", "at": f"2026-11-2{day}", "details": {"n": day}} for day in range(6)]
MESSAGE = {
    "msgid": "m1",
    "action": "send",
    "from": "linyue",
    "tolist": ["wm" + "c" * 30],
    "roomid": "",
    "msgtime": 1795300000000,
    "msgtype": "text",
    "text": {"content": "您好"},
}


def log() -> list[Entry]:
    first = extend(None, BODIES[:3])
    return first + extend(first[-1], BODIES[3:])


def test_an_untouched_log_verifies() -> None:
    report = verify(log())

    assert report.ok
    assert report.head == log()[-1].chain


@settings(deadline=None)
@given(st.integers(0, 5), st.data())
def test_any_character_changed_is_found(line: int, data: st.DataObject) -> None:
    entries = log()
    body = entries[line].body
    at = data.draw(st.integers(0, len(body) - 1))
    entries[line] = replace(entries[line], body=body[:at] + chr(ord(body[at]) ^ 1) + body[at + 1 :])

    assert not verify(entries).ok


@pytest.mark.parametrize("spoil", [lambda e: e[:2] + e[3:], lambda e: [e[1], e[0], *e[2:]], lambda e: e[1:]])
def test_a_line_removed_or_moved_is_found(spoil: Any) -> None:
    assert not verify(spoil(log())).ok


def test_a_line_rewritten_with_its_own_leaf_is_found_at_the_next() -> None:
    entries = log()
    body = canonical({**BODIES[2], "seq": 3, "at": "1999-01-01"})
    chain = link(bytes.fromhex(entries[1].chain), leaf(body)).hex()
    entries[2] = Entry(3, body, leaf(body).hex(), chain)

    assert verify(entries).fault.startswith("line 4")


def test_a_message_is_read_with_its_roles() -> None:
    message = archive.read(MESSAGE)

    assert (message.associate, message.sender_role, message.text) == ("linyue", "sa", "您好")
    assert message.conversation == "linyue:" + str(MESSAGE["tolist"][0])  # type: ignore[index]


def test_both_directions_share_a_conversation() -> None:
    client = str(MESSAGE["tolist"][0])  # type: ignore[index]
    answer = archive.read({**MESSAGE, "from": client, "tolist": ["linyue"]})

    assert answer.sender_role == "client"
    assert answer.conversation == archive.read(MESSAGE).conversation


def test_a_nested_chat_record_gives_its_words_and_ends() -> None:
    content: Any = {"content": "转我微信"}
    for _ in range(9):
        content = {"title": "记录", "item": [{"type": "chatrecord", "content": json.dumps(content)}]}

    message = archive.read({**MESSAGE, "msgtype": "chatrecord", "chatrecord": content})
    flat = archive.read(
        {
            **MESSAGE,
            "msgtype": "chatrecord",
            "chatrecord": {"item": [{"type": "ChatRecordText", "content": '{"content":"转我微信"}'}]},
        }
    )

    assert "记录" in message.text
    assert "转我微信" in flat.text


@pytest.mark.parametrize(
    "spoiled",
    [
        {"msgid": ""},
        {"msgid": "x" * 500},
        {"from": None},
        {"tolist": "linyue"},
        {"msgtime": "soon"},
        {"msgtime": 10**30},
        {"tolist": ["y" * 500]},
    ],
)
def test_a_record_that_is_no_message_is_malformed(spoiled: dict[str, Any]) -> None:
    with pytest.raises(archive.Malformed):
        archive.read({**MESSAGE, **spoiled})


def test_gaps_are_the_numbers_between() -> None:
    assert archive.gaps(after=4, seqs=[5, 6, 9, 10, 12]) == [(7, 8), (11, 11)]
    assert archive.gaps(after=0, seqs=[]) == []


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*MESSAGE, "chatrecord", "mixed"]), st.recursive(st.none() | st.text(), st.lists)
    )
)
def test_whatever_a_record_holds_it_is_read_or_refused(fields: dict[str, Any]) -> None:
    try:
        message = archive.read({**MESSAGE, **fields})
    except archive.Malformed:
        return
    message.text.encode()


@given(st.text(), st.text(), st.integers(0, 1 << 60), st.integers(0, archive.LAST_MILLISECOND))
def test_a_message_told_in_one_go_is_the_canonical_text_of_its_record(
    text: str, name: str, seq: int, sent_ms: int
) -> None:
    values: dict[str, Any] = {
        "account": 7,
        "seq": seq,
        "msgid": name,
        "conversation": f"a:{name}",
        "associate": "",
        "client": name,
        "sender_role": "sa",
        "kind": "text",
        "text": text,
    }

    told = bundle.record_text(**values, sent_ms=sent_ms)

    assert told == canonical(bundle.record(**values, sent_at=from_milliseconds(sent_ms)))


ODD = st.sampled_from(
    ["", "text", "wm" + "c" * 30, "wo" + "d" * 30, "linyue", "\0", "\ud800", "x" * 200, None, 7, True]
)


@settings(deadline=None)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "msgid": ODD | st.text(max_size=5),
            "action": ODD,
            "from": ODD,
            "user": ODD,
            "tolist": st.lists(ODD, max_size=3) | st.none(),
            "roomid": ODD,
            "msgtime": st.sampled_from([-1, 0, 1.5, 2.0, "3", True, None, 10**15]),
            "time": st.just(5),
            "msgtype": st.sampled_from(["image", "", None]),
            "text": st.fixed_dictionaries({"content": st.text() | ODD}, optional={"item": st.just([])}),
        },
    )
)
def test_an_ordinary_text_is_read_quickly_as_any_message_is_read(odd: dict[str, Any]) -> None:
    fields = {**MESSAGE, **odd}
    opened = json.dumps(fields).encode()

    quickly = archive.read_plain(opened)

    try:
        known = archive.read(json.loads(opened))
    except archive.Malformed:
        known = None
    assert quickly in (None, known)


def test_what_people_write_is_an_ordinary_text() -> None:
    opened = json.dumps(MESSAGE, ensure_ascii=False).encode()

    assert archive.read_plain(opened) == archive.read(MESSAGE)
