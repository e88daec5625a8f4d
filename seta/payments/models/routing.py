"""How payments find their provider, and what was shown for a client's camera."""

from django.db import models

from seta.payments.models.intent import Attempt


class Route(models.Model):
    """A house's choice of provider for a wallet in a scene; an empty currency stands for any."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE, related_name="+")
    wallet = models.CharField(max_length=12)
    scene = models.CharField(max_length=12)
    settle_currency = models.CharField(max_length=3, blank=True)
    provider = models.CharField(max_length=12)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["house", "wallet", "scene", "settle_currency"], name="payments_route_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wallet} {self.scene} {self.settle_currency or 'any'}: {self.provider}"


class ShownCode(models.Model):
    """What the provider gave to be shown for an attempt: the text of a code, or the address of a page."""

    attempt = models.OneToOneField(Attempt, on_delete=models.PROTECT, related_name="shown")
    content = models.TextField()
    shown_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"code of {self.attempt_id}"
