"""A house, who works for it, and the accounts and keys it holds at the platforms."""

from django.conf import settings
from django.db import models


class House(models.Model):
    """A maison or a destination. Nothing crosses houses."""

    class Kind(models.TextChoices):
        MAISON = "maison"
        DESTINATION = "destination"

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind)
    currency = models.CharField(max_length=3, default="EUR")
    accent = models.CharField(max_length=7, default="#9b2c2c")
    timezone = models.CharField(max_length=40, default="Europe/Rome")

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """A user's one role in a house; it decides which pages of the desk are shown."""

    class Role(models.TextChoices):
        ADMIN = "admin"
        MARKETING = "marketing"
        ASSOCIATE = "associate"
        SUPERVISOR = "supervisor"
        FINANCE = "finance"

    house = models.ForeignKey(House, on_delete=models.CASCADE)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="member")
    role = models.CharField(max_length=12, choices=Role)
    name = models.CharField(max_length=80)
    language = models.CharField(max_length=8, default="en")
    boutique_code = models.CharField(max_length=40, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.name} ({self.role} of {self.house_id})"


class PlatformAccount(models.Model):
    """An account of a house at a platform; its secrets are sealed by the vault, its settings are no secret.

    While a provider's keys change, `sealed_former` holds what they were, and is believed until `former_until`.
    """

    class Family(models.TextChoices):
        OFFICIAL_ACCOUNT = "official_account"
        MINI_PROGRAM = "mini_program"
        WECOM = "wecom"
        WECHATPAY = "wechatpay"
        ALIPAY = "alipay"
        ANTOM = "antom"

    house = models.ForeignKey(House, on_delete=models.CASCADE)
    family = models.CharField(max_length=20, choices=Family)
    app_id = models.CharField(max_length=64)
    base_url = models.URLField()
    settings = models.JSONField(default=dict)
    sealed_secrets = models.BinaryField()
    sealed_former = models.BinaryField(null=True)
    former_until = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["house", "family"], name="account_one_a_family"),
            models.UniqueConstraint(fields=["family", "app_id"], name="account_of_one_house"),
        ]

    def __str__(self) -> str:
        return f"{self.family} {self.app_id}"
