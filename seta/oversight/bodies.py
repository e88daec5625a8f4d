"""Message bodies at rest: AES-256-GCM under a key per person, itself sealed with a key of the server."""

import os
from collections.abc import Iterable, Mapping
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from seta.kit.signing import subkey
from seta.oversight.models import BodyKey

NONCE_BYTES = 12


class BodyUnreadable(Exception):
    """A body whose key is destroyed, or that was changed, or that another server's key sealed."""


def keys_for(
    *, house_id: int, person_ids: Iterable[int | None], now: datetime
) -> Mapping[int | None, BodyKey]:
    """A live key for each person (None: talk without a client), made where there is none; call in a transaction."""
    wanted = set(person_ids)
    live = BodyKey.objects.filter(house_id=house_id, destroyed_at=None)
    found: dict[int | None, BodyKey] = {}
    for key in live.filter(person_id__in={each for each in wanted if each}).order_by("-id"):
        found[key.person_id] = key
    if None in wanted:
        nobody = live.filter(person__isnull=True).order_by("id").first()
        if nobody:
            found[None] = nobody
    for person_id in sorted(wanted - found.keys(), key=lambda each: each or 0):
        found[person_id] = BodyKey.objects.create(
            house_id=house_id, person_id=person_id, sealed=_seal_key(os.urandom(32)), created_at=now
        )
    return found


def seal(body: bytes, *, key: BodyKey, bound_to: str) -> bytes:
    """Encrypt a body and bind it to its message, so that it cannot stand in for another."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(_open_key(key)).encrypt(nonce, body, bound_to.encode())


def unseal(sealed: bytes | memoryview, *, key: BodyKey, bound_to: str) -> bytes:
    """The body; raises BodyUnreadable."""
    sealed = bytes(sealed)
    try:
        return AESGCM(_open_key(key)).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to.encode())
    except InvalidTag as problem:
        raise BodyUnreadable("the body or its key was changed") from problem


def _server_key() -> AESGCM:
    return AESGCM(subkey(settings.SECRET_KEY, "oversight.body-keys"))


def _seal_key(secret: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _server_key().encrypt(nonce, secret, b"")


def _open_key(key: BodyKey) -> bytes:
    if key.sealed is None:
        raise BodyUnreadable("the key was destroyed when the person was erased")
    sealed = bytes(key.sealed)
    try:
        return _server_key().decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], b"")
    except InvalidTag as problem:
        raise BodyUnreadable("the key was sealed by another server") from problem
