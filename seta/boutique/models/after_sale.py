"""Keeps what clients ask after the sale, the pieces that come back and the money that goes back for them."""

from django.db import models
from django.db.models import Q

from seta.boutique.models.catalogue import Variant
from seta.boutique.models.orders import Order, OrderLine
from seta.boutique.rules.after_sale import Kind, Standing


class AfterSale(models.Model):
    """A cancellation, return or exchange of an order; `worth` in minor units is what its pieces bring back."""

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="after_sales")
    key = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in Kind])
    state = models.CharField(
        max_length=10, choices=[(state, state) for state in Standing], default=Standing.ASKED
    )
    reason = models.CharField(max_length=16)
    words = models.CharField(max_length=200, blank=True)
    answer = models.CharField(max_length=200, blank=True)
    worth = models.BigIntegerField(default=0)
    replacement = models.OneToOneField(
        Order, null=True, on_delete=models.PROTECT, related_name="exchanged_from"
    )
    asked_by = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    due_by = models.DateTimeField(null=True)
    received_by = models.BigIntegerField(null=True)
    received_at = models.DateTimeField(null=True)
    place = models.CharField(max_length=40, blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["house", "state"], name="after_sale_to_do")]
        constraints = [
            models.UniqueConstraint(fields=["order", "key"], name="after_sale_once_a_key"),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(kind="cancel", state__in=["asked", "accepted", "received", "closed"]),
                name="order_is_cancelled_once",
            ),
            models.CheckConstraint(condition=Q(worth__gte=0), name="after_sale_worth_is_no_debt"),
            models.CheckConstraint(
                condition=~Q(state__in=["received", "closed"]) | Q(received_at__isnull=False),
                name="after_sale_received_has_instant",
            ),
        ]


class AfterSaleLine(models.Model):
    """Pieces of a line that come back; `variant` is what an exchange wishes for, `is_restocked` known on arrival."""

    after_sale = models.ForeignKey(AfterSale, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    variant = models.ForeignKey(Variant, null=True, on_delete=models.PROTECT, related_name="+")
    is_restocked = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["after_sale", "line"], name="after_sale_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="after_sale_line_is_positive"),
        ]


class MoneyBack(models.Model):
    """What one order's payment gives back for a request; its refund's key counts up when a refund has failed."""

    after_sale = models.ForeignKey(AfterSale, on_delete=models.PROTECT, related_name="money")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    attempt = models.PositiveSmallIntegerField(default=1)
    problem = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["after_sale", "order"], name="money_back_once_an_order"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="money_back_is_positive"),
        ]

    @property
    def key(self) -> str:
        """The key that the order's refund has."""
        return f"after-{self.after_sale_id}-{self.attempt}"
