"""Keeps articles as they are written, the versions that a second person approved, and where each was published."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from seta.articles.rules.publishing import State, VersionState


class Picture(models.Model):
    """A picture of the house's articles as this server made it, with what it shows and whose it is."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE, related_name="+")
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    credit = models.CharField(max_length=80)
    alt_zh = models.CharField(max_length=120)
    alt_en = models.CharField(max_length=120, blank=True)
    alt_it = models.CharField(max_length=120, blank=True)
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["house", "sha256"], name="article_picture_once"),
            models.CheckConstraint(condition=~Q(credit=""), name="article_picture_has_credit"),
            models.CheckConstraint(condition=~Q(alt_zh=""), name="article_picture_is_told"),
        ]

    def __str__(self) -> str:
        return f"{self.alt_zh} © {self.credit}"


class Article(models.Model):
    """An article as it is being written; `revision` counts its changes, `writers` are those since the last approval."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE, related_name="+")
    code = models.SlugField(max_length=40)
    content = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    writers = models.JSONField(default=list)
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["house", "code"], name="article_code_once_a_house")]

    def __str__(self) -> str:
        return self.code


class Version(models.Model):
    """An article as it was submitted: exactly this is read by who approves it and sent when it is published."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=[(each, each) for each in VersionState])
    content = models.JSONField()
    writers = models.JSONField(default=list)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    submitted_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="article_version_once"),
            models.UniqueConstraint(
                fields=["article"], condition=Q(state="review"), name="article_version_one_in_review"
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | Q(decided_by=None)
                | Q(submitted_by=None)
                | ~Q(decided_by=F("submitted_by")),
                name="article_version_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} version {self.number}: {self.state}"


class Publication(models.Model):
    """A version in one language on its way to the Official Account, there, or taken back.

    `media_id` is WeChat's draft, `publish_id` its job, `article_id` the article there. `next_at` is when the worker
    looks again; whoever takes the row moves it on first.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="publications")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="publications")
    language = models.CharField(max_length=2)
    state = models.CharField(max_length=12, choices=[(each, each) for each in State])
    publish_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    media_id = models.CharField(max_length=128, blank=True)
    publish_id = models.CharField(max_length=40, blank=True)
    wechat_id = models.CharField(max_length=128, blank=True)
    url = models.CharField(max_length=500, blank=True)
    problems = models.JSONField(default=list)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article", "language"],
                condition=Q(state__in=["waiting", "sending", "submitting", "sent"]),
                name="article_publication_one_under_way",
            )
        ]
        indexes = [models.Index(fields=["next_at"], name="article_publication_due")]

    def __str__(self) -> str:
        return f"{self.article_id} in {self.language}: {self.state}"


class Upload(models.Model):
    """A picture that lies at an Official Account already: the address there, and its number as a cover."""

    picture = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="+")
    app_id = models.CharField(max_length=64)
    url = models.CharField(max_length=500, blank=True)
    media_id = models.CharField(max_length=128, blank=True)
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["picture", "app_id"], name="article_upload_once")]

    def __str__(self) -> str:
        return f"{self.picture_id} at {self.app_id}"
