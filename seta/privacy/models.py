"""Who asked to be forgotten, and what a legal hold still kept of them."""

from django.db import models


class Erasure(models.Model):
    """A person's wish to be forgotten, by a number without a name; `done_at` is empty while a hold keeps words."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE, related_name="+")
    person = models.OneToOneField("people.Person", on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=20)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["asked_at"], name="erasure_newest"),
            models.Index(fields=["id"], condition=models.Q(done_at=None), name="erasure_open"),
        ]

    def __str__(self) -> str:
        return f"erasure of person {self.person_id}"
