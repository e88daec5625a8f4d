"""The shape that every fact has, so that all of them fit one lake."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something that has happened in a house; subclasses add plain values and a `name` like `part.noun.past`.

    `campaign` and `associate_id` say who may claim it; `person_id` is our own number, never a platform's id.
    """

    name: ClassVar[str] = ""
    is_for_the_lake: ClassVar[bool] = True
    """False for an errand between parts that tells nothing which other facts do not tell."""

    house_id: int
    occurred_at: datetime
    person_id: int | None = None
    campaign: str = ""
    associate_id: int | None = None
