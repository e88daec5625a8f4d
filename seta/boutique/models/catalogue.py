"""Keeps pieces, their variants, their prices and the places that sell them."""

from django.db import models
from django.db.models import Q


class Product(models.Model):
    """A piece of the house, in three languages; what is sold is one of its variants."""

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=32)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    name_it = models.CharField(max_length=80)
    description_zh = models.CharField(max_length=600, blank=True)
    description_en = models.CharField(max_length=600, blank=True)
    description_it = models.CharField(max_length=600, blank=True)
    image = models.CharField(max_length=120, blank=True)
    is_listed = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["house", "code"], name="product_code_once_a_house")]

    def __str__(self) -> str:
        return self.code


class Variant(models.Model):
    """The thing a client takes home: a size (`label`) in a colour, with its own stock-keeping code and barcode.

    A retired one is not sold any more; its stock, its orders and its code stay.
    """

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="variants")
    sku = models.CharField(max_length=32)
    label = models.CharField(max_length=40, blank=True)
    colour_zh = models.CharField(max_length=24, blank=True)
    colour_en = models.CharField(max_length=24, blank=True)
    colour_it = models.CharField(max_length=24, blank=True)
    gtin = models.CharField(max_length=14, blank=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["house", "sku"], name="variant_sku_once_a_house"),
            models.UniqueConstraint(
                fields=["house", "gtin"], condition=~Q(gtin=""), name="variant_gtin_once_a_house"
            ),
        ]

    def __str__(self) -> str:
        return self.sku


class Price(models.Model):
    """What a variant costs in one currency, in minor units."""

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="prices")
    currency = models.CharField(max_length=3, default="CNY")
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["variant", "currency"], name="price_once_a_currency"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="price_is_positive"),
        ]


class SalesPoint(models.Model):
    """A place that sells and keeps stock under its code: a boutique of the stores part, in a district."""

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40)
    district = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["house", "code"], name="sales_point_once_a_house")]

    def __str__(self) -> str:
        return self.code
