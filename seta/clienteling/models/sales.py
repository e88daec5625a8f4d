"""Sales credited to associates, and the money of them that went back."""

from django.db import models
from django.db.models import Q

from seta.clienteling.models.associates import Associate
from seta.clienteling.models.content import ProductShare


class SaleCredit(models.Model):
    """An order credited to an associate; amounts in minor units, `commission` in the settlement currency."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    associate = models.ForeignKey(Associate, on_delete=models.PROTECT)
    person = models.ForeignKey("people.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    order_id = models.BigIntegerField(unique=True)
    number = models.CharField(max_length=32)
    campaign = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=16)
    share = models.ForeignKey(ProductShare, null=True, on_delete=models.SET_NULL)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    settle_amount = models.BigIntegerField()
    settle_currency = models.CharField(max_length=3)
    commission_bps = models.PositiveIntegerField()
    commission = models.BigIntegerField()
    clawed_back = models.BigIntegerField(default=0)
    credited_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(clawed_back__gte=0, clawed_back__lte=models.F("commission")),
                name="claw_back_at_most_all",
            )
        ]

    def __str__(self) -> str:
        return f"order {self.number} for associate {self.associate_id}"


class SaleReturn(models.Model):
    """Money of an order that went back; kept even before the sale is credited, since facts arrive in any order."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    order_id = models.BigIntegerField(db_index=True)
    refund_id = models.BigIntegerField(unique=True)
    settle_amount = models.BigIntegerField()
    is_whole = models.BooleanField()
    returned_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"refund {self.refund_id} of order {self.order_id}"
