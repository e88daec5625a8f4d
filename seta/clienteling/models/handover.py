"""Clients handed from one associate to another, by WeCom's rules."""

from django.db import models
from django.db.models import F, Q

from seta.clienteling.models.associates import Associate


class Handover(models.Model):
    """A hand-over of clients; `finished_at` once WeCom has said how it ended for every one of them."""

    class Kind(models.TextChoices):
        RESIGNED = "resigned"
        IN_SERVICE = "in_service"

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    giver = models.ForeignKey(Associate, on_delete=models.PROTECT, related_name="+")
    taker = models.ForeignKey(Associate, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    reason = models.CharField(max_length=200)
    started_by = models.BigIntegerField()
    started_at = models.DateTimeField()
    polled_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(giver=F("taker")), name="handover_between_two"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} hand-over from {self.giver_id} to {self.taker_id}"


class HandoverClient(models.Model):
    """How far the hand-over of one client is; `code` is WeCom's errcode when it would not begin."""

    class State(models.TextChoices):
        PLANNED = "planned"
        WAITING = "waiting"
        TAKEN_OVER = "taken_over"
        REFUSED = "refused"
        LIMIT_REACHED = "limit_reached"
        NOT_BEGUN = "not_begun"
        CANCELLED = "cancelled"

    handover = models.ForeignKey(Handover, on_delete=models.CASCADE, related_name="clients")
    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    external_userid = models.CharField(max_length=128)
    state = models.CharField(max_length=14, choices=State, default=State.PLANNED)
    code = models.CharField(max_length=12, blank=True)
    asked_at = models.DateTimeField(null=True)
    effective_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["handover", "external_userid"], name="handover_client_once"),
            models.UniqueConstraint(
                fields=["house", "external_userid"],
                condition=Q(state__in=["planned", "waiting"]),
                name="handover_one_open_a_client",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.external_userid}: {self.state}"
