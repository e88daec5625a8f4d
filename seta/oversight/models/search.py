"""Who searched the archive, for what and why."""

from django.conf import settings
from django.db import models

from seta.oversight.models.archive import BodyKey


class ArchiveSearch(models.Model):
    """A question to the archive; the words asked for are sealed, since they may name a client."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    purpose = models.CharField(max_length=24)
    key = models.CharField(max_length=40, unique=True)
    sealed_query = models.BinaryField()
    body_key = models.ForeignKey(BodyKey, on_delete=models.PROTECT)
    filters = models.JSONField(default=dict)
    found = models.PositiveIntegerField()
    asked_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["house", "-asked_at"], name="archive_search_newest")]

    def __str__(self) -> str:
        return f"search {self.pk} by {self.user_id}"
