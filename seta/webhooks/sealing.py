"""Signing secrets and keys at rest: sealed by the houses' vault, so that one rotation covers them with all others."""

from seta.houses.operations import seal_secret
from seta.houses.queries import open_secret


def seal(secret: str) -> bytes:
    """Encrypt and authenticate a secret."""
    return seal_secret(secret.encode())


def unseal(sealed: bytes) -> str:
    """The secret that `seal` took; raises cryptography's InvalidToken when none of the keys held opens it."""
    return open_secret(sealed).decode()


def seal_key(key: bytes) -> bytes:
    """Encrypt and authenticate an Ed25519 key's secret bytes."""
    return seal_secret(key)


def unseal_key(sealed: bytes) -> bytes:
    """The secret bytes that `seal_key` took; raises InvalidToken as `unseal` does."""
    return open_secret(sealed)
