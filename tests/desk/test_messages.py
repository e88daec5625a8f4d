"""The desk speaks Chinese, English and Italian everywhere, from files that are compiled."""

import re

import pytest

from tools import messages

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_message_in_use_is_translated_and_none_is_left_over(language: str) -> None:
    assert messages.missing(language) == []
    assert messages.unused(language) == []


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_the_compiled_file_is_the_written_one(language: str) -> None:
    assert messages.mo_path(language).read_bytes() == messages.compiled(language)


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_translations_name_the_same_values(language: str) -> None:
    for entry in messages.catalog(language):
        if not entry.id:
            continue
        names = set(PLACEHOLDER.findall(entry.id if isinstance(entry.id, str) else entry.id[0]))
        strings = [entry.string] if isinstance(entry.string, str) else list(entry.string or ())
        assert all(set(PLACEHOLDER.findall(text)) == names for text in strings), entry.id
