"""What is known of a client: pieces, sizes, tastes, days, wishes, notes, and what they did, in order."""

from django.db import models
from django.db.models import Q

from seta.clienteling.models.associates import Associate


class ClientProfile(models.Model):
    """A client's standing with the house: `spent` in minor units of the settlement currency over the tier's window."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    tier = models.CharField(max_length=12, blank=True)
    spent = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, blank=True)
    orders = models.PositiveIntegerField(default=0)
    rated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["house", "person"], name="client_profile_once")]
        indexes = [models.Index(fields=["house", "tier"], name="client_profile_tier")]

    def __str__(self) -> str:
        return f"profile of person {self.person_id}"


class WardrobeItem(models.Model):
    """A piece a client has: bought here (`order_id`, filled by itself) or told of; `gone_at` when it went back."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    product_code = models.CharField(max_length=64, blank=True)
    sku = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=120)
    size = models.CharField(max_length=24, blank=True)
    quantity = models.PositiveIntegerField(default=1)
    order_id = models.BigIntegerField(null=True)
    note = models.CharField(max_length=200, blank=True)
    acquired_on = models.DateField(null=True)
    added_by = models.ForeignKey(Associate, null=True, on_delete=models.SET_NULL)
    added_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order_id", "sku"],
                condition=Q(order_id__isnull=False),
                name="wardrobe_once_an_order_line",
            )
        ]
        indexes = [models.Index(fields=["house", "person", "-added_at"], name="wardrobe_of_client")]

    def __str__(self) -> str:
        return self.name


class ClientSize(models.Model):
    """A client's size in a category, as it was said: `value` in `system` (IT, FR, EU, US, CN)."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    category = models.CharField(max_length=16)
    system = models.CharField(max_length=4)
    value = models.CharField(max_length=12)
    note = models.CharField(max_length=120, blank=True)
    kept_by = models.ForeignKey(Associate, null=True, on_delete=models.SET_NULL)
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["house", "person", "category"], name="client_size_once")
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.system} {self.value}"


class Preference(models.Model):
    """A taste or a wish about how to be served."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16)
    value = models.CharField(max_length=120)
    kept_by = models.ForeignKey(Associate, null=True, on_delete=models.SET_NULL)
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["house", "person", "kind", "value"], name="preference_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.value}"


class ImportantDate(models.Model):
    """A day that comes back each year; `year` when it is known."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16)
    label = models.CharField(max_length=60, blank=True)
    month = models.PositiveSmallIntegerField()
    day = models.PositiveSmallIntegerField()
    year = models.PositiveSmallIntegerField(null=True)
    kept_by = models.ForeignKey(Associate, null=True, on_delete=models.SET_NULL)
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["house", "person", "kind", "label"], name="important_date_once"),
            models.CheckConstraint(
                condition=Q(month__gte=1, month__lte=12, day__gte=1, day__lte=31), name="date_in_a_year"
            ),
        ]
        indexes = [models.Index(fields=["house", "month", "day"], name="important_date_by_day")]

    def __str__(self) -> str:
        return f"{self.kind} on {self.month}-{self.day}"


class WishlistItem(models.Model):
    """A product a client would like; `removed_at` once they have it or no longer want it."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    product_code = models.CharField(max_length=64)
    note = models.CharField(max_length=200, blank=True)
    was_out = models.BooleanField(default=False)
    added_by = models.ForeignKey(Associate, null=True, on_delete=models.SET_NULL)
    added_at = models.DateTimeField()
    back_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["house", "person", "product_code"],
                condition=Q(removed_at__isnull=True),
                name="wish_once",
            )
        ]
        indexes = [models.Index(fields=["house", "product_code"], name="wish_by_product")]

    def __str__(self) -> str:
        return f"{self.product_code} for person {self.person_id}"


class ClientNote(models.Model):
    """What an associate noted of a client, for themselves, their boutique or the house."""

    class Visibility(models.TextChoices):
        PRIVATE = "private"
        BOUTIQUE = "boutique"
        HOUSE = "house"

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(Associate, on_delete=models.CASCADE)
    boutique = models.CharField(max_length=40, blank=True)
    visibility = models.CharField(max_length=10, choices=Visibility)
    text = models.CharField(max_length=1000)
    written_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["house", "person", "-written_at"], name="notes_of_client")]

    def __str__(self) -> str:
        return f"{self.visibility} note of {self.author_id} on person {self.person_id}"


class TimelineEntry(models.Model):
    """Something a client did with the house or got from it; `key` is the fact's, so that it stands once."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    kind = models.CharField(max_length=80)
    key = models.CharField(max_length=64)
    body = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["house", "key"], name="timeline_fact_once")]
        indexes = [models.Index(fields=["house", "person", "-at", "-id"], name="timeline_of_client")]

    def __str__(self) -> str:
        return f"{self.kind} of person {self.person_id}"
