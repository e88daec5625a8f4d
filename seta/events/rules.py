"""How a fact becomes plain values and back, and when a failed delivery is tried again."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, TypeVar

import msgspec

from seta.events.events import Fact

F = TypeVar("F", bound=Fact)

_encoder = msgspec.json.Encoder()
_RETRY_SECONDS = (1, 2, 5, 15, 60, 300, 900, 3600)


def plain(fact: Fact) -> dict[str, Any]:
    """The fact as JSON values: instants as ISO 8601 text."""
    values = msgspec.to_builtins(fact)
    assert isinstance(values, dict)
    return values


def encoded(fact: Fact) -> str:
    """The JSON text of `plain`, written in one go."""
    return _encoder.encode(fact).decode()


def restored(kind: type[F], values: Mapping[str, Any]) -> F:
    """The fact that `plain` took apart; fields that are gone since are left out."""
    known = {key: value for key, value in values.items() if key in kind.__dataclass_fields__}
    return msgspec.convert(known, kind)


def retry_after(attempts: int) -> timedelta:
    """How long to wait after the given number of failures: quick at first, then hourly."""
    assert attempts >= 1
    return timedelta(seconds=_RETRY_SECONDS[min(attempts, len(_RETRY_SECONDS)) - 1])
