"""The outbox: what happened, and what each hearer has made of it."""

from django.db import models


class Event(models.Model):
    """A fact, kept in the transaction that made it true."""

    name = models.CharField(max_length=80)
    house_id = models.BigIntegerField()
    person_id = models.BigIntegerField(null=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    body = models.JSONField()
    laked = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["house_id", "name", "occurred_at"], name="event_house_name"),
            models.Index(fields=["id"], condition=models.Q(laked=False), name="event_unlaked"),
        ]

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"


class Delivery(models.Model):
    """One hearer's copy of an event: due, done, or at rest after too many failures."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="deliveries")
    handler = models.CharField(max_length=120)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    resting = models.BooleanField(default=False)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "handler"], name="delivery_once_a_handler")]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=models.Q(done_at__isnull=True, resting=False),
                name="delivery_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.handler} of event {self.event_id}"
