"""Keeps orders, their lines and the money given back for them."""

from django.db import models
from django.db.models import F, Q

from seta.boutique.models.catalogue import Variant
from seta.boutique.rules import Channel, State
from seta.boutique.rules.prices import HOME


class Order(models.Model):
    """A client's order; amounts in minor units, `total` in `currency`, settled in `settle_currency`.

    `total` is what the client pays: the lines and the delivery `fee`, less the `credit` of a piece exchanged.
    """

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
    market = models.CharField(max_length=2, default=HOME)
    currency = models.CharField(max_length=3)
    total = models.BigIntegerField()
    fee = models.BigIntegerField(default=0)
    credit = models.BigIntegerField(default=0)
    awaits_return = models.BooleanField(default=False)
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
            models.CheckConstraint(
                condition=Q(total__gt=0) | Q(total=0, credit__gt=0), name="order_total_is_positive"
            ),
            models.CheckConstraint(
                condition=Q(fee__gte=0) & Q(credit__gte=0), name="order_fee_and_credit_are_no_debts"
            ),
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
