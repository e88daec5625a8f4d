"""What is paid and given back: intents, attempts, refunds, and what their providers signed."""

from django.db import models
from django.db.models import Q


class Intent(models.Model):
    """That somebody is to pay an amount for a reference; its state follows signed facts only.

    `payee` is the partner that sold, none when the house did, and `commission` what the house keeps of it.
    `rate_gain` is what the clearing account carries for it beyond `settle_amount`: not zero when it was paid
    after its quote had expired and the rate had moved.
    """

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
    payee = models.ForeignKey("payments.Payee", on_delete=models.PROTECT, null=True, related_name="+")
    commission = models.BigIntegerField(default=0)
    rate_gain = models.BigIntegerField(default=0)
    state = models.CharField(max_length=24)
    campaign = models.CharField(max_length=64, blank=True)
    associate_id = models.BigIntegerField(null=True)
    boutique_code = models.CharField(max_length=40, blank=True, default="")
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
                condition=Q(state__in=["requires_confirmation", "processing", "requires_action", "unknown"]),
                name="payments_one_open_intent_a_reference",
            ),
        ]
        indexes = [
            models.Index(fields=["house", "opened_at"], name="payments_intent_opened"),
            models.Index(fields=["house", "booked_at"], name="payments_intent_booked"),
            models.Index(fields=["house", "boutique_code", "opened_at"], name="payments_intent_boutique"),
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
    """Money on its way back under one refund number, however often it is sent.

    `settle_amount` and `fee` are its share of the payment's; the clearing account gives up `rate_gain` more
    than `settle_amount`, and `day_gain` more again under the policy refund_day. `rate_policy` is the house's when
    it was asked for.
    """

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    intent = models.ForeignKey(Intent, on_delete=models.PROTECT, related_name="refunds")
    out_refund_no = models.CharField(max_length=64, unique=True)
    provider_number = models.CharField(max_length=64, blank=True)
    amount = models.BigIntegerField()
    settle_amount = models.BigIntegerField()
    fee = models.BigIntegerField()
    commission = models.BigIntegerField(default=0)
    rate_gain = models.BigIntegerField(default=0)
    day_gain = models.BigIntegerField(default=0)
    rate_policy = models.CharField(max_length=12, default="original")
    reason = models.CharField(max_length=80)
    state = models.CharField(max_length=16)
    requested_by = models.BigIntegerField(null=True)
    approved_by = models.BigIntegerField(null=True)
    requested_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    asked_times = models.PositiveIntegerField(default=0)
    booked_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=200, blank=True)
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
