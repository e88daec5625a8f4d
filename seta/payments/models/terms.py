"""What a house has agreed and what a yuan is worth to it: terms, rates and locked quotes."""

from django.db import models
from django.db.models import Q


class Terms(models.Model):
    """What a house has agreed: fees in basis points, limits in minor units, and where it is paid."""

    house = models.OneToOneField("houses.House", on_delete=models.CASCADE, related_name="+", primary_key=True)
    fee_bps = models.PositiveIntegerField()
    spread_bps = models.PositiveIntegerField()
    settlement_minimum = models.BigIntegerField()
    second_person_above = models.BigIntegerField()
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


class Rate(models.Model):
    """A house's exchange rate: `counter` units for one `base` unit, scaled by 10^8.

    A fixed rate counts from 1970-01-01; a daily one from its day until the next.
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
                fields=["house", "base", "counter", "valid_on"], name="payments_rate_once_a_day"
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
