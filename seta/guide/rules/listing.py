"""What a business's listing consists of, and which of its offers hold on a day."""

from collections.abc import Mapping, Sequence
from datetime import date

FLAGS = ("menu_zh", "hot_water", "wifi", "tax_free", "halal", "accessible")
"""What a business has or has not."""

TEXTS = ("name", "name_zh", "name_en", "address", "note_zh", "note_en", "note_it")
FIELDS = (
    *TEXTS,
    "category",
    "lat",
    "lon",
    "opening_hours",
    "languages",
    "payment",
    *FLAGS,
    "offers",
    "photos",
)
"""Everything that a change may name; `payment` is then a list of methods."""

OFFERS_MAX = 4
PHOTOS_MAX = 6


def kinds_of(fields: Mapping[str, object]) -> tuple[str, ...]:
    """The facts that a listing states, by the names under which each is confirmed on a day."""
    payment, languages = fields["payment"], fields["languages"]
    assert isinstance(payment, Sequence) and isinstance(languages, Sequence)
    told = ["hours", *(str(method) for method in payment), *(flag for flag in FLAGS if fields[flag])]
    return tuple([*told, "speaks_zh"] if "zh" in languages else told)


def on_day(offers: Sequence[Mapping[str, str]], day: date) -> tuple[Mapping[str, str], ...]:
    """The offers that hold on a day or will hold, the next to end first; `from` and `until` are ISO days, included."""
    held = [each for each in offers if date.fromisoformat(each["until"]) >= day]
    return tuple(sorted(held, key=lambda each: (each["until"], each["from"])))
