"""Where a house wants to hear its facts, each message that it hears, and every attempt to bring it."""

from django.db import models
from django.db.models import Q


class Endpoint(models.Model):
    """An address of a house, the facts it has chosen, and what signs for it: a shared secret, and a key of its own.

    The secret and the key change together; until `previous_until` those before them sign too.
    """

    class State(models.TextChoices):
        ACTIVE = "active"
        DISABLED = "disabled"
        GONE = "gone"

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE, related_name="+")
    url = models.CharField(max_length=500)
    note = models.CharField(max_length=80, blank=True)
    facts = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    sealed_secret = models.BinaryField()
    sealed_previous = models.BinaryField(null=True)
    public_key = models.CharField(max_length=60)
    sealed_key = models.BinaryField()
    previous_public_key = models.CharField(max_length=60, blank=True, default="")
    sealed_previous_key = models.BinaryField(null=True)
    previous_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    created_by = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["house", "url"], name="webhooks_endpoint_once_a_house"),
        ]

    def __str__(self) -> str:
        return self.url


class Message(models.Model):
    """A fact in its public form, kept as the very text that is signed; ordered in its object by `sequence`."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=80)
    object_key = models.CharField(max_length=80)
    sequence = models.BigIntegerField()
    body = models.TextField()
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["house", "sequence"], name="webhooks_message_event"),
            models.Index(fields=["recorded_at"], name="webhooks_message_time"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.kind}"


class Delivery(models.Model):
    """One message on its way to one endpoint: waiting, done, or dead after the last attempt."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        DEAD = "dead"

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    object_key = models.CharField(max_length=80)
    sequence = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "message"], name="webhooks_delivery_once"),
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "due_at"], condition=Q(state="waiting"), name="webhooks_delivery_due"
            ),
            models.Index(
                fields=["endpoint", "object_key", "sequence"],
                condition=Q(state="waiting"),
                name="webhooks_delivery_line",
            ),
            models.Index(fields=["endpoint", "-id"], name="webhooks_delivery_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} to {self.endpoint_id}: {self.state}"


class Attempt(models.Model):
    """One try: the HTTP status (or what went wrong), how long it took, and the start of what was answered."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    problem = models.CharField(max_length=40, blank=True)
    milliseconds = models.PositiveIntegerField(default=0)
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["delivery", "at"], name="webhooks_attempt_of")]

    def __str__(self) -> str:
        return f"{self.status or self.problem}"
