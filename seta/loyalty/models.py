"""Keeps a house's rules in their versions, and the ledger of merit, of which nothing but its owner ever changes."""

from django.db import models
from django.db.models import F, Q

from seta.loyalty.rules.merit import Way


class RuleSet(models.Model):
    """A version of a house's rules: proposed by one person, live by another, kept when it is retired."""

    class State(models.TextChoices):
        PROPOSED = "proposed"
        LIVE = "live"
        RETIRED = "retired"
        WITHDRAWN = "withdrawn"

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    text = models.TextField()
    state = models.CharField(max_length=12, choices=State, default=State.PROPOSED)
    author_id = models.BigIntegerField()
    proposed_at = models.DateTimeField()
    decided_by_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["house", "number"], name="loyalty_rules_number_once"),
            models.UniqueConstraint(
                fields=["house"], condition=Q(state="live"), name="loyalty_rules_one_live_a_house"
            ),
            models.CheckConstraint(
                condition=~Q(state="live")
                | (Q(decided_by_id__isnull=False) & ~Q(decided_by_id=F("author_id"))),
                name="loyalty_rules_live_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"rules {self.number} of house {self.house_id}"


class Merit(models.Model):
    """A line of the ledger: what a deed gave, or what was taken back; without a person once they were erased."""

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=120)
    deed = models.CharField(max_length=120)
    way = models.CharField(max_length=16, choices=[(way, way) for way in Way])
    points = models.IntegerField()
    daily_cap = models.PositiveIntegerField()
    label = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()
    day = models.DateField()
    expires_at = models.DateTimeField()
    noted_by_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["person", "at"], name="merit_person_time"),
            models.Index(fields=["house", "deed"], name="merit_deed"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["house", "key"], name="merit_once_a_fact"),
            models.CheckConstraint(condition=~Q(points=0), name="merit_is_something"),
        ]

    def __str__(self) -> str:
        return self.key
