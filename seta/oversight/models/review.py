"""What policy found in a message, what people said about it, and who read what was said."""

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
    """A rule's hits in one message, waiting for a person's judgement.

    `round` is the judgement that is wanted next: the second when four eyes were drawn, the third when two disagreed.
    `verdict` is the last word, empty until the alert is closed.
    """

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
    round = models.PositiveSmallIntegerField(default=1)
    verdict = models.CharField(max_length=16, blank=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    breached_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    escalation = models.CharField(max_length=300, blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "rule"], name="alert_once_a_rule"),
            models.CheckConstraint(condition=models.Q(round__gte=1, round__lte=3), name="alert_three_rounds"),
        ]
        indexes = [
            models.Index(fields=["house", "state", "due_at"], name="alert_queue"),
            models.Index(fields=["house", "rule", "opened_at"], name="alert_by_rule"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} ({self.state})"


class BulkClosing(models.Model):
    """Alerts of one rule closed together for one reason; may be undone for a while."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    rule = models.CharField(max_length=80)
    verdict = models.CharField(max_length=16)
    reason = models.CharField(max_length=500)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    alerts = models.PositiveIntegerField()
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.alerts} alerts of {self.rule} closed together"


class Review(models.Model):
    """One reviewer's verdict on an alert, and why; nobody judges the same alert twice."""

    class Verdict(models.TextChoices):
        TRUE_POSITIVE = "true_positive"
        FALSE_POSITIVE = "false_positive"
        BENIGN_CONTEXT = "benign_context"

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="reviews")
    round = models.PositiveSmallIntegerField(default=1)
    verdict = models.CharField(max_length=16, choices=Verdict)
    reason = models.CharField(max_length=500)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    bulk = models.ForeignKey(BulkClosing, null=True, on_delete=models.SET_NULL, related_name="reviews")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["alert", "round"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="review_once_a_round",
            ),
            models.UniqueConstraint(
                fields=["alert", "reviewer"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="review_once_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} on alert {self.alert_id}"


class QueuePlan(models.Model):
    """How alerts of a queue find a reviewer, who answers for it, and whose turn was last."""

    class Assignment(models.TextChoices):
        MANUAL = "manual"
        ROUND_ROBIN = "round_robin"
        WORKLOAD = "workload"

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    queue = models.CharField(max_length=80)
    assignment = models.CharField(max_length=12, choices=Assignment, default=Assignment.MANUAL)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    last_turn = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["house", "queue"], name="queue_plan_once")]

    def __str__(self) -> str:
        return f"queue {self.queue}: {self.assignment}"


class Reveal(models.Model):
    """That a reviewer was shown the names behind an alert's pseudonyms, and why."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    alert = models.ForeignKey(Alert, on_delete=models.CASCADE)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "user"], name="reveal_once")]

    def __str__(self) -> str:
        return f"names of alert {self.alert_id} shown to {self.user_id}"


class Reading(models.Model):
    """That somebody opened what was said: for which purpose, how much of it. The words are not here."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    alert = models.ForeignKey(Alert, null=True, on_delete=models.SET_NULL)
    conversation_digest = models.CharField(max_length=32)
    purpose = models.CharField(max_length=20)
    note = models.CharField(max_length=300, blank=True)
    messages = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["house", "at"], name="reading_by_time")]

    def __str__(self) -> str:
        return f"{self.user_id} read {self.messages} messages for {self.purpose}"


class Coaching(models.Model):
    """What a reviewer writes to an associate about how they write to clients; all that they see of a review."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    alert = models.ForeignKey(Alert, null=True, on_delete=models.SET_NULL)
    rule = models.CharField(max_length=80)
    userid = models.CharField(max_length=128)
    text = models.CharField(max_length=500)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    sent_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["house", "userid", "sent_at"], name="coaching_of_associate")]

    def __str__(self) -> str:
        return f"coaching for {self.userid}"
