"""Keeps broadcasts, the calls they are divided into and who is in each, from which a month's quota is counted."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from seta.broadcasts.rules.states import BatchState, State


class Broadcast(models.Model):
    """A text in up to three languages, or an approved article, for the followers of a segment at an instant.

    `meant` followers fitted when it was divided and `left_out` of them had no broadcast left that month. `drafts` are
    WeChat's numbers of the article by language. `next_at` is when the worker looks again.
    """

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=80)
    texts = models.JSONField(default=dict)
    article = models.ForeignKey("articles.Article", null=True, on_delete=models.PROTECT, related_name="+")
    segment = models.JSONField(default=dict)
    keep_back = models.PositiveSmallIntegerField(default=1)
    send_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=9, choices=[(each, each) for each in State], default=State.DRAFT)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)
    next_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    drafts = models.JSONField(default=dict)
    meant = models.PositiveIntegerField(null=True)
    left_out = models.PositiveIntegerField(null=True)
    sent_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | Q(written_by=None) | ~Q(decided_by=F("written_by")),
                name="broadcast_two_people",
            )
        ]
        indexes = [models.Index(fields=["next_at"], name="broadcast_due")]

    def __str__(self) -> str:
        return f"{self.title}: {self.state}"


class Batch(models.Model):
    """One call to WeChat: at most 10,000 followers in one language; the last three columns are WeChat's report."""

    broadcast = models.ForeignKey(Broadcast, on_delete=models.CASCADE, related_name="batches")
    number = models.PositiveIntegerField()
    language = models.CharField(max_length=2)
    state = models.CharField(
        max_length=7, choices=[(each, each) for each in BatchState], default=BatchState.WAITING
    )
    asked_at = models.DateTimeField(null=True)
    msg_id = models.CharField(max_length=40, blank=True)
    sent_at = models.DateTimeField(null=True)
    allowed = models.PositiveIntegerField(null=True)
    reached = models.PositiveIntegerField(null=True)
    failed = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["broadcast", "number"], name="broadcast_batch_once")]
        indexes = [models.Index(fields=["msg_id"], name="broadcast_batch_report")]

    def __str__(self) -> str:
        return f"{self.broadcast_id} part {self.number}: {self.state}"


class Recipient(models.Model):
    """A follower in a batch; `month` is when it counts, such as 2026-11 by Beijing's calendar, "" once it failed."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="recipients")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    month = models.CharField(max_length=7, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "person"], name="broadcast_recipient_once")]
        indexes = [models.Index(fields=["person", "month"], name="broadcast_received")]

    def __str__(self) -> str:
        return f"person {self.person_id} in {self.batch_id}"
