"""Messages and readings drawn by a seed that anyone can check, and rules on trial before they count."""

from django.conf import settings
from django.db import models

from seta.oversight.models.archive import ArchivedMessage
from seta.oversight.models.review import Reading


class SampleDraw(models.Model):
    """One draw: what could be drawn was written to the audit log first, and that line's chain value is the seed."""

    class Kind(models.TextChoices):
        MESSAGES = "messages"
        READINGS = "readings"

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    kind = models.CharField(max_length=8, choices=Kind)
    since = models.DateTimeField()
    until = models.DateTimeField()
    minimum = models.PositiveIntegerField()
    share_bps = models.PositiveIntegerField()
    population = models.PositiveIntegerField()
    population_sha256 = models.CharField(max_length=64)
    audit_seq = models.BigIntegerField()
    seed = models.CharField(max_length=64)
    drawn_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["house", "kind", "until"], name="sample_draw_once"),
            models.CheckConstraint(
                condition=models.Q(since__lt=models.F("until")), name="sample_draw_has_a_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} drawn up to {self.until}"


class SampleItem(models.Model):
    """One thing drawn, and what a person found in it."""

    class Finding(models.TextChoices):
        FINE = "fine"
        BREACH = "breach"
        UNCLEAR = "unclear"

    draw = models.ForeignKey(SampleDraw, on_delete=models.CASCADE, related_name="items")
    stratum = models.CharField(max_length=128)
    key = models.CharField(max_length=64)
    message = models.ForeignKey(ArchivedMessage, null=True, on_delete=models.CASCADE, related_name="+")
    reading = models.ForeignKey(Reading, null=True, on_delete=models.CASCADE, related_name="+")
    finding = models.CharField(max_length=8, choices=Finding, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    found_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draw", "key"], name="sample_item_once"),
            models.CheckConstraint(
                condition=models.Q(message__isnull=True) | models.Q(reading__isnull=True),
                name="sample_item_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key[:8]} of draw {self.draw_id}"


class ShadowHit(models.Model):
    """What a rule on trial found in a message as it came; nothing followed from it."""

    message = models.ForeignKey(ArchivedMessage, on_delete=models.CASCADE, related_name="shadow_hits")
    rule = models.CharField(max_length=80)
    tier = models.CharField(max_length=12)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    policy_version = models.CharField(max_length=64)
    found_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["rule", "found_at"], name="shadow_hit_by_rule")]

    def __str__(self) -> str:
        return f"{self.rule} in message {self.message_id}, on trial"


class RuleTrial(models.Model):
    """A rule run over stored messages before it goes live: how many alerts a day it would have made."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    rule = models.CharField(max_length=80)
    policy_version = models.CharField(max_length=64)
    since = models.DateTimeField()
    until = models.DateTimeField()
    messages = models.PositiveIntegerField()
    unreadable = models.PositiveIntegerField()
    alerts = models.PositiveIntegerField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"trial of {self.rule}: {self.alerts} of {self.messages}"


class TrialHit(models.Model):
    """One of a trial's alerts, drawn evenly for a person to judge."""

    trial = models.ForeignKey(RuleTrial, on_delete=models.CASCADE, related_name="samples")
    message = models.ForeignKey(ArchivedMessage, on_delete=models.CASCADE, related_name="+")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    verdict = models.CharField(max_length=16, blank=True)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    judged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["trial", "message"], name="trial_hit_once")]

    def __str__(self) -> str:
        return f"sample of trial {self.trial_id}"


class ModeChange(models.Model):
    """A wish to change how a rule runs, which a second person decides, or an automatic demotion."""

    class State(models.TextChoices):
        WAITING = "waiting"
        APPROVED = "approved"
        DECLINED = "declined"
        AUTOMATIC = "automatic"

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    rule = models.CharField(max_length=80)
    mode = models.CharField(max_length=8)
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=State)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["house", "rule"], condition=models.Q(state="waiting"), name="mode_change_one_waiting"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("asked_by")),
                name="mode_change_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} to {self.mode}: {self.state}"
