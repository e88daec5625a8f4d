"""The rules of a house: what it wrote itself, who agreed to it, and which rules it turned down or off."""

from django.conf import settings
from django.db import models


class PolicyRelease(models.Model):
    """Rules that a house wrote, frozen; in force only after a second person agreed."""

    class State(models.TextChoices):
        DRAFT = "draft"
        SHADOW = "shadow"
        LIVE = "live"
        RETIRED = "retired"

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    number = models.PositiveIntegerField()
    yaml = models.TextField()
    sha256 = models.CharField(max_length=64)
    note = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["house", "number"], name="policy_release_number"),
            models.UniqueConstraint(
                fields=["house"], condition=models.Q(state="live"), name="policy_release_one_live"
            ),
            models.UniqueConstraint(
                fields=["house"], condition=models.Q(state="shadow"), name="policy_release_one_shadow"
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("author")),
                name="policy_release_second_person",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="live") | models.Q(approved_at__isnull=False),
                name="policy_release_live_is_approved",
            ),
        ]

    def __str__(self) -> str:
        return f"release {self.number} ({self.state})"


class RuleSetting(models.Model):
    """How a house runs one rule: live as written, in shadow (noted, no alert, nothing held) or off."""

    class Mode(models.TextChoices):
        LIVE = "live"
        SHADOW = "shadow"
        OFF = "off"

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    rule = models.CharField(max_length=80)
    mode = models.CharField(max_length=8, choices=Mode)
    reason = models.CharField(max_length=300)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["house", "rule"], name="rule_setting_once")]

    def __str__(self) -> str:
        return f"{self.rule}: {self.mode}"


class HouseList(models.Model):
    """Words that a house adds to a list of the rules, by the list's name."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    name = models.CharField(max_length=80)
    words = models.JSONField(default=list)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["house", "name"], name="house_list_once")]

    def __str__(self) -> str:
        return f"list {self.name}"


class HousePolicy(models.Model):
    """How often a house's rules changed; a process that compiled another revision compiles again."""

    house = models.OneToOneField("houses.House", on_delete=models.CASCADE)
    revision = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"rules of house {self.house_id}, revision {self.revision}"
