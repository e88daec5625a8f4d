"""The codes that hang or stand in a boutique, at which clients pay an amount they enter themselves."""

from django.db import models


class StaticCode(models.Model):
    """One printed code of a boutique; `code` is what the print carries and is never given to another."""

    house = models.ForeignKey("houses.House", on_delete=models.PROTECT, related_name="+")
    boutique_code = models.CharField(max_length=40)
    code = models.CharField(max_length=16, unique=True)
    title = models.CharField(max_length=60)
    settle_currency = models.CharField(max_length=3)
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["house", "boutique_code"], name="payments_static_code_shop")]

    def __str__(self) -> str:
        return f"{self.title} ({self.code})"
