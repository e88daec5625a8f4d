"""Signing secrets at rest: encrypted with a key that comes from the server's own and opens nothing else."""

import base64

from cryptography.fernet import Fernet
from django.conf import settings

from seta.kit.signing import subkey


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(subkey(settings.SECRET_KEY, "webhooks.secrets")))


def seal(secret: str) -> bytes:
    """Encrypt and authenticate a secret."""
    return _box().encrypt(secret.encode())


def unseal(sealed: bytes) -> str:
    """The secret that `seal` took; raises cryptography's InvalidToken when the server's key has changed."""
    return _box().decrypt(sealed).decode()
