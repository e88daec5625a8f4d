"""Keeps pop-ups, what they brought, who came by which code and what they bought."""

from django.db import models
from django.db.models import F, Q

from seta.popups.rules.plan import PlaceKind, State


class Popup(models.Model):
    """A storefront for a time; its stock lies at a location of its own and goes back to where it came from."""

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=16)
    state = models.CharField(
        max_length=12, choices=[(state, state) for state in State], default=State.PLANNED
    )
    title_zh = models.CharField(max_length=40)
    title_en = models.CharField(max_length=40)
    title_it = models.CharField(max_length=40)
    intro_zh = models.CharField(max_length=300, blank=True)
    intro_en = models.CharField(max_length=300, blank=True)
    intro_it = models.CharField(max_length=300, blank=True)
    accent = models.CharField(max_length=7)
    cover = models.CharField(max_length=64, blank=True)
    place_kind = models.CharField(max_length=8, choices=[(kind, kind) for kind in PlaceKind])
    place_code = models.CharField(max_length=60, blank=True)
    place_name = models.CharField(max_length=120, blank=True)
    place_name_zh = models.CharField(max_length=120, blank=True)
    source_location = models.CharField(max_length=40)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    planned_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["state", "opens_at"], name="popup_due")]
        constraints = [
            models.UniqueConstraint(fields=["house", "code"], name="popup_code_once_a_house"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="popup_ends_after_start"),
            models.CheckConstraint(
                condition=~Q(state__in=["open", "closed"]) | Q(opened_at__isnull=False),
                name="popup_open_has_instant",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class PopupPiece(models.Model):
    """A variant that a pop-up offers: pieces wished, brought at the opening, and gone back since."""

    popup = models.ForeignKey(Popup, on_delete=models.CASCADE, related_name="pieces")
    variant = models.ForeignKey("boutique.Variant", on_delete=models.PROTECT, related_name="+")
    sku = models.CharField(max_length=32)
    position = models.PositiveSmallIntegerField()
    wished = models.PositiveIntegerField()
    brought = models.PositiveIntegerField(default=0)
    returned = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["popup", "variant"], name="popup_piece_once"),
            models.CheckConstraint(condition=Q(wished__gt=0), name="popup_piece_is_wished"),
        ]


class PopupPoster(models.Model):
    """A printed code; its scene tells by which of them somebody came."""

    popup = models.ForeignKey(Popup, on_delete=models.CASCADE, related_name="posters")
    code = models.SlugField(max_length=11)
    label = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["popup", "code"], name="popup_poster_once")]


class PopupAction(models.Model):
    """Who did what with a pop-up; nobody's is the clock's."""

    popup = models.ForeignKey(Popup, on_delete=models.CASCADE, related_name="actions")
    verb = models.CharField(max_length=12)
    user_id = models.BigIntegerField(null=True)
    detail = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()


class PopupVisit(models.Model):
    """A person's coming on a day by one code; `is_new` when the house met them through this pop-up."""

    popup = models.ForeignKey(Popup, on_delete=models.CASCADE, related_name="visits")
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    poster = models.CharField(max_length=11, blank=True)
    day = models.DateField()
    at = models.DateTimeField()
    is_new = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["popup", "person", "poster", "day"], name="popup_visit_once_a_day"
            )
        ]


class PopupOrder(models.Model):
    """An order that was made in a pop-up; amounts in fen. `gone_at` is when it was seen closed without payment."""

    popup = models.ForeignKey(Popup, on_delete=models.PROTECT, related_name="orders")
    order_id = models.BigIntegerField(unique=True)
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    poster = models.CharField(max_length=11, blank=True)
    pieces = models.PositiveIntegerField()
    total = models.BigIntegerField()
    refunded = models.BigIntegerField(default=0)
    placed_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True)
