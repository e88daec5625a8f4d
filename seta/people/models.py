"""People, the identities by which platforms know them, their consents, and how two became one."""

from django.db import models


class Person(models.Model):
    """A client of a house. `merged_into` is set when two turned out to be one."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    display_name = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=8, default="zh-hans")
    city = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()
    merged_into = models.ForeignKey("self", null=True, on_delete=models.SET_NULL)
    erased_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.display_name or f"person {self.pk}"


class Identity(models.Model):
    """A name by which one platform's app knows a person: openids differ from app to app."""

    class Kind(models.TextChoices):
        OPENID = "openid"
        UNIONID = "unionid"
        EXTERNAL_USERID = "external_userid"
        PHONE = "phone"
        ALIPAY = "alipay"

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=16, choices=Kind)
    app = models.CharField(max_length=64, blank=True)
    value = models.CharField(max_length=128)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["house", "kind", "app", "value"], name="identity_of_one_person")
        ]

    def __str__(self) -> str:
        return f"{self.kind} of person {self.person_id}"


class Consent(models.Model):
    """What a person said yes or no to, when and where; the newest row for a purpose holds."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=40)
    granted = models.BooleanField()
    source = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "purpose", "-at"], name="consent_newest")]

    def __str__(self) -> str:
        return f"{'yes' if self.granted else 'no'} to {self.purpose} by person {self.person_id}"


class Merge(models.Model):
    """That two people were found to be one, and by which identity."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE)
    kept = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="absorbed")
    absorbed = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="was_absorbed")
    reason = models.CharField(max_length=160)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"person {self.absorbed_id} became {self.kept_id}"
