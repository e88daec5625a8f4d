"""Keep what is known of a client: one form a thing, one operation each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypedDict

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from seta.clienteling import operations as clienteling
from seta.desk import rules
from seta.desk.shell import form, telling
from seta.desk.views.clients.reader import must_be_associate, of_house
from seta.houses.access import StaffRequest


class Whose(TypedDict):
    """Who keeps something of whom, and when."""

    house_id: int
    associate_id: int
    person_id: int
    now: datetime


@dataclass(frozen=True)
class Kept:
    """A form about a client: who sent it and what it says."""

    house_id: int
    associate_id: int
    person_id: int
    fields: Mapping[str, str]
    now: datetime

    def text(self, name: str) -> str:
        """A field without blanks around it."""
        return self.fields.get(name, "").strip()

    def number(self, name: str) -> int:
        """A field that names a row."""
        return rules.number(self.text(name))

    def whose(self) -> Whose:
        """Who and when, as every operation asks."""
        return {
            "house_id": self.house_id,
            "associate_id": self.associate_id,
            "person_id": self.person_id,
            "now": self.now,
        }


def _piece(kept: Kept) -> None:
    day = date.fromisoformat(kept.text("acquired_on")) if kept.text("acquired_on") else None
    fields = {name: kept.text(name) for name in ("name", "size", "note")}
    clienteling.add_piece(**kept.whose(), **fields, acquired_on=day)


def _size(kept: Kept) -> None:
    system, _colon, value = kept.text("value").partition(":")
    clienteling.keep_size(
        **kept.whose(), category=kept.text("category"), system=system, value=value, note=kept.text("note")
    )


def _consent(kept: Kept) -> None:
    clienteling.note_consent(
        **kept.whose(),
        purpose=kept.text("purpose"),
        granted=kept.text("granted") == "yes",
        how=kept.text("how"),
    )


def _remark(kept: Kept) -> None:
    clienteling.update_client(**kept.whose(), remark=kept.text("remark"), phone_tail=kept.text("phone_tail"))


KEEP: Mapping[str, tuple[str, Callable[[Kept], object]]] = {
    "piece": ("wardrobe", _piece),
    "no_piece": (
        "wardrobe",
        lambda kept: clienteling.remove_piece(**kept.whose(), piece_id=kept.number("id")),
    ),
    "size": ("wardrobe", _size),
    "preference": (
        "wardrobe",
        lambda kept: clienteling.keep_preference(
            **kept.whose(), kind=kept.text("kind"), value=kept.text("value")
        ),
    ),
    "no_preference": (
        "wardrobe",
        lambda kept: clienteling.forget_preference(**kept.whose(), preference_id=kept.number("id")),
    ),
    "date": (
        "overview",
        lambda kept: clienteling.keep_date(
            **kept.whose(), kind=kept.text("kind"), day=kept.text("day"), label=kept.text("label")
        ),
    ),
    "no_date": (
        "overview",
        lambda kept: clienteling.forget_date(**kept.whose(), date_id=kept.number("id")),
    ),
    "wish": (
        "wishes",
        lambda kept: clienteling.add_wish(
            **kept.whose(), product_code=kept.text("product_code"), note=kept.text("note")
        ),
    ),
    "no_wish": ("wishes", lambda kept: clienteling.remove_wish(**kept.whose(), wish_id=kept.number("id"))),
    "note": (
        "notes",
        lambda kept: clienteling.write_note(
            **kept.whose(), text=kept.text("text"), visibility=kept.text("visibility")
        ),
    ),
    "no_note": (
        "notes",
        lambda kept: clienteling.remove_note(
            house_id=kept.house_id, associate_id=kept.associate_id, note_id=kept.number("id"), now=kept.now
        ),
    ),
    "consent": ("consent", _consent),
    "remark": ("overview", _remark),
}
"""What a form keeps: the tab it stands on, and its operation."""


@form("associate", back="desk:clients")
def keep(request: StaffRequest, person_id: int, what: str) -> HttpResponseBase:
    """Keep one thing about one's own client."""
    if what not in KEEP:
        raise Http404
    own = must_be_associate(request)
    tab, keeping = KEEP[what]
    fields = {name: str(value) for name, value in request.POST.items()}
    kept = Kept(request.member.house_id, own.id, of_house(request, person_id), fields, datetime.now(UTC))
    with telling(request, _("Kept.")):
        try:
            keeping(kept)
        except ValueError as problem:
            raise rules.FormRefused(rules.Refusal.BAD_DAY) from problem
    return redirect(f"{reverse('desk:client', args=[person_id])}?tab={tab}")
