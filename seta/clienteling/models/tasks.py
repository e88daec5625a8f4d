"""What associates should do for their clients, the plays that say so, and when a client is left in peace."""

from django.db import models

from seta.clienteling.models.associates import Associate


class Playbook(models.Model):
    """Steps to take when something happens in a client's life: `trigger` starts them."""

    class Trigger(models.TextChoices):
        ARRIVAL = "arrival"
        AFTER_PURCHASE = "after_purchase"
        BIRTHDAY = "birthday"

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    trigger = models.CharField(max_length=16, choices=Trigger)
    name = models.CharField(max_length=80)
    is_active = models.BooleanField(default=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["house", "trigger"], name="playbook_once_a_trigger")]

    def __str__(self) -> str:
        return self.name


class PlaybookStep(models.Model):
    """One task of a playbook, `days` after its trigger's day; before it when negative."""

    playbook = models.ForeignKey(Playbook, on_delete=models.CASCADE, related_name="steps")
    days = models.SmallIntegerField()
    title = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["playbook", "days", "title"], name="playbook_step_once"),
            models.CheckConstraint(
                condition=models.Q(days__gte=-60, days__lte=365), name="playbook_step_within_a_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.days:+d} days)"


class FollowUp(models.Model):
    """Something an associate should do for a client by a day."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    associate = models.ForeignKey(Associate, on_delete=models.CASCADE)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=24)
    title = models.CharField(max_length=160)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    key = models.CharField(max_length=80, null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["associate", "key"], name="follow_up_once_a_key")]
        indexes = [models.Index(fields=["associate", "done_at", "due_at"], name="follow_up_queue")]

    def __str__(self) -> str:
        return self.title


class BlackoutPolicy(models.Model):
    """How often a house writes to a client of its own accord: whole hours and days, hours on the house's clock."""

    house = models.OneToOneField("houses.House", on_delete=models.CASCADE)
    own_hours = models.PositiveSmallIntegerField(default=20)
    colleague_days = models.PositiveSmallIntegerField(default=3)
    week_max = models.PositiveSmallIntegerField(default=3)
    night_from = models.PositiveSmallIntegerField(default=22)
    night_until = models.PositiveSmallIntegerField(default=9)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(night_from__lte=23, night_until__lte=23), name="blackout_hours_of_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"blackout of house {self.house_id}"


class ContactMade(models.Model):
    """That an associate wrote to a client of their own accord; all associates of the house count together."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    associate = models.ForeignKey(Associate, on_delete=models.CASCADE)
    channel = models.CharField(max_length=24)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["house", "person", "-at"], name="contact_made_last")]

    def __str__(self) -> str:
        return f"{self.channel} to person {self.person_id}"
