"""A provider's bills, held against the books, and the breaks that somebody must explain."""

from django.db import models

from seta.payments.models.keys import SharedKey


class Bill(models.Model):
    """A provider's file of one day that held, kept as it came: `trade`, `statement`, `settlement` or `fund`.

    A large one is kept under zstd (`packing`); its lines are read from it again when somebody asks for one. Of a
    fund bill with movements, `opening` and `closing` are what the account held before and after them, in fen.
    """

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    provider = models.CharField(max_length=12)
    kind = models.CharField(max_length=12, default="trade")
    bill_on = models.DateField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    packing = models.CharField(max_length=8, blank=True, default="")
    row_count = models.PositiveIntegerField()
    opening = models.BigIntegerField(null=True)
    closing = models.BigIntegerField(null=True)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["house", "provider", "bill_on", "sha256"], name="payments_bill_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.bill_on}"


class RefusedBill(models.Model):
    """A file that was refused whole, kept as it came with the sentence that says why."""

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    provider = models.CharField(max_length=12)
    bill_on = models.DateField(null=True)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    packing = models.CharField(max_length=8, blank=True, default="")
    reason = models.CharField(max_length=300)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["house", "provider", "sha256"], name="payments_refused_bill_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.sha256[:12]}"


class ReconRun(models.Model):
    """One bill held against the books: lines in each category, and the differences as they were found."""

    bill = models.OneToOneField(Bill, on_delete=models.PROTECT, related_name="run")
    counts = models.JSONField()
    differences = models.JSONField()
    ran_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"run of bill {self.bill_id}"


class Confirmation(models.Model):
    """What a bill confirms: that the provider has it too, and the `fee` in fen that it kept for it.

    A million are written at once: no constraint of the database looks each one's payment and run up again, which the
    writing statement has just read; payments, refunds and runs are never deleted.
    """

    run = models.ForeignKey(
        ReconRun, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    fee = models.BigIntegerField()

    class Meta:
        abstract = True


class PaymentConfirmation(Confirmation):
    """A payment that a bill confirms."""

    attempt = SharedKey(
        "payments.Attempt",
        on_delete=models.PROTECT,
        related_name="confirmation",
        primary_key=True,
        db_constraint=False,
    )

    def __str__(self) -> str:
        return f"payment {self.attempt_id} by run {self.run_id}"


class RefundConfirmation(Confirmation):
    """A refund that a bill confirms."""

    refund = SharedKey(
        "payments.Refund",
        on_delete=models.PROTECT,
        related_name="confirmation",
        primary_key=True,
        db_constraint=False,
    )

    def __str__(self) -> str:
        return f"refund {self.refund_id} by run {self.run_id}"


class Break(models.Model):
    """A difference that somebody must explain: what we say, what the provider says, who owns it.

    `gap` in minor units of `gap_currency` is what its proposed journal moves, `their_fee` the fee in fen that the
    bill states. `choice` is how `chosen_by` wants it closed; above the house's limit it waits for `approved_by`.
    """

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    provider = models.CharField(max_length=12)
    key = models.CharField(max_length=70)
    category = models.CharField(max_length=24)
    found_on = models.DateField()
    our_amount = models.BigIntegerField(null=True)
    their_amount = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    detail = models.CharField(max_length=200, blank=True)
    proposal = models.CharField(max_length=200)
    owner_id = models.BigIntegerField(null=True)
    gap = models.BigIntegerField(default=0)
    gap_currency = models.CharField(max_length=3, default="CNY")
    their_fee = models.BigIntegerField(null=True)
    choice = models.CharField(max_length=12, blank=True, default="")
    chosen_by = models.BigIntegerField(null=True)
    approved_by = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolution = models.CharField(max_length=200, blank=True)
    journal_idem = models.CharField(max_length=120, blank=True)
    run = models.ForeignKey(ReconRun, on_delete=models.PROTECT, null=True, related_name="breaks")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["house", "provider", "key", "category"], name="payments_break_once"
            ),
        ]
        indexes = [models.Index(fields=["house", "resolved_at"], name="payments_break_open")]

    def __str__(self) -> str:
        return f"{self.category} {self.key}"
