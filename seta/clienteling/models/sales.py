"""Sales credited to associates, how their commission is split, returned and disputed."""

from django.db import models
from django.db.models import F, Q

from seta.clienteling.models.associates import Associate
from seta.clienteling.models.content import ProductShare


class SaleCredit(models.Model):
    """An order credited to an associate; amounts in minor units, `commission` in the settlement currency."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    associate = models.ForeignKey(Associate, on_delete=models.PROTECT)
    person = models.ForeignKey("people.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    order_id = models.BigIntegerField(unique=True)
    number = models.CharField(max_length=32)
    campaign = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=16)
    share = models.ForeignKey(ProductShare, null=True, on_delete=models.SET_NULL)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    settle_amount = models.BigIntegerField()
    settle_currency = models.CharField(max_length=3)
    commission_bps = models.PositiveIntegerField()
    commission = models.BigIntegerField()
    clawed_back = models.BigIntegerField(default=0)
    credited_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(clawed_back__gte=0, clawed_back__lte=F("commission")),
                name="claw_back_at_most_all",
            )
        ]

    def __str__(self) -> str:
        return f"order {self.number} for associate {self.associate_id}"


class SaleReturn(models.Model):
    """Money of an order that went back; kept even before the sale is credited, since facts arrive in any order."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    order_id = models.BigIntegerField(db_index=True)
    refund_id = models.BigIntegerField(unique=True)
    settle_amount = models.BigIntegerField()
    is_whole = models.BooleanField()
    returned_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"refund {self.refund_id} of order {self.order_id}"


class AttributionPolicy(models.Model):
    """Whose sale it is and how its commission is split, from `valid_from` until the next one; windows in days."""

    class Model(models.TextChoices):
        LAST_TOUCH = "last_touch"
        FIRST_CONTACT = "first_contact"
        PRIMARY = "primary"

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    valid_from = models.DateTimeField()
    model = models.CharField(max_length=16, choices=Model, default=Model.LAST_TOUCH)
    touch_days = models.PositiveSmallIntegerField(default=14)
    share_days = models.PositiveSmallIntegerField(default=30)
    primary_bps = models.PositiveIntegerField(default=0)
    made_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["house", "valid_from"], name="attribution_policy_once"),
            models.CheckConstraint(condition=Q(primary_bps__lte=10_000), name="primary_share_at_most_all"),
        ]

    def __str__(self) -> str:
        return f"{self.model} of house {self.house_id}"


class CommissionShare(models.Model):
    """An associate's part of a sale in basis points; the parts of a sale make 10,000."""

    credit = models.ForeignKey(SaleCredit, on_delete=models.CASCADE, related_name="shares")
    associate = models.ForeignKey(Associate, on_delete=models.PROTECT)
    position = models.PositiveSmallIntegerField()
    bps = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["credit", "associate"], name="commission_share_once"),
            models.CheckConstraint(condition=Q(bps__gt=0, bps__lte=10_000), name="commission_share_part"),
        ]

    def __str__(self) -> str:
        return f"{self.bps} of sale {self.credit_id} for associate {self.associate_id}"


class CommissionEntry(models.Model):
    """A line of an associate's statement, never changed: earned, returned or moved; signed minor units."""

    class Kind(models.TextChoices):
        EARNED = "earned"
        RETURNED = "returned"
        MOVED = "moved"

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    credit = models.ForeignKey(SaleCredit, on_delete=models.PROTECT, related_name="entries")
    associate = models.ForeignKey(Associate, on_delete=models.PROTECT)
    kind = models.CharField(max_length=10, choices=Kind)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="commission_entry_moves")]
        indexes = [models.Index(fields=["house", "associate", "at"], name="commission_statement")]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.currency} for associate {self.associate_id}"


class CommissionDispute(models.Model):
    """An associate's claim to a sale and what a supervisor decided; kept for good."""

    class State(models.TextChoices):
        OPEN = "open"
        UPHELD = "upheld"
        REJECTED = "rejected"
        WITHDRAWN = "withdrawn"

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    credit = models.ForeignKey(SaleCredit, on_delete=models.PROTECT, related_name="disputes")
    claimant = models.ForeignKey(Associate, on_delete=models.PROTECT)
    claimed_bps = models.PositiveIntegerField()
    reason = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField()
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=500, blank=True)
    shares_before = models.JSONField(default=dict)
    shares_after = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["credit"], condition=Q(state="open"), name="dispute_one_open_a_sale"
            ),
            models.CheckConstraint(
                condition=Q(claimed_bps__gt=0, claimed_bps__lte=10_000), name="dispute_claims_a_part"
            ),
        ]

    def __str__(self) -> str:
        return f"dispute of sale {self.credit_id}: {self.state}"
