"""The products that associates shared with clients."""

from django.db import models

from seta.clienteling.models.associates import Associate


class ProductShare(models.Model):
    """A product an associate sent to a client; its token rides in the link and comes back with the order."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    associate = models.ForeignKey(Associate, on_delete=models.CASCADE)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    product_code = models.CharField(max_length=40)
    version = models.ForeignKey("content.AssetVersion", on_delete=models.PROTECT, related_name="+")
    campaign = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=500, blank=True)
    token = models.CharField(max_length=40, unique=True)
    shared_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["house", "person", "-shared_at"], name="share_last_touch")]

    def __str__(self) -> str:
        return f"{self.product_code} for person {self.person_id}"
