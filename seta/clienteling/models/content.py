"""What may be shared about a product, and the shares that were sent."""

from django.db import models

from seta.clienteling.models.associates import Associate


class ApprovedContent(models.Model):
    """A version of what may be shared about a product; the newest version in force is the one that goes out."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    product_code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    text = models.CharField(max_length=500)
    approved_by = models.CharField(max_length=80)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["house", "product_code", "version"], name="approved_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.product_code} version {self.version}"


class ProductShare(models.Model):
    """A product an associate sent to a client; its token rides in the link and comes back with the order."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    associate = models.ForeignKey(Associate, on_delete=models.CASCADE)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    product_code = models.CharField(max_length=40)
    content = models.ForeignKey(ApprovedContent, on_delete=models.PROTECT)
    campaign = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=500, blank=True)
    token = models.CharField(max_length=40, unique=True)
    shared_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["house", "person", "-shared_at"], name="share_last_touch")]

    def __str__(self) -> str:
        return f"{self.product_code} for person {self.person_id}"
