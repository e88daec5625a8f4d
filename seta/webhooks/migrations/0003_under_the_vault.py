"""Secrets come under the vault, from a key of their own that no rotation covered; each address gets a signing key."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import migrations

from seta.houses.operations import seal_secret
from seta.houses.queries import open_secret
from seta.kit.signing import subkey
from seta.webhooks.rules.signing import new_key, new_secret


def bring_in(apps, schema_editor):
    """Seal anew; an address whose secret cannot be opened any more is switched off, until somebody changes it."""
    former = Fernet(base64.urlsafe_b64encode(subkey(settings.SECRET_KEY, "webhooks.secrets")))
    for row in apps.get_model("webhooks", "Endpoint").objects.all():
        try:
            row.sealed_secret = seal_secret(former.decrypt(bytes(row.sealed_secret)))
            if row.sealed_previous is not None:
                row.sealed_previous = seal_secret(former.decrypt(bytes(row.sealed_previous)))
        except InvalidToken:
            row.state, row.sealed_previous, row.previous_until = "disabled", None, None
            row.sealed_secret = seal_secret(new_secret().encode())
        secret, row.public_key = new_key()
        row.sealed_key = seal_secret(secret)
        row.save()


def take_out(apps, schema_editor):
    """The way back, for as long as the vault opens what it has sealed."""
    former = Fernet(base64.urlsafe_b64encode(subkey(settings.SECRET_KEY, "webhooks.secrets")))
    for row in apps.get_model("webhooks", "Endpoint").objects.all():
        row.sealed_secret = former.encrypt(open_secret(bytes(row.sealed_secret)))
        if row.sealed_previous is not None:
            row.sealed_previous = former.encrypt(open_secret(bytes(row.sealed_previous)))
        row.save()


class Migration(migrations.Migration):
    dependencies = [
        ("webhooks", "0002_signing_keys"),
    ]

    operations = [
        migrations.RunPython(bring_in, take_out),
    ]
