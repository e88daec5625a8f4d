"""What policy found in a message, and what a person said about it."""

from django.conf import settings
from django.db import models

from seta.oversight.models.archive import ArchivedMessage


class Hit(models.Model):
    """A rule found in a message, with its span in the original text."""

    message = models.ForeignKey(ArchivedMessage, on_delete=models.CASCADE, related_name="hits")
    rule = models.CharField(max_length=80)
    severity = models.CharField(max_length=8)
    action = models.CharField(max_length=8)
    tier = models.CharField(max_length=12)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    policy_version = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.rule} in message {self.message_id}"


class Alert(models.Model):
    """A rule's hits in one message, waiting for a person's judgement."""

    class State(models.TextChoices):
        OPEN = "open"
        CLAIMED = "claimed"
        CLOSED = "closed"

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    message = models.ForeignKey(ArchivedMessage, on_delete=models.CASCADE, related_name="alerts")
    rule = models.CharField(max_length=80)
    severity = models.CharField(max_length=8)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "rule"], name="alert_once_a_rule")]
        indexes = [models.Index(fields=["house", "state", "due_at"], name="alert_queue")]

    def __str__(self) -> str:
        return f"{self.rule} ({self.state})"


class Review(models.Model):
    """A reviewer's verdict on an alert, and why."""

    class Verdict(models.TextChoices):
        TRUE_POSITIVE = "true_positive"
        FALSE_POSITIVE = "false_positive"
        BENIGN_CONTEXT = "benign_context"

    alert = models.OneToOneField(Alert, on_delete=models.CASCADE, related_name="review")
    verdict = models.CharField(max_length=16, choices=Verdict)
    reason = models.CharField(max_length=500)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.verdict} on alert {self.alert_id}"
