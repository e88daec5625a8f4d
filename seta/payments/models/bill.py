"""A provider's bills, held against the books, and the breaks that somebody must explain."""

from django.db import models


class Bill(models.Model):
    """A provider's bill of one day, kept as it came."""

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    provider = models.CharField(max_length=12)
    bill_on = models.DateField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    row_count = models.PositiveIntegerField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["house", "provider", "bill_on", "sha256"], name="payments_bill_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.bill_on}"


class BillLine(models.Model):
    """One line of a bill: a payment or a refund, in minor units of its currency."""

    bill = models.ForeignKey(Bill, on_delete=models.CASCADE, related_name="lines")
    line = models.PositiveIntegerField()
    key = models.CharField(max_length=70)
    provider_number = models.CharField(max_length=64, blank=True)
    amount = models.BigIntegerField()
    fee = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=20)
    happened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bill", "line"], name="payments_bill_line_once"),
        ]
        indexes = [models.Index(fields=["key"], name="payments_bill_line_key")]

    def __str__(self) -> str:
        return f"{self.key} {self.amount}"


class ReconRun(models.Model):
    """One bill held against the books: lines in each category, and the differences as they were found."""

    bill = models.OneToOneField(Bill, on_delete=models.PROTECT, related_name="run")
    counts = models.JSONField()
    differences = models.JSONField()
    ran_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"run of bill {self.bill_id}"


class Break(models.Model):
    """A difference that somebody must explain: what we say, what the provider says, who owns it."""

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
