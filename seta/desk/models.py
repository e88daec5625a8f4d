"""What the desk keeps of its own: refunds that wait for a second person."""

from django.conf import settings
from django.db import models


class RefundRequest(models.Model):
    """A refund above the house's limit, asked for by one member and decided by another."""

    class Decision(models.TextChoices):
        WAITING = "waiting"
        APPROVED = "approved"
        DECLINED = "declined"

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE, related_name="+")
    order = models.ForeignKey("boutique.Order", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=80)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField()
    decision = models.CharField(max_length=8, choices=Decision, default=Decision.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "key"], name="refund_asked_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="refund_asked_is_positive"),
        ]

    def __str__(self) -> str:
        return f"refund of {self.amount} {self.currency} of order {self.order_id}: {self.decision}"
