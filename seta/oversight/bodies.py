"""Message bodies at rest: AES-256-GCM under a key per person, itself sealed with a key of the server."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from seta.kit.signing import subkey
from seta.oversight.models import BodyKey

NONCE_BYTES = 12
CIPHERS_KEPT_MAX = 4096


class BodyUnreadable(Exception):
    """A body whose key is destroyed, or that was changed, or that another server's key sealed."""


@dataclass(frozen=True)
class SealingKey:
    """A live key, open: seals any number of bodies."""

    id: int
    cipher: AESGCM

    def seal(self, body: bytes, *, bound_to: str) -> bytes:
        """Encrypt a body and bind it to its message, so that it cannot stand in for another."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self.cipher.encrypt(nonce, body, bound_to.encode())


def keys_for(
    *, house_id: int, person_ids: Iterable[int | None], now: datetime
) -> Mapping[int | None, SealingKey]:
    """A live key for each person (None: talk without a client), made where there is none; call in a transaction.

    The keys stay locked until the transaction ends, so that nothing is sealed with one that is being destroyed.
    """
    wanted = set(person_ids)
    live = BodyKey.objects.filter(house_id=house_id, destroyed_at=None).select_for_update()
    named = [each for each in wanted if each]
    rows = list(live.filter(person_id__in=named).order_by("-id").values_list("person_id", "id", "sealed"))
    if None in wanted:
        rows += live.filter(person__isnull=True).order_by("-id").values_list("person_id", "id", "sealed")
    found: dict[int | None, SealingKey] = {
        person_id: SealingKey(key_id, _cipher(key_id, bytes(sealed))) for person_id, key_id, sealed in rows
    }
    for person_id in sorted(wanted - found.keys(), key=lambda each: each or 0):
        made = BodyKey.objects.create(
            house_id=house_id, person_id=person_id, sealed=_seal_key(os.urandom(32)), created_at=now
        )
        found[person_id] = SealingKey(made.pk, AESGCM(_open_key(made)))
    return found


@lru_cache(maxsize=CIPHERS_KEPT_MAX)
def _cipher(key_id: int, sealed: bytes) -> AESGCM:
    return AESGCM(_opened(sealed))


def seal(body: bytes, *, key: BodyKey, bound_to: str) -> bytes:
    """Encrypt a body under a key's row and bind it to what it belongs to."""
    return SealingKey(key.pk, AESGCM(_open_key(key))).seal(body, bound_to=bound_to)


def unseal(sealed: bytes | memoryview, *, key: BodyKey, bound_to: str) -> bytes:
    """The body; raises BodyUnreadable."""
    sealed = bytes(sealed)
    try:
        return AESGCM(_open_key(key)).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to.encode())
    except InvalidTag as problem:
        raise BodyUnreadable("the body or its key was changed") from problem


def _server_key() -> AESGCM:
    return _server_cipher(settings.SECRET_KEY)


@lru_cache(maxsize=2)
def _server_cipher(secret: str) -> AESGCM:
    return AESGCM(subkey(secret, "oversight.body-keys"))


def _seal_key(secret: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _server_key().encrypt(nonce, secret, b"")


def _open_key(key: BodyKey) -> bytes:
    if key.sealed is None:
        raise BodyUnreadable("the key was destroyed when the person was erased")
    return _opened(bytes(key.sealed))


def _opened(sealed: bytes) -> bytes:
    try:
        return _server_key().decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], b"")
    except InvalidTag as problem:
        raise BodyUnreadable("the key was sealed by another server") from problem
