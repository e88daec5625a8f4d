"""The log that proves what happened, one line at a time."""

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
