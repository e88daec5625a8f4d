"""What a house has agreed, who agreed to it, and what a yuan is worth to it: terms, changes, rates, quotes."""

from django.db import models
from django.db.models import Q


class Terms(models.Model):
    """What a house has agreed: fees in basis points, limits in minor units, and where it is paid.

    `refund_policy` says at which rate a refund leaves the books (original | refund_day), `rate_sources` whose
    daily rate is asked first (comma separated; empty means the product's order).
    """

    house = models.OneToOneField("houses.House", on_delete=models.CASCADE, related_name="+", primary_key=True)
    fee_bps = models.PositiveIntegerField()
    spread_bps = models.PositiveIntegerField()
    settlement_minimum = models.BigIntegerField()
    second_person_above = models.BigIntegerField()
    refund_policy = models.CharField(max_length=12, default="original")
    rate_sources = models.CharField(max_length=80, blank=True, default="")
    creditor_name = models.CharField(max_length=70, blank=True)
    creditor_iban = models.CharField(max_length=34, blank=True)
    debtor_name = models.CharField(max_length=70, blank=True)
    debtor_iban = models.CharField(max_length=34, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(fee_bps__lt=10_000) & Q(spread_bps__lt=10_000), name="payments_terms_bps"
            ),
        ]

    def __str__(self) -> str:
        return f"terms of {self.house_id}"


class Change(models.Model):
    """What one member wants changed in rates or terms; never updated, a decision is a row of its own.

    `subject` is what within the kind (a currency, a route), `before` and `after` its values.
    """

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)
    subject = models.CharField(max_length=40, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField()
    reason = models.CharField(max_length=200)
    proposed_by = models.BigIntegerField()
    proposed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["house", "proposed_at"], name="payments_change_house")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.before} -> {self.after}"


class ChangeDecision(models.Model):
    """What became of a proposed change: approved by another member (and in force), or declined; once, for good."""

    change = models.OneToOneField(Change, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=8)
    decided_by = models.BigIntegerField()
    decided_at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["approved", "declined"]), name="payments_change_outcome"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} by {self.decided_by}"


class Rate(models.Model):
    """A house's exchange rate by a source: `counter` units for one `base` unit, scaled by 10^8.

    A fixed rate counts from 1970-01-01; a daily one from its day until the source's next.
    """

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=12)
    base = models.CharField(max_length=3)
    counter = models.CharField(max_length=3)
    scaled = models.BigIntegerField()
    valid_on = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(scaled__gt=0), name="payments_rate_positive"),
            models.UniqueConstraint(
                fields=["house", "source", "base", "counter", "valid_on"], name="payments_rate_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.base}/{self.counter} {self.scaled}"


class Quote(models.Model):
    """A locked rate for one amount, good until it expires and for one intent only."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE, related_name="+")
    base = models.CharField(max_length=3)
    counter = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    counter_amount = models.BigIntegerField()
    reference_scaled = models.BigIntegerField()
    scaled = models.BigIntegerField()
    spread_bps = models.PositiveIntegerField()
    source = models.CharField(max_length=12)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    consumed_by = models.OneToOneField(
        "payments.Intent", on_delete=models.PROTECT, null=True, related_name="quote"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0) & Q(counter_amount__gt=0) & Q(scaled__gt=0),
                name="payments_quote_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.base} = {self.counter_amount} {self.counter}"
