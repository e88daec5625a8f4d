"""Keeps drops and reservations so that the database itself refuses a second piece or one that is not there."""

from django.db import models
from django.db.models import F, Q

from seta.drops.rules import HOLD_SECONDS, Hold, State


class Drop(models.Model):
    """A limited release; `left` and `next_seq` change only under this row's lock."""

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40)
    variant = models.ForeignKey("boutique.Variant", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=[(state, state) for state in State], default=State.DRAFT)
    pieces = models.PositiveIntegerField()
    left = models.IntegerField(default=0)
    returned = models.PositiveIntegerField(default=0)
    next_seq = models.BigIntegerField(default=1)
    hold_seconds = models.PositiveIntegerField(default=HOLD_SECONDS)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["house", "code"], name="drop_code_once_a_house"),
            models.CheckConstraint(condition=Q(left__gte=0), name="drop_is_never_oversold"),
            models.CheckConstraint(
                condition=Q(left__lte=F("pieces") - F("returned")), name="drop_left_within_pieces"
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="drop_closes_after_it_opens"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Reservation(models.Model):
    """A person's place in a drop: one row a person, which is the limit of one piece a person."""

    drop = models.ForeignKey(Drop, on_delete=models.PROTECT, related_name="reservations")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    seq = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=[(hold, hold) for hold in Hold])
    reserved_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    order = models.ForeignKey("boutique.Order", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(state="reserved"), name="reservation_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["drop", "person"], name="reservation_once_a_person"),
            models.UniqueConstraint(fields=["drop", "seq"], name="reservation_once_a_place"),
        ]


class Told(models.Model):
    """A batch of the gate whose pieces have been told as facts, once each."""

    drop = models.ForeignKey(Drop, on_delete=models.CASCADE, related_name="+")
    first_seq = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["drop", "first_seq"], name="told_once_a_batch")]


class Tally(models.Model):
    """How often something happened at a drop's gate: requests, and refusals by reason."""

    drop = models.ForeignKey(Drop, on_delete=models.CASCADE, related_name="tallies")
    name = models.CharField(max_length=40)
    count = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["drop", "name"], name="tally_once_a_name")]


class Action(models.Model):
    """What a person of the house did with a drop, and when."""

    drop = models.ForeignKey(Drop, on_delete=models.CASCADE, related_name="actions")
    verb = models.CharField(max_length=20)
    user_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
