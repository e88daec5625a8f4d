"""Who is paid besides and before all others: partners of a house, and the bank accounts of each as history."""

from django.db import models
from django.db.models import Q


class Payee(models.Model):
    """A partner that sells through a house, or the house itself under the code `house`.

    `cutoff_hour` is 1 to 24 of the payee's own clock; `schedule_day` a weekday (Monday is 0) or a day of the
    month (1 to 28); `minimum` and `second_person_above` are minor units of the batch's currency.
    """

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=24)
    name = models.CharField(max_length=70)
    currency = models.CharField(max_length=3)
    timezone = models.CharField(max_length=40)
    cutoff_hour = models.PositiveSmallIntegerField(default=24)
    schedule = models.CharField(max_length=8, default="daily")
    schedule_day = models.PositiveSmallIntegerField(default=0)
    minimum = models.BigIntegerField()
    second_person_above = models.BigIntegerField()
    fee_bps = models.PositiveIntegerField()
    commission_bps = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["house", "code"], name="payments_payee_once"),
            models.CheckConstraint(
                condition=Q(fee_bps__lt=10_000) & Q(commission_bps__lt=10_000), name="payments_payee_bps"
            ),
            models.CheckConstraint(
                condition=Q(cutoff_hour__gte=1) & Q(cutoff_hour__lte=24), name="payments_payee_hour"
            ),
            models.CheckConstraint(
                condition=Q(minimum__gte=0) & Q(second_person_above__gte=0), name="payments_payee_limits"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class PayeeAccount(models.Model):
    """Bank details that somebody proposed for a payee; in force is the last approved, none is ever deleted."""

    payee = models.ForeignKey(Payee, on_delete=models.PROTECT, related_name="accounts")
    holder = models.CharField(max_length=70)
    iban = models.CharField(max_length=34)
    bic = models.CharField(max_length=11, blank=True)
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=8)
    proposed_by = models.BigIntegerField()
    proposed_at = models.DateTimeField()
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", decided_by__isnull=True)
                | (Q(state__in=["approved", "declined"]) & Q(decided_by__isnull=False)),
                name="payments_account_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved", decided_by=models.F("proposed_by")),
                name="payments_account_by_two",
            ),
        ]
        indexes = [models.Index(fields=["payee", "state", "decided_at"], name="payments_account_state")]

    def __str__(self) -> str:
        return f"{self.iban} {self.state}"
