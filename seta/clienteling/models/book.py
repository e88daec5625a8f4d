"""Whose client a person is."""

from django.db import models
from django.db.models import Q

from seta.clienteling.models.associates import Associate, ContactWay


class ClientBookEntry(models.Model):
    """That a person is an associate's client; `ended_at` when one of them left the other in WeCom.

    `search_text` holds the name and the remark as one may type them: as written, in pinyin, by initials.
    """

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
    search_text = models.TextField(blank=True)
    archive_asked_at = models.DateTimeField(null=True)
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
        indexes = [
            models.Index(fields=["house", "associate", "-since", "-id"], name="client_book_newest"),
            models.Index(fields=["house", "phone_tail"], name="client_book_phone"),
        ]

    def __str__(self) -> str:
        return f"person {self.person_id} of associate {self.associate_id}"
