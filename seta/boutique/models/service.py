"""Keeps pieces held for a fitting, tax invoices and bags that associates prepare for clients."""

from django.db import models
from django.db.models import Q

from seta.boutique.models.catalogue import Variant
from seta.boutique.models.orders import Order
from seta.boutique.rules.service import BagState, Buyer, FittingState, Paper


class Fitting(models.Model):
    """A piece taken out of a boutique's stock so that a client can try it on; `appointment` is the stores' id."""

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=60)
    boutique_code = models.CharField(max_length=40)
    appointment = models.CharField(max_length=40, blank=True)
    state = models.CharField(
        max_length=10, choices=[(state, state) for state in FittingState], default=FittingState.HELD
    )
    held_at = models.DateTimeField()
    held_until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.BigIntegerField(null=True)
    order = models.OneToOneField(Order, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["house", "state", "held_until"], name="fitting_due"),
            models.Index(fields=["person", "state"], name="fitting_of_person"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["house", "key"], name="fitting_once_a_key"),
            models.CheckConstraint(
                condition=Q(state__in=["held", "tried"], ended_at=None)
                | ~Q(state__in=["held", "tried"]) & Q(ended_at__isnull=False),
                name="fitting_ends_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="bought") | Q(order__isnull=False), name="fitting_bought_has_order"
            ),
        ]


class Fapiao(models.Model):
    """A tax invoice asked for an order; one stands at a time, `amount` in fen is what it is made out over."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="fapiao")
    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=[(state, state) for state in Paper], default=Paper.ASKED)
    buyer = models.CharField(max_length=8, choices=[(buyer, buyer) for buyer in Buyer])
    title = models.CharField(max_length=100)
    tax_number = models.CharField(max_length=18, blank=True)
    email = models.CharField(max_length=120)
    amount = models.BigIntegerField(null=True)
    number = models.CharField(max_length=20, blank=True)
    red_number = models.CharField(max_length=20, blank=True)
    asked_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)
    issued_by = models.BigIntegerField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["house", "state"], name="fapiao_to_do")]
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(state__in=["asked", "issued", "to_withdraw"]),
                name="fapiao_stands_once",
            ),
            models.UniqueConstraint(
                fields=["house", "number"], condition=~Q(number=""), name="fapiao_number_once_a_house"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["issued", "to_withdraw", "withdrawn"]) | ~Q(number=""),
                name="fapiao_issued_has_number",
            ),
        ]


class PreparedBag(models.Model):
    """A bag that an associate made up for a client (or for whoever opens the link), under an unguessable token."""

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    token = models.CharField(max_length=26, unique=True)
    key = models.CharField(max_length=60)
    associate_id = models.BigIntegerField(null=True)
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=120, blank=True)
    state = models.CharField(
        max_length=10, choices=[(state, state) for state in BagState], default=BagState.SHARED
    )
    prepared_by = models.BigIntegerField()
    prepared_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    order = models.OneToOneField(Order, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["house", "prepared_at"], name="bag_newest")]
        constraints = [
            models.UniqueConstraint(fields=["house", "key"], name="bag_once_a_key"),
            models.CheckConstraint(
                condition=~Q(state="ordered") | Q(order__isnull=False), name="bag_ordered_has_order"
            ),
        ]


class PreparedLine(models.Model):
    """Pieces in a prepared bag, at the unit price the associate saw."""

    bag = models.ForeignKey(PreparedBag, on_delete=models.PROTECT, related_name="lines")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    seen_amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bag", "variant"], name="prepared_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="prepared_line_is_positive"),
        ]
