"""Keeps products, prices, stock and orders so that the database itself refuses what must never be."""

from django.db import models
from django.db.models import F, Q

from seta.boutique.rules import Channel, State, Transit


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
    gtin = models.CharField(max_length=14, blank=True)
    image = models.CharField(max_length=120, blank=True)
    is_listed = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["house", "code"], name="product_code_once_a_house")]

    def __str__(self) -> str:
        return self.code


class Variant(models.Model):
    """The thing a client takes home: a size or a colour with its own stock-keeping code."""

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="variants")
    sku = models.CharField(max_length=32)
    label = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["house", "sku"], name="variant_sku_once_a_house")]

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


class StockMovement(models.Model):
    """One change of stock; never edited, so the sum of movements is the stock."""

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")
    location = models.CharField(max_length=40)
    quantity = models.BigIntegerField()
    reason = models.CharField(max_length=20)
    ref = models.CharField(max_length=64, blank=True)
    note = models.CharField(max_length=120, blank=True)
    user_id = models.BigIntegerField(null=True)
    moved_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["variant", "location"], name="movement_place")]
        constraints = [
            models.CheckConstraint(condition=~Q(quantity=0), name="movement_moves"),
            models.UniqueConstraint(
                fields=["variant", "location", "reason", "ref"],
                condition=~Q(ref=""),
                name="movement_once_a_ref",
            ),
        ]


class StockLevel(models.Model):
    """What is left at a location: the movements' sum, kept in the same transaction as they are."""

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="levels")
    location = models.CharField(max_length=40)
    quantity = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["variant", "location"], name="level_once_a_place"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="level_is_never_negative"),
        ]


class StockTransfer(models.Model):
    """Pieces sent from one place to another: on the way until someone receives them or calls them back."""

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=40)
    source = models.CharField(max_length=40)
    target = models.CharField(max_length=40)
    quantity = models.BigIntegerField()
    arrived = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=[(each, each) for each in Transit], default=Transit.SENT)
    sent_by = models.BigIntegerField()
    sent_at = models.DateTimeField()
    ended_by = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["house", "state"], name="transfer_on_the_way")]
        constraints = [
            models.UniqueConstraint(fields=["house", "key"], name="transfer_once_a_key"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & ~Q(source=F("target")), name="transfer_goes_somewhere"
            ),
            models.CheckConstraint(
                condition=Q(arrived=None) | Q(arrived__gte=0) & Q(arrived__lte=F("quantity")),
                name="transfer_arrives_within",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", ended_at=None) | ~Q(state="sent") & Q(ended_at__isnull=False),
                name="transfer_ends_once",
            ),
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


class Order(models.Model):
    """A client's order; amounts in minor units, `total` in `currency`, settled in `settle_currency`."""

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=32, unique=True)
    request_key = models.CharField(max_length=80, null=True)
    state = models.CharField(max_length=20, choices=[(state, state) for state in State], default=State.PLACED)
    channel = models.CharField(max_length=20, choices=[(channel, channel) for channel in Channel])
    source = models.CharField(max_length=128, blank=True)
    campaign = models.CharField(max_length=64, blank=True)
    associate_id = models.BigIntegerField(null=True)
    boutique_code = models.CharField(max_length=40, blank=True)
    district = models.CharField(max_length=40, blank=True)
    location = models.CharField(max_length=40)
    currency = models.CharField(max_length=3)
    total = models.BigIntegerField()
    refunded = models.BigIntegerField(default=0)
    settle_currency = models.CharField(max_length=3)
    settle_amount = models.BigIntegerField(null=True)
    intent_id = models.BigIntegerField(null=True)
    paid_intent_id = models.BigIntegerField(null=True)
    placed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["house", "placed_at"], name="order_house_time"),
            models.Index(fields=["state", "expires_at"], name="order_due"),
            models.Index(fields=["person", "placed_at"], name="order_person_time"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["house", "request_key"], name="order_once_a_request"),
            models.CheckConstraint(condition=Q(total__gt=0), name="order_total_is_positive"),
            models.CheckConstraint(
                condition=Q(refunded__gte=0) & Q(refunded__lte=F("total")), name="order_refund_within_total"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["placed", "cancelled", "expired"]) | Q(paid_at__isnull=False),
                name="order_paid_has_instant",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class OrderLine(models.Model):
    """What was ordered, with the names and the price of that moment."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    unit_amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "variant"], name="line_once_a_variant"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & Q(unit_amount__gt=0), name="line_is_positive"
            ),
        ]


class OrderRefund(models.Model):
    """Money asked back for an order; `refund_id` is the payments' refund once it is known."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="refunds")
    key = models.CharField(max_length=80)
    amount = models.BigIntegerField()
    reason = models.CharField(max_length=80)
    refund_id = models.BigIntegerField(null=True, unique=True)
    asked_at = models.DateTimeField()
    succeeded_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "key"], name="order_refund_once_a_key"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="order_refund_is_positive"),
        ]
