"""What insights keeps of its own: campaigns, and which batch of events went to the lake under which number."""

from django.db import models


class Campaign(models.Model):
    """A campaign that scenes, advertisements and links name by its code."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    channel = models.CharField(max_length=20, default="moments")
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["house", "code"], name="campaign_code_once_a_house")]

    def __str__(self) -> str:
        return self.name


class LakeBatch(models.Model):
    """Events on their way to the lake; written before them, so that a crash between can be told apart."""

    event_ids = models.JSONField()
    made_at = models.DateTimeField()
    committed = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"lake batch {self.pk}"
