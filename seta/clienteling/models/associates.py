"""Associates and the WeCom codes by which clients reach them."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Associate(models.Model):
    """A sales associate: a member of the house with a name in WeCom and a boutique."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    code = models.SlugField(max_length=24)
    userid = models.CharField(max_length=64)
    name = models.CharField(max_length=80)
    boutique = models.CharField(max_length=40, blank=True)
    commission_bps = models.PositiveIntegerField(default=300)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["house", "code"], name="associate_code_once"),
            models.UniqueConstraint(fields=["house", "userid"], name="associate_userid_once"),
            models.CheckConstraint(condition=Q(commission_bps__lte=10_000), name="commission_at_most_all"),
        ]

    def __str__(self) -> str:
        return self.name


class ContactWay(models.Model):
    """A WeCom code that makes its scanner this associate's contact; `state` comes back in the event."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    associate = models.ForeignKey(Associate, on_delete=models.CASCADE)
    campaign = models.CharField(max_length=40, blank=True)
    boutique = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=30, unique=True)
    config_id = models.CharField(max_length=128, blank=True)
    qr_url = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["associate", "campaign", "boutique"], name="contact_way_once")
        ]

    def __str__(self) -> str:
        return f"code of {self.associate_id} for {self.campaign or 'any campaign'}"
