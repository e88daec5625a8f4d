"""Instants as the kit tells them."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from seta.kit.clock import from_milliseconds, milliseconds_text

LAST_MILLISECOND = 253_402_300_799_999


@given(st.integers(0, LAST_MILLISECOND))
def test_milliseconds_are_told_and_read_to_the_last_one(milliseconds: int) -> None:
    at = from_milliseconds(milliseconds)

    assert milliseconds_text(milliseconds) + "+00:00" == at.isoformat()
    assert round((at - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(milliseconds=1)) == milliseconds
