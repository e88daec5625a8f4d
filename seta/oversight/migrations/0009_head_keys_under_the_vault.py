"""Signing keys come under the vault, from a key of their own that no rotation covered."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import migrations
from django.utils import timezone

from seta.houses.operations import seal_secret
from seta.houses.queries import open_secret
from seta.kit.signing import subkey

NONCE_BYTES = 12


def _former():
    return AESGCM(subkey(settings.SECRET_KEY, "oversight.head-keys"))


def bring_in(apps, schema_editor):
    """Seal anew; a key that cannot be opened any more could sign nothing, and retires with what it has signed."""
    for row in apps.get_model("oversight", "HeadKey").objects.all():
        raw = bytes(row.sealed)
        try:
            secret = _former().decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], row.public.encode())
        except InvalidTag:
            secret, row.retired_at = b"", row.retired_at or timezone.now()
        row.sealed = seal_secret(secret)
        row.save()


def take_out(apps, schema_editor):
    """The way back, for as long as the vault opens what it has sealed."""
    for row in apps.get_model("oversight", "HeadKey").objects.all():
        nonce = os.urandom(NONCE_BYTES)
        row.sealed = nonce + _former().encrypt(nonce, open_secret(bytes(row.sealed)), row.public.encode())
        row.save()


class Migration(migrations.Migration):
    dependencies = [
        ("oversight", "0008_review_and_samples"),
    ]

    operations = [
        migrations.RunPython(bring_in, take_out),
    ]
