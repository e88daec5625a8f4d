"""The log that proves what happened, one line at a time, and what is signed about it.

Tables that only grow are not managed by Django and have no foreign keys, so that nothing that empties or rewrites
tables reaches them; a migration makes them with triggers that refuse any change.
"""

from django.db import models


class AuditEvent(models.Model):
    """One line of a house's audit log. Its table is made by a migration with triggers that refuse any change.

    Not managed by Django and without foreign keys, so that nothing that empties or rewrites tables reaches it.
    """

    house_id = models.BigIntegerField()
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    body = models.TextField()
    leaf = models.CharField(max_length=64)
    chain = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "oversight_auditevent"

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"


class Subtree(models.Model):
    """The hash of a complete subtree of 2**level lines; kept for every eighth level, the rest follows from them."""

    house_id = models.BigIntegerField()
    level = models.IntegerField()
    number = models.BigIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        managed = False
        db_table = "oversight_subtree"

    def __str__(self) -> str:
        return f"subtree {self.level}/{self.number}"


class TreeHead(models.Model):
    """A signed head of a house's log; `body` is the text that was signed."""

    house_id = models.BigIntegerField()
    size = models.BigIntegerField()
    body = models.TextField()
    signature = models.CharField(max_length=128)
    at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "oversight_treehead"

    def __str__(self) -> str:
        return f"head of {self.size} lines"


class WitnessSignature(models.Model):
    """A witness's signature under one of our heads."""

    house_id = models.BigIntegerField()
    size = models.BigIntegerField()
    witness = models.CharField(max_length=120)
    public = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "oversight_cosignature"

    def __str__(self) -> str:
        return f"{self.witness} on {self.size} lines"


class WitnessedHead(models.Model):
    """A head of somebody else's log that this server witnessed."""

    origin = models.CharField(max_length=120)
    size = models.BigIntegerField()
    body = models.TextField()
    signature = models.CharField(max_length=128)
    cosignature = models.CharField(max_length=128)
    at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "oversight_witnessedhead"

    def __str__(self) -> str:
        return f"{self.origin} at {self.size} lines"


class HeadKey(models.Model):
    """A signing key: a house's for its heads, or the server's own, without a house, to witness others'."""

    house = models.ForeignKey("houses.House", null=True, on_delete=models.CASCADE)
    public = models.CharField(max_length=64, unique=True)
    sealed = models.BinaryField()
    introduced_by = models.CharField(max_length=16, blank=True)
    introduction = models.CharField(max_length=128, blank=True)
    since = models.CharField(max_length=40)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["house"], condition=models.Q(retired_at=None), name="head_key_one_live"
            )
        ]

    def __str__(self) -> str:
        return f"key {self.public[:16]}"


class Witness(models.Model):
    """Where a house's heads are sent to be signed or kept by somebody else."""

    class Kind(models.TextChoices):
        HTTP = "http"
        FILE = "file"

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, choices=Kind)
    address = models.CharField(max_length=300)
    public = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["house", "name"], name="witness_name")]

    def __str__(self) -> str:
        return f"{self.kind} witness {self.name}"


class WitnessedLog(models.Model):
    """A log of another server that this one agreed to witness, with its keys, oldest first."""

    origin = models.CharField(max_length=120, unique=True)
    keys = models.JSONField(default=list)
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.origin


class LogCheck(models.Model):
    """A check of a house's whole log that somebody asked for, and how far it is."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    asked_by_id = models.BigIntegerField()
    asked_at = models.DateTimeField()
    total = models.BigIntegerField()
    checked = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"check {self.pk}: {self.checked} of {self.total}"
