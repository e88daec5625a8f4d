"""Keeps which pictures a piece has, what each shows in three languages, and in which order."""

from django.db import models


class ProductPicture(models.Model):
    """A picture of a piece; `sizes` is its files, smallest first: width, height, SHA-256."""

    product = models.ForeignKey("boutique.Product", on_delete=models.PROTECT, related_name="pictures")
    sha256 = models.CharField(max_length=64)
    sizes = models.JSONField()
    alt_zh = models.CharField(max_length=120)
    alt_en = models.CharField(max_length=120)
    alt_it = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField()
    added_by = models.BigIntegerField()
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["product", "sha256"], name="picture_once_a_product"),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]
