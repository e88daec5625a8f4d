"""Keeps when and through which doors a piece is sold, and what of the catalogue was changed by whom."""

from django.db import models
from django.db.models import F, Q

from seta.boutique.models.catalogue import Product, Variant


class SaleWindow(models.Model):
    """From when until when a piece, or one variant of it, is sold; through every channel when none is named."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="windows")
    variant = models.ForeignKey(Variant, null=True, on_delete=models.PROTECT, related_name="+")
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    channels = models.JSONField(default=list)

    class Meta:
        ordering = ["opens_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(closes_at__gt=F("opens_at")),
                name="window_closes_after_it_opens",
            ),
        ]


class CatalogueChange(models.Model):
    """One change of a piece by a person; never edited. `before` and `after` hold only the fields that differ."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="changes")
    variant = models.ForeignKey(Variant, null=True, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=24)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    user_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["product", "at"], name="change_of_piece")]
