"""Keeps drops and reservations so that the database itself refuses a second piece or one that is not there."""

from django.db import models
from django.db.models import F, Q

from seta.drops.rules import HOLD_SECONDS, Hold, Kind, Proof, Screened, State


class Drop(models.Model):
    """A limited release; `left`, `kept` and `next_seq` change only under this row's lock.

    Of the pieces left, `kept` are those that associates have to give until `turns_at`. A draw's seed is sealed
    until it is drawn; `seed_hash` promises it from `committed_at` on.
    """

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
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in Kind], default=Kind.FIRST_COME)
    turns_at = models.DateTimeField(null=True)
    needs_registration = models.BooleanField(default=False)
    proof = models.CharField(
        max_length=12, blank=True, choices=[(proof, proof) for proof in Proof], default=""
    )
    right = models.CharField(max_length=40, blank=True, default="")
    needs_ticket = models.BooleanField(default=False)
    check_rank = models.PositiveSmallIntegerField(null=True)
    refuse_rank = models.PositiveSmallIntegerField(null=True)
    kept = models.IntegerField(default=0)
    seed_hash = models.CharField(max_length=64, blank=True, default="")
    sealed_seed = models.BinaryField(null=True)
    seed = models.CharField(max_length=64, blank=True, default="")
    committed_at = models.DateTimeField(null=True)
    drawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["house", "code"], name="drop_code_once_a_house"),
            models.CheckConstraint(condition=Q(kept__gte=0), name="drop_keeps_no_less_than_nothing"),
            models.CheckConstraint(
                condition=Q(kind=Kind.FIRST_COME) | Q(turns_at__isnull=False), name="drop_turn_of_its_kind"
            ),
            models.CheckConstraint(
                condition=Q(drawn_at__isnull=True) | ~Q(seed=""), name="drop_drawn_with_its_seed"
            ),
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

    # The unique keys begin with the drop and with the person, and few places have an order: each index costs the rush
    # a write a row. Whoever writes a place has locked the drop's row, so that the database need not look for it.
    drop = models.ForeignKey(
        Drop, on_delete=models.PROTECT, related_name="reservations", db_index=False, db_constraint=False
    )
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    seq = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=[(hold, hold) for hold in Hold])
    reserved_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    order = models.ForeignKey(
        "boutique.Order", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        indexes = [
            models.Index(fields=["order"], condition=Q(order__isnull=False), name="reservation_order"),
            models.Index(fields=["expires_at"], condition=Q(state="reserved"), name="reservation_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["person", "drop"], name="reservation_once_a_person"),
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
    detail = models.CharField(max_length=120, blank=True, default="")
    at = models.DateTimeField()


class Lapse(models.Model):
    """A reservation that ended unpaid, and where its piece went: `next` in line, for `sale`, or `online` again."""

    drop = models.ForeignKey(Drop, on_delete=models.CASCADE, related_name="lapses")
    seq = models.BigIntegerField()
    reserved_at = models.DateTimeField()
    at = models.DateTimeField()
    went = models.CharField(max_length=8)
    next_seq = models.BigIntegerField(null=True)

    class Meta:
        # A place handed on keeps its number, so that the same place may lapse only once.
        constraints = [models.UniqueConstraint(fields=["drop", "seq"], name="lapse_once_a_place")]


class Registration(models.Model):
    """That a person said before the opening that they would come."""

    drop = models.ForeignKey(Drop, on_delete=models.CASCADE, related_name="registrations")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["drop", "person"], name="registration_once_a_person")]


class Credential(models.Model):
    """That a person has visited a boutique or bought a piece, and when first."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=[(proof, proof) for proof in Proof if proof])
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["house", "person", "kind"], name="credential_once_a_kind")
        ]


class TicketCount(models.Model):
    """How many tickets a person was given in the minute that began at `minute_at`."""

    drop = models.ForeignKey(Drop, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    minute_at = models.DateTimeField()
    given = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["drop", "person"], name="ticket_count_once_a_person")]


class Screening(models.Model):
    """How risky WeChat found somebody who came to a drop, and what that came to; nobody once they are forgotten."""

    drop = models.ForeignKey(Drop, on_delete=models.CASCADE, related_name="screenings")
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField(null=True)
    state = models.CharField(max_length=12, choices=[(state, state) for state in Screened])
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    user_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["drop", "person"], name="screening_once_a_person")]


class Entry(models.Model):
    """A person in a draw by a code that tells nothing of them; `rank` once it is drawn, from 1."""

    drop = models.ForeignKey(Drop, on_delete=models.PROTECT, related_name="entries")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=16)
    at = models.DateTimeField()
    rank = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["drop", "person"], name="entry_once_a_person"),
            models.UniqueConstraint(fields=["drop", "code"], name="entry_once_a_code"),
            models.UniqueConstraint(fields=["drop", "rank"], name="entry_once_a_rank"),
        ]


class Allocation(models.Model):
    """How many pieces of an invited release an associate may give to clients of theirs."""

    drop = models.ForeignKey(Drop, on_delete=models.CASCADE, related_name="allocations")
    associate_id = models.BigIntegerField()
    pieces = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["drop", "associate_id"], name="allocation_once_an_associate")
        ]


class Invitation(models.Model):
    """That a person may come: with a piece of an associate's, or to the pool (`associate_id` empty).

    `taken_at` is when the piece that was kept for them was reserved.
    """

    drop = models.ForeignKey(Drop, on_delete=models.CASCADE, related_name="invitations")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    associate_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["drop", "person"], name="invitation_once_a_person")]
