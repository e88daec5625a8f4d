"""Reading of JSON answers in which a missing field is the platform's fault, not a bug of ours."""

import json
from typing import Any

from seta.platforms.core.errors import ErrorKind, PlatformError


class Answer(dict[str, Any]):
    """A JSON object from a platform; asking for a field that is not there raises PlatformError."""

    platform = ""

    def __missing__(self, name: str) -> Any:
        raise PlatformError(
            f"the answer lacks {name!r}",
            platform=self.platform,
            code="UNREADABLE",
            kind=ErrorKind.UNKNOWN_OUTCOME,
        )


def parse_answer(body: bytes | str, *, platform: str) -> Answer | None:
    """Return a JSON object, nested ones included as Answer; None for anything that is not an object."""

    def build(pairs: list[tuple[str, Any]]) -> Answer:
        answer = Answer(pairs)
        answer.platform = platform
        return answer

    try:
        fields = json.loads(body, object_pairs_hook=build)
    except (ValueError, RecursionError):
        return None
    return fields if isinstance(fields, Answer) else None
