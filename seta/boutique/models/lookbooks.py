"""Keeps a season as pages: looks in their order, each a picture with the pieces in it, and who arranged what."""

from django.db import models
from django.db.models import F, Q

from seta.boutique.models.catalogue import Product


class Lookbook(models.Model):
    """A season's pages under one name, published from when until when; without a first day it is a draft."""

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=32)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    name_it = models.CharField(max_length=80)
    description_zh = models.CharField(max_length=600, blank=True)
    description_en = models.CharField(max_length=600, blank=True)
    description_it = models.CharField(max_length=600, blank=True)
    season = models.CharField(max_length=24, blank=True)
    shown_from = models.DateTimeField(null=True)
    shown_until = models.DateTimeField(null=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["house", "code"], name="lookbook_code_once_a_house"),
            models.CheckConstraint(
                condition=Q(shown_from=None) | Q(shown_until=None) | Q(shown_until__gt=F("shown_from")),
                name="lookbook_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Look(models.Model):
    """A page: a picture, what it shows, and a line under it; `sizes` is its files, smallest first."""

    lookbook = models.ForeignKey(Lookbook, on_delete=models.PROTECT, related_name="looks")
    sha256 = models.CharField(max_length=64)
    sizes = models.JSONField()
    alt_zh = models.CharField(max_length=120)
    alt_en = models.CharField(max_length=120)
    alt_it = models.CharField(max_length=120)
    caption_zh = models.CharField(max_length=120, blank=True)
    caption_en = models.CharField(max_length=120, blank=True)
    caption_it = models.CharField(max_length=120, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["lookbook", "sha256"], name="look_once_a_lookbook"),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]


class LookPiece(models.Model):
    """A piece's place in a look."""

    look = models.ForeignKey(Look, on_delete=models.CASCADE, related_name="pieces")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["look", "product"], name="piece_once_a_look")]


class LookbookChange(models.Model):
    """One change of a lookbook by a person; never edited. `before` and `after` hold only what differs."""

    lookbook = models.ForeignKey(Lookbook, on_delete=models.PROTECT, related_name="changes")
    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=24)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    user_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["lookbook", "at"], name="change_of_lookbook")]
