"""What associates should do for their clients."""

from django.db import models

from seta.clienteling.models.associates import Associate


class FollowUp(models.Model):
    """Something an associate should do for a client by a day."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    associate = models.ForeignKey(Associate, on_delete=models.CASCADE)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=24)
    title = models.CharField(max_length=160)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    key = models.CharField(max_length=80, null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["associate", "key"], name="follow_up_once_a_key")]
        indexes = [models.Index(fields=["associate", "done_at", "due_at"], name="follow_up_queue")]

    def __str__(self) -> str:
        return self.title
