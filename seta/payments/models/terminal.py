"""The tills of other makers that may call the REST API: one key each, of which only a digest is kept."""

from django.db import models


class Terminal(models.Model):
    """A till of a house's boutique with its key; `scopes` says what it may do, `revoked_at` that it no longer may."""

    house = models.ForeignKey("houses.House", on_delete=models.CASCADE, related_name="+")
    boutique_code = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    scopes = models.JSONField(default=list)
    key_digest = models.CharField(max_length=64, unique=True)
    key_hint = models.CharField(max_length=12)
    issued_by = models.BigIntegerField()
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.boutique_code})"
