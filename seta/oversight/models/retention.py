"""How long what was said is kept, what must not go, who let it go, and what was handed out as evidence."""

from django.db import models


class ExportRequest(models.Model):
    """Evidence that one member asks for and another approves; the bundle is a file until it is taken or grows old."""

    class State(models.TextChoices):
        ASKED = "asked"
        APPROVED = "approved"
        READY = "ready"
        DECLINED = "declined"
        FAILED = "failed"
        GONE = "gone"

    class Scope(models.TextChoices):
        CONVERSATION = "conversation"
        ALERT = "alert"
        PERSON = "person"
        LOG = "log"

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    scope = models.CharField(max_length=12, choices=Scope)
    value = models.CharField(max_length=200, blank=True)
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    purpose = models.CharField(max_length=24)
    reason = models.CharField(max_length=500)
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    asked_by_id = models.BigIntegerField()
    asked_at = models.DateTimeField()
    decided_by_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(null=True)
    file = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size_bytes = models.BigIntegerField(default=0)
    messages = models.BigIntegerField(default=0)
    persons = models.JSONField(default=list)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decided_by_id=None) | ~models.Q(decided_by_id=models.F("asked_by_id")),
                name="export_second_person",
            )
        ]
        indexes = [models.Index(fields=["house", "state"], name="export_queue")]

    def __str__(self) -> str:
        return f"export of {self.scope} {self.value} ({self.state})"


class RetentionRule(models.Model):
    """How many days a house keeps the bodies of messages of one kind; an empty kind is every other kind."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    kind = models.CharField(max_length=32, blank=True)
    days = models.PositiveIntegerField()
    changed_by_id = models.BigIntegerField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["house", "kind"], name="retention_rule_once")]

    def __str__(self) -> str:
        return f"{self.kind or 'everything else'}: {self.days} days"


class LegalHold(models.Model):
    """What must be kept while a matter lasts: everything of a person, or one conversation."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    name = models.CharField(max_length=120)
    reason = models.CharField(max_length=500)
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT)
    conversation = models.CharField(max_length=200, blank=True)
    placed_by_id = models.BigIntegerField()
    placed_at = models.DateTimeField()
    released_by_id = models.BigIntegerField(null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=True) ^ models.Q(conversation=""), name="legal_hold_on_one"
            )
        ]
        indexes = [models.Index(fields=["house", "released_at"], name="legal_holds_in_force")]

    def __str__(self) -> str:
        return f"hold {self.name}"


class DisposalRun(models.Model):
    """Bodies past their age, listed by one member and destroyed when another agrees; `before` is kind to instant."""

    class State(models.TextChoices):
        ASKED = "asked"
        APPROVED = "approved"
        DONE = "done"
        DECLINED = "declined"

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    before = models.JSONField()
    expected = models.BigIntegerField()
    held = models.BigIntegerField()
    asked_by_id = models.BigIntegerField()
    asked_at = models.DateTimeField()
    decided_by_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    disposed = models.BigIntegerField(default=0)
    keys_destroyed = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decided_by_id=None) | ~models.Q(decided_by_id=models.F("asked_by_id")),
                name="disposal_second_person",
            )
        ]

    def __str__(self) -> str:
        return f"disposal {self.pk} ({self.state})"


class DisposalCertificate(models.Model):
    """What was destroyed, when and by whom, signed with the house's key; this table only grows."""

    house_id = models.BigIntegerField()
    run_id = models.BigIntegerField()
    body = models.TextField()
    key = models.CharField(max_length=16)
    signature = models.CharField(max_length=128)
    at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "oversight_certificate"

    def __str__(self) -> str:
        return f"certificate of disposal {self.run_id}"
