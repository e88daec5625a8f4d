"""What is paid out: batches and their lines, what banks said about them, and the rounds that make them."""

from django.db import models
from django.db.models import Q

from seta.payments.models.intent import Intent, Refund
from seta.payments.models.payee import Payee


class SettlementBatch(models.Model):
    """What a payee is paid up to a cut-off, in one currency, with the file its bank gets.

    Without a payee it is the house's own. A day may have several: what is booked or released after one batch
    was made goes into the next. `released_by` and `second_by` are members.
    """

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    payee = models.ForeignKey(Payee, on_delete=models.PROTECT, null=True, related_name="+")
    number = models.CharField(max_length=40, unique=True)
    currency = models.CharField(max_length=3)
    cutoff_on = models.DateField()
    cutoff_at = models.DateTimeField(null=True)
    gross = models.BigIntegerField()
    refunded = models.BigIntegerField()
    fees = models.BigIntegerField()
    commissions = models.BigIntegerField(default=0)
    total = models.BigIntegerField()
    state = models.CharField(max_length=12)
    bank_file = models.TextField()
    created_at = models.DateTimeField()
    released_by = models.BigIntegerField(null=True)
    second_by = models.BigIntegerField(null=True)
    released_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    return_reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(total__gt=0), name="payments_batch_pays"),
            models.CheckConstraint(
                condition=Q(second_by__isnull=True) | ~Q(second_by=models.F("released_by")),
                name="payments_batch_by_two",
            ),
        ]
        indexes = [models.Index(fields=["house", "currency", "cutoff_on"], name="payments_batch_day")]

    def __str__(self) -> str:
        return self.number


class SettlementLine(models.Model):
    """A payment, refund, reversal or a commission of one inside a batch, exactly once in any that stands.

    The lines of a batch that the bank returned stay with it; what they stood for is due again.
    """

    batch = models.ForeignKey(SettlementBatch, on_delete=models.PROTECT, related_name="lines")
    kind = models.CharField(max_length=20, default="payment")
    intent = models.ForeignKey(Intent, on_delete=models.PROTECT, null=True, related_name="settlement_lines")
    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, null=True, related_name="settlement_lines")
    gross = models.BigIntegerField()
    fee = models.BigIntegerField()
    commission = models.BigIntegerField(default=0)
    net = models.BigIntegerField()
    is_returned = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(intent__isnull=True, refund__isnull=False)
                | Q(intent__isnull=False, refund__isnull=True),
                name="payments_line_of_one",
            ),
            models.UniqueConstraint(
                fields=["intent", "kind"], condition=Q(is_returned=False), name="payments_line_intent_once"
            ),
            models.UniqueConstraint(
                fields=["refund", "kind"], condition=Q(is_returned=False), name="payments_line_refund_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.net}"


class Payout(models.Model):
    """What a provider says it paid to the house's bank, until the bank's credit agrees (`held_at`).

    `first_on` and `last_on` are the Beijing days whose sales it pays, where the provider says so.
    """

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    provider = models.CharField(max_length=12)
    reference = models.CharField(max_length=60)
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    settled_on = models.DateField()
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)
    told_at = models.DateTimeField()
    held_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["house", "provider", "reference", "currency"], name="payments_payout_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.reference}"


class BankReport(models.Model):
    """A bank's own file about an account, kept once, and what came of it."""

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    content = models.BinaryField()
    outcome = models.JSONField()
    received_by = models.BigIntegerField(null=True)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["house", "digest"], name="payments_bank_report_once"),
        ]

    def __str__(self) -> str:
        return self.digest[:12]


class ScheduleStep(models.Model):
    """One step of a house's daily round for one day: done once, tried again while it fails.

    `step` is bill, conversion or settlement, `subject` the provider or the payee with its currency.
    """

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    step = models.CharField(max_length=12)
    subject = models.CharField(max_length=48)
    day = models.DateField()
    state = models.CharField(max_length=8)
    attempts = models.PositiveIntegerField(default=0)
    detail = models.CharField(max_length=200, blank=True)
    tried_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    is_late = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["house", "step", "subject", "day"], name="payments_schedule_once_a_day"
            ),
        ]
        indexes = [models.Index(fields=["house", "day"], name="payments_schedule_day")]

    def __str__(self) -> str:
        return f"{self.step} {self.subject} {self.day} {self.state}"
