"""Message bodies at rest: AES-256-GCM under a key per person and month, itself sealed with a key of the server.

A month's key lets bodies of an age be destroyed by destroying their keys, as a person's are when they are erased.
"""

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import connection

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
    secret: bytes = field(repr=False)
    cipher: AESGCM = field(repr=False)

    def seal(self, body: bytes, *, bound_to: str, nonce: bytes = b"") -> bytes:
        """Encrypt a body and bind it to its message, so that it cannot stand in for another.

        `nonce` is one of `nonces`, used for this body only; without it one is drawn.
        """
        nonce = nonce or os.urandom(NONCE_BYTES)
        return nonce + self.cipher.encrypt(nonce, body, bound_to.encode())

    def unseal(self, sealed: bytes | memoryview, *, bound_to: str) -> bytes:
        """The body; raises BodyUnreadable."""
        sealed = bytes(sealed)
        if not sealed:
            raise BodyUnreadable("the body was disposed of")
        try:
            return self.cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to.encode())
        except InvalidTag as problem:
            raise BodyUnreadable("the body or its key was changed") from problem


def keys_for(
    *, house_id: int, person_ids: Iterable[int | None], now: datetime
) -> Mapping[int | None, SealingKey]:
    """This month's key for each person (None: talk without a client), made where there is none; in a transaction.

    The keys stay locked until the transaction ends, so that nothing is sealed with one that is being destroyed.
    """
    wanted = set(person_ids)
    month = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    found: dict[int | None, SealingKey] = {
        person_id: _sealing_key(key_id, bytes(sealed))
        for person_id, key_id, sealed in _live(house_id, wanted, month)
    }
    for made in BodyKey.objects.bulk_create(
        BodyKey(house_id=house_id, person_id=person_id, sealed=_seal_key(os.urandom(32)), created_at=now)
        for person_id in sorted(wanted - found.keys(), key=lambda each: each or 0)
    ):
        found[made.person_id] = _sealing_key(made.pk, bytes(made.sealed or b""))
    return found


def _live(
    house_id: int, person_ids: Collection[int | None], since: datetime
) -> Sequence[tuple[int | None, int, bytes]]:
    """Person, id and sealed key of each, locked; by hand, since every page of the archive asks for a thousand."""
    named = [each for each in person_ids if each]
    owners = [f"person_id IN ({', '.join(['%s'] * len(named))})"] if named else []
    owners += ["person_id IS NULL"] if None in person_ids else []
    if not owners:
        return ()
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT person_id, id, sealed FROM {BodyKey._meta.db_table} WHERE house_id = %s"
            f" AND destroyed_at IS NULL AND created_at >= %s AND ({' OR '.join(owners)}) ORDER BY id DESC{lock}",
            [house_id, connection.ops.adapt_datetimefield_value(since), *named],
        )
        found: list[tuple[int | None, int, bytes]] = cursor.fetchall()
        return found


def nonces(count: int) -> list[bytes]:
    """Fresh nonces for this many bodies, drawn at once."""
    drawn = os.urandom(NONCE_BYTES * count)
    return [drawn[at : at + NONCE_BYTES] for at in range(0, len(drawn), NONCE_BYTES)]


@lru_cache(maxsize=CIPHERS_KEPT_MAX)
def _sealing_key(key_id: int, sealed: bytes) -> SealingKey:
    secret = _opened(sealed)
    return SealingKey(key_id, secret, AESGCM(secret))


def opened_key(key: BodyKey) -> SealingKey:
    """A row's key, open; raises BodyUnreadable when it was destroyed or is another server's."""
    return opened(key.pk, key.sealed)


def opened(key_id: int, sealed: bytes | memoryview | None) -> SealingKey:
    """A key by its row's two values, for who reads many rows; raises BodyUnreadable."""
    if sealed is None:
        raise BodyUnreadable("the key was destroyed")
    return _sealing_key(key_id, bytes(sealed))


def forget_opened() -> None:
    """Drop the opened keys that this process remembers, after some were destroyed."""
    _sealing_key.cache_clear()


def seal(body: bytes, *, key: BodyKey, bound_to: str) -> bytes:
    """Encrypt a body under a key's row and bind it to what it belongs to."""
    return opened_key(key).seal(body, bound_to=bound_to)


def unseal(sealed: bytes | memoryview, *, key: BodyKey, bound_to: str) -> bytes:
    """The body; raises BodyUnreadable."""
    sealed = bytes(sealed)
    if not sealed:
        raise BodyUnreadable("the body was disposed of")
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
