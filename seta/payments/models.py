"""The tables of payments: what was promised, what was sent, what the provider signed, what was settled."""

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


class Intent(models.Model):
    """That somebody is to pay an amount for a reference; its state follows signed facts only."""

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.SET_NULL, null=True, related_name="+")
    number = models.CharField(max_length=40, unique=True)
    reference = models.CharField(max_length=64)
    description = models.CharField(max_length=127)
    method = models.CharField(max_length=20)
    provider = models.CharField(max_length=12)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    settle_amount = models.BigIntegerField()
    settle_currency = models.CharField(max_length=3)
    fee = models.BigIntegerField()
    state = models.CharField(max_length=24)
    campaign = models.CharField(max_length=64, blank=True)
    associate_id = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    booked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0) & Q(settle_amount__gt=0), name="payments_intent_positive"
            ),
            models.UniqueConstraint(
                fields=["house", "reference"],
                condition=~Q(state__in=["canceled", "expired", "failed", "reversed"]),
                name="payments_one_live_intent_a_reference",
            ),
        ]
        indexes = [
            models.Index(fields=["house", "opened_at"], name="payments_intent_opened"),
            models.Index(fields=["house", "booked_at"], name="payments_intent_booked"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.amount} {self.currency} {self.state}"


class Attempt(models.Model):
    """What is sent to the provider under our own number, kept before its first byte leaves."""

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    intent = models.OneToOneField(Intent, on_delete=models.PROTECT, related_name="attempt")
    provider = models.CharField(max_length=12)
    out_trade_no = models.CharField(max_length=32)
    provider_number = models.CharField(max_length=64, blank=True)
    prepay_id = models.CharField(max_length=128, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    asked_times = models.PositiveIntegerField(default=0)
    provider_fee = models.BigIntegerField(null=True)
    reconciled_at = models.DateTimeField(null=True)
    converted_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "out_trade_no"], name="payments_out_trade_no_once"),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"], condition=Q(sent_at__isnull=False), name="payments_attempt_asked"
            )
        ]

    def __str__(self) -> str:
        return self.out_trade_no


class Refund(models.Model):
    """Money on its way back under one refund number, however often it is sent."""

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    intent = models.ForeignKey(Intent, on_delete=models.PROTECT, related_name="refunds")
    out_refund_no = models.CharField(max_length=64, unique=True)
    provider_number = models.CharField(max_length=64, blank=True)
    amount = models.BigIntegerField()
    settle_amount = models.BigIntegerField()
    fee = models.BigIntegerField()
    reason = models.CharField(max_length=80)
    state = models.CharField(max_length=16)
    requested_by = models.BigIntegerField(null=True)
    approved_by = models.BigIntegerField(null=True)
    requested_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    asked_times = models.PositiveIntegerField(default=0)
    booked_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=200, blank=True)
    provider_fee = models.BigIntegerField(null=True)
    reconciled_at = models.DateTimeField(null=True)
    converted_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0) & Q(settle_amount__gte=0) & Q(fee__gte=0),
                name="payments_refund_positive",
            ),
        ]
        indexes = [models.Index(fields=["house", "booked_at"], name="payments_refund_booked")]

    def __str__(self) -> str:
        return f"{self.out_refund_no} {self.amount} {self.state}"


class ProviderFact(models.Model):
    """What a provider has signed about a payment or refund, as it said it."""

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    provider = models.CharField(max_length=12)
    source = models.CharField(max_length=12)
    out_trade_no = models.CharField(max_length=64)
    out_refund_no = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=16)
    amount = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    digest = models.CharField(max_length=64)
    body = models.JSONField()
    happened_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    external_id = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["house", "provider", "source", "out_trade_no", "digest"], name="payments_fact_once"
            ),
        ]
        indexes = [models.Index(fields=["provider", "out_trade_no"], name="payments_fact_trade")]

    def __str__(self) -> str:
        return f"{self.provider} {self.source} {self.out_trade_no} {self.state}"


class IdempotencyKey(models.Model):
    """A caller's own key for one request, with the answer it got; kept as long as its object."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE, related_name="+")
    scope = models.CharField(max_length=20)
    key = models.CharField(max_length=120)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.JSONField(null=True)
    started_at = models.DateTimeField()
    object_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["house", "scope", "key"], name="payments_key_once"),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"


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
