"""The phone asks a yes for the very notices that the server sends: WeChat counts each template's apart."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def named(folder: str, pattern: str, wanted: str) -> set[str]:
    texts = (file.read_text(encoding="utf-8") for file in sorted((ROOT / folder).rglob(pattern)))
    return {name for text in texts for name in re.findall(wanted, text)}


def test_every_notice_is_asked_for_and_none_that_nobody_sends() -> None:
    sent = named("seta", "*.py", r'template="([a-z_]+)"')
    asked = named("miniprogram/pages", "*.ts", r"askToNotify\('([a-z_]+)'\)")

    assert sent and asked == sent


def test_a_house_is_told_of_every_notice_it_may_name_a_template_for() -> None:
    page = (ROOT / "docs" / "how-to" / "first-house.md").read_text(encoding="utf-8")

    assert named("seta", "*.py", r'template="([a-z_]+)"') == set(re.findall(r"`template_([a-z_]+)`", page))
