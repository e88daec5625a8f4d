"""What platforms have sent, each once, with the reply it got; and what was turned away, with its reason."""

from django.db import models


class Callback(models.Model):
    """A verified push, kept under its platform's own identity before it is acknowledged."""

    source = models.CharField(max_length=12)
    account_id = models.BigIntegerField()
    external_id = models.CharField(max_length=160)
    house_id = models.BigIntegerField()
    kind = models.CharField(max_length=80)
    body = models.BinaryField()
    answer = models.TextField(blank=True)
    received_at = models.DateTimeField()
    handled = models.BooleanField(default=True)
    repeats = models.PositiveIntegerField(default=0)
    tries = models.PositiveIntegerField(db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "account_id", "external_id"], name="callback_kept_once")
        ]
        indexes = [
            models.Index(fields=["tries", "id"], condition=models.Q(handled=False), name="callback_unhandled")
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.external_id}"


class Refusal(models.Model):
    """A push that was turned away: no body is kept, only why and when."""

    source = models.CharField(max_length=12)
    account_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=40)
    detail = models.CharField(max_length=300, blank=True)
    size = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.source} refused: {self.reason}"
