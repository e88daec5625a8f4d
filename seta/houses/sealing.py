"""Secrets at rest: sealed with a key that comes from the server's own, never readable in a dump."""

import base64
from collections.abc import Mapping

import msgspec
from cryptography.fernet import Fernet
from django.conf import settings

from seta.kit.signing import subkey


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(subkey(settings.SECRET_KEY, "houses.secrets")))


def seal(secrets: Mapping[str, str]) -> bytes:
    """Encrypt and authenticate an account's secrets."""
    return _box().encrypt(msgspec.json.encode(dict(secrets)))


def unseal(sealed: bytes) -> dict[str, str]:
    """The secrets that `seal` took; raises cryptography's InvalidToken when the server's key has changed."""
    return msgspec.json.decode(_box().decrypt(sealed), type=dict[str, str])
