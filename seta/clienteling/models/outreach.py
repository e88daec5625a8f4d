"""What associates write through the house: drafts to one client, group sends and Moments, welcomes and tags."""

from django.db import models
from django.db.models import Q

from seta.clienteling.models.associates import Associate
from seta.clienteling.models.book import ClientBookEntry
from seta.clienteling.models.content import ProductShare


class MessageDraft(models.Model):
    """A message to one client that passed policy, waits for a supervisor, or never leaves.

    `attachment` is a kind, a code, a title, a mini program page and a picture's SHA-256; `platform_id` names the
    prepared message when it goes by WeCom's template instead of the associate's own hand in the chat.
    """

    class State(models.TextChoices):
        CLEARED = "cleared"
        HELD = "held"
        RELEASED = "released"
        REFUSED = "refused"
        BLOCKED = "blocked"
        HANDING = "handing"
        PREPARED = "prepared"
        SENT = "sent"
        FAILED = "failed"

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    associate = models.ForeignKey(Associate, on_delete=models.CASCADE)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    text = models.TextField(blank=True)
    attachment = models.JSONField(default=dict)
    version = models.ForeignKey("content.AssetVersion", null=True, on_delete=models.PROTECT, related_name="+")
    share = models.ForeignKey(ProductShare, null=True, on_delete=models.SET_NULL)
    state = models.CharField(max_length=10, choices=State)
    rules = models.JSONField(default=list)
    key = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    platform_id = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["associate", "key"], name="draft_once_a_key")]
        indexes = [
            models.Index(fields=["house", "state", "-made_at"], name="draft_by_state"),
            models.Index(fields=["associate", "person", "-made_at"], name="draft_of_client"),
        ]

    def __str__(self) -> str:
        return f"draft to person {self.person_id}: {self.state}"


class Outreach(models.Model):
    """A group send or a post for Moments: prepared at WeCom from `due_at`, sent by each associate's own hand."""

    class Kind(models.TextChoices):
        GROUP = "group"
        MOMENTS = "moments"

    class State(models.TextChoices):
        HELD = "held"
        REFUSED = "refused"
        SCHEDULED = "scheduled"
        PREPARING = "preparing"
        PREPARED = "prepared"
        CANCELLED = "cancelled"
        CLOSED = "closed"
        FAILED = "failed"

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=10, choices=State)
    text = models.TextField(blank=True)
    attachment = models.JSONField(default=dict)
    pictures = models.JSONField(default=list)
    tags = models.JSONField(default=list)
    rules = models.JSONField(default=list)
    made_by = models.BigIntegerField()
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    job_id = models.CharField(max_length=64, blank=True)
    prepared_at = models.DateTimeField(null=True)
    polled_at = models.DateTimeField(null=True)
    reminded = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["house", "state", "due_at"], name="outreach_by_state")]

    def __str__(self) -> str:
        return f"{self.kind} of house {self.house_id}: {self.state}"


class OutreachSender(models.Model):
    """An associate's part of an outreach; `platform_id` is their msgid, or the post's moment_id."""

    outreach = models.ForeignKey(Outreach, on_delete=models.CASCADE, related_name="senders")
    associate = models.ForeignKey(Associate, on_delete=models.CASCADE)
    platform_id = models.CharField(max_length=64, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["outreach", "associate"], name="outreach_sender_once")]

    def __str__(self) -> str:
        return f"associate {self.associate_id} of outreach {self.outreach_id}"


class OutreachResult(models.Model):
    """What became of one client: waiting, sent, not_a_contact, quota_used, or left_out with the reason why."""

    sender = models.ForeignKey(OutreachSender, on_delete=models.CASCADE, related_name="results")
    person = models.ForeignKey("people.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    external_userid = models.CharField(max_length=128)
    status = models.CharField(max_length=16, default="waiting")
    reason = models.CharField(max_length=40, blank=True)
    sent_at = models.DateTimeField(null=True)
    likes = models.PositiveSmallIntegerField(default=0)
    comments = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sender", "external_userid"], name="outreach_result_once")
        ]

    def __str__(self) -> str:
        return f"{self.external_userid}: {self.status}"


class SceneWelcome(models.Model):
    """What a house says, and which tags it sets, when a client comes by a campaign's or a boutique's code."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    campaign = models.CharField(max_length=40, blank=True)
    boutique = models.CharField(max_length=40, blank=True)
    text = models.CharField(max_length=1000, blank=True)
    tags = models.JSONField(default=list)
    changed_by = models.BigIntegerField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["house", "campaign", "boutique"], name="scene_welcome_once")
        ]

    def __str__(self) -> str:
        return f"welcome of {self.campaign or 'any campaign'} at {self.boutique or 'any boutique'}"


class ClientTag(models.Model):
    """A tag on a client of an associate; `marked_at` once WeCom has it too, `removed_at` when it was taken off."""

    entry = models.ForeignKey(ClientBookEntry, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=30)
    tag_id = models.CharField(max_length=64, blank=True)
    source = models.CharField(max_length=64, blank=True)
    set_at = models.DateTimeField()
    marked_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "name"], condition=Q(removed_at=None), name="client_tag_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} on entry {self.entry_id}"
