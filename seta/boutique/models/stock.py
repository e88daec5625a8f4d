"""Keeps stock as movements that are never edited, the levels they sum to and pieces on their way."""

from django.db import models
from django.db.models import F, Q

from seta.boutique.models.catalogue import Variant
from seta.boutique.rules import Transit


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
