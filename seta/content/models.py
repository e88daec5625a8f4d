"""Approved content with its versions, and what associates shared measured against it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Collection(models.Model):
    """A group of assets that belong together: a season, a campaign, a boutique's opening."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["house", "code"], name="collection_code_once")]

    def __str__(self) -> str:
        return self.name


class Asset(models.Model):
    """Something the house shows, whatever its versions say; `product_code` when it is about a product."""

    class Kind(models.TextChoices):
        TEXT = "text"
        IMAGE = "image"

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    code = models.SlugField(max_length=60)
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=Kind)
    product_code = models.CharField(max_length=40, blank=True)
    collections = models.ManyToManyField(Collection, related_name="assets", blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["house", "code"], name="asset_code_once")]

    def __str__(self) -> str:
        return self.title


class AssetVersion(models.Model):
    """One wording or picture of an asset, on its way from draft to approved by two people, and to retired.

    `normalised` and the prints are what a match compares. `markets` are ISO country codes; none means all.
    """

    class Status(models.TextChoices):
        DRAFT = "draft"
        REVIEW = "review"
        APPROVED = "approved"
        RETIRED = "retired"

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=8, choices=Status, default=Status.DRAFT)
    text = models.TextField(blank=True)
    normalised = models.TextField(blank=True)
    simhash = models.CharField(max_length=16, blank=True)
    sha256 = models.CharField(max_length=64)
    phash = models.CharField(max_length=32, blank=True)
    markets = models.JSONField(default=list)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    drafted_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["asset", "number"], name="asset_version_once"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | Q(drafted_by=None) | ~Q(approved_by=F("drafted_by")),
                name="asset_version_two_people",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="asset_version_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["status", "valid_from"], name="asset_version_in_force")]

    def __str__(self) -> str:
        return f"{self.asset_id} version {self.number}: {self.status}"


class CheckedUpTo(models.Model):
    """How far a source was compared with the shelf: what stands after `position` there was not looked at yet."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    source = models.CharField(max_length=8)
    position = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["house", "source"], name="checked_up_to_once")]

    def __str__(self) -> str:
        return f"{self.source} up to {self.position}"


class SharedContent(models.Model):
    """Something an associate showed, and which approved version it is, if any; holds no words, only the outcome."""

    class Source(models.TextChoices):
        ARCHIVE = "archive"
        MOMENT = "moment"

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    source = models.CharField(max_length=8, choices=Source)
    reference = models.CharField(max_length=140)
    place = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=8, choices=Asset.Kind)
    userid = models.CharField(max_length=128)
    outcome = models.CharField(max_length=12)
    version = models.ForeignKey(AssetVersion, null=True, on_delete=models.SET_NULL)
    similarity = models.PositiveSmallIntegerField(default=0)
    shared_at = models.DateTimeField()
    checked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["house", "source", "reference", "place"], name="shared_content_once"
            )
        ]
        indexes = [models.Index(fields=["house", "-shared_at"], name="shared_content_newest")]

    def __str__(self) -> str:
        return f"{self.source} {self.reference}: {self.outcome}"
