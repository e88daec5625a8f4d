"""What a house is paid: batches and their lines."""

from django.db import models
from django.db.models import Q

from seta.payments.models.intent import Intent, Refund


class SettlementBatch(models.Model):
    """What a house is paid up to a cut-off, in one currency, with the file its bank gets.

    A day may have several: what is booked or released after one batch was made goes into the next.
    """

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=40, unique=True)
    currency = models.CharField(max_length=3)
    cutoff_on = models.DateField()
    gross = models.BigIntegerField()
    refunded = models.BigIntegerField()
    fees = models.BigIntegerField()
    total = models.BigIntegerField()
    state = models.CharField(max_length=12)
    bank_file = models.TextField()
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(total__gt=0), name="payments_batch_pays"),
        ]
        indexes = [models.Index(fields=["house", "currency", "cutoff_on"], name="payments_batch_day")]

    def __str__(self) -> str:
        return self.number


class SettlementLine(models.Model):
    """A payment or a refund inside a batch, exactly once in any."""

    batch = models.ForeignKey(SettlementBatch, on_delete=models.PROTECT, related_name="lines")
    intent = models.OneToOneField(Intent, on_delete=models.PROTECT, null=True, related_name="settlement_line")
    refund = models.OneToOneField(Refund, on_delete=models.PROTECT, null=True, related_name="settlement_line")
    gross = models.BigIntegerField()
    fee = models.BigIntegerField()
    net = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(intent__isnull=True, refund__isnull=False)
                | Q(intent__isnull=False, refund__isnull=True),
                name="payments_line_of_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.net}"
