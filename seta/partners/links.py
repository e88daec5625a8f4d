"""Links that let somebody in once: signed, so that a made-up one costs no query; kept as a digest only."""

import hashlib
from datetime import timedelta

from django.conf import settings

from seta.kit.ids import new_token
from seta.kit.signing import sign, subkey, unsign

LIFE = timedelta(minutes=30)
WINDOW = timedelta(hours=1)
PER_ADDRESS_MAX = 3
PER_SENDER_MAX = 60
"""Behind a proxy that hides them, all of a city's businesses are one sender."""


def make(house_id: int) -> tuple[str, str]:
    """A new token for a letter, and the digest to keep."""
    nonce = new_token()
    return sign(nonce, key=_key(house_id)), digest_of(nonce)


def digest_in(token: str, house_id: int) -> str | None:
    """The digest of a token that we signed for this house, else None."""
    nonce = unsign(token, key=_key(house_id))
    return digest_of(nonce) if nonce else None


def digest_of(text: str) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def sender_of(address: str) -> str:
    """A network address as a keyed digest: it counts requests and names nobody."""
    return digest_of(f"{settings.SECRET_KEY}:partner-sender:{address}")[:32]


def _key(house_id: int) -> bytes:
    return subkey(settings.SECRET_KEY, f"partner-link:{house_id}")
