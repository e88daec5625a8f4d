"""Keeps pieces, their variants, their prices and the places that sell them."""

from django.db import models
from django.db.models import Q

from seta.boutique.rules.prices import CHARGED, HOME


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
    """What a variant costs in a market's currency from an instant on, in minor units; never edited.

    Without `effective_at` it holds from the beginning. One that was planned can be withdrawn before its instant.
    """

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="prices")
    market = models.CharField(max_length=2, default=HOME)
    currency = models.CharField(max_length=3, default=CHARGED)
    amount = models.BigIntegerField()
    effective_at = models.DateTimeField(null=True)
    set_by = models.BigIntegerField(null=True)
    set_at = models.DateTimeField(null=True)
    withdrawn_by = models.BigIntegerField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["variant", "market", "currency", "effective_at"],
                condition=Q(withdrawn_at=None),
                name="price_once_an_instant",
            ),
            models.UniqueConstraint(
                fields=["variant", "market", "currency"],
                condition=Q(withdrawn_at=None, effective_at=None),
                name="price_begins_once",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="price_is_positive"),
        ]


class SalesPoint(models.Model):
    """A place that sells and keeps stock under its code: a boutique of the stores part, in a district.

    Its till sells at the prices of its `market`.
    """

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40)
    district = models.CharField(max_length=40, blank=True)
    market = models.CharField(max_length=2, default=HOME)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["house", "code"], name="sales_point_once_a_house")]

    def __str__(self) -> str:
        return self.code


class MarketChange(models.Model):
    """A till's prices became another market's; never edited. Without `user_id` a command did it."""

    point = models.ForeignKey(SalesPoint, on_delete=models.PROTECT, related_name="market_changes")
    before = models.CharField(max_length=2)
    after = models.CharField(max_length=2)
    user_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["point", "at"], name="change_of_market")]
