"""Associates, their client book, the codes and shares that lead clients to them, and the sales they are credited."""

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


class ClientBookEntry(models.Model):
    """That a person is an associate's client; `ended_at` when one of them left the other in WeCom."""

    class Role(models.TextChoices):
        PRIMARY = "primary"
        SECONDARY = "secondary"

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    associate = models.ForeignKey(Associate, on_delete=models.CASCADE)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=10, choices=Role)
    external_userid = models.CharField(max_length=128, blank=True)
    contact_way = models.ForeignKey(ContactWay, null=True, on_delete=models.SET_NULL)
    campaign = models.CharField(max_length=40, blank=True)
    boutique = models.CharField(max_length=40, blank=True)
    remark = models.CharField(max_length=80, blank=True)
    phone_tail = models.CharField(max_length=4, blank=True)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    welcome_code = models.CharField(max_length=128, blank=True)
    welcome_state = models.CharField(max_length=40, blank=True)
    welcomed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["associate", "person"], name="client_book_once"),
            models.UniqueConstraint(
                fields=["house", "person"],
                condition=Q(role="primary", ended_at=None),
                name="client_one_primary",
            ),
        ]

    def __str__(self) -> str:
        return f"person {self.person_id} of associate {self.associate_id}"


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


class FollowUp(models.Model):
    """Something an associate should do for a client by a day."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    associate = models.ForeignKey(Associate, on_delete=models.CASCADE)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=24)
    title = models.CharField(max_length=160)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    key = models.CharField(max_length=80, null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["associate", "key"], name="follow_up_once_a_key")]
        indexes = [models.Index(fields=["associate", "done_at", "due_at"], name="follow_up_queue")]

    def __str__(self) -> str:
        return self.title


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
