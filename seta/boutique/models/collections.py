"""Keeps which pieces belong together, in which order and when they are shown so, and who arranged what."""

from django.db import models
from django.db.models import F, Q

from seta.boutique.models.catalogue import Product


class Collection(models.Model):
    """Pieces under one name, from when until when; `cover` is its picture's files, smallest first, or empty."""

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=32)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    name_it = models.CharField(max_length=80)
    season = models.CharField(max_length=24, blank=True)
    cover = models.JSONField(default=list)
    shown_from = models.DateTimeField(null=True)
    shown_until = models.DateTimeField(null=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["house", "code"], name="collection_code_once_a_house"),
            models.CheckConstraint(
                condition=Q(shown_from=None) | Q(shown_until=None) | Q(shown_until__gt=F("shown_from")),
                name="collection_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class CollectionPiece(models.Model):
    """A piece's place in a collection."""

    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, related_name="pieces")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["collection", "product"], name="piece_once_a_collection"),
        ]


class CollectionChange(models.Model):
    """One change of a collection by a person; never edited. `before` and `after` hold only what differs."""

    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, related_name="changes")
    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=24)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    user_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["collection", "at"], name="change_of_collection")]
