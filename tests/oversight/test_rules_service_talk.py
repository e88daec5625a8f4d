"""Ordinary service talk that stands close to the words of the rules raises no alert."""

from pathlib import Path

from seta.oversight.policy import shipped
from seta.oversight.rules import judge

FOLDER = Path(__file__).parents[2]
SERVICE = FOLDER / "quality" / "tuning" / "service.zh.txt"


def _messages() -> list[tuple[str, str]]:
    told = []
    for line in SERVICE.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            client = line.startswith("c: ")
            told.append(("client" if client else "sa", line.removeprefix("c: ").removeprefix("s: ")))
    return told


def test_there_are_more_than_four_hundred_different_messages() -> None:
    messages = _messages()
    assert len(set(messages)) == len(messages) > 400


def test_service_talk_near_the_lexicons_raises_no_alert() -> None:
    alerted = [
        (text, sorted({hit.rule for hit in verdict.hits}))
        for sender, text in _messages()
        if (verdict := judge(text, channel="wecom_1to1", sender=sender, policy=shipped())).hits
    ]
    assert not alerted


def test_a_refusal_is_not_read_as_another_character() -> None:
    for text in ("您太客气了，不用给我发红包", "卡号不用告诉我，机器上刷就行", "验证码不用发给我"):
        assert not judge(text, channel="wecom_1to1", sender="sa", policy=shipped()).hits
