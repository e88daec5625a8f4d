"""A payment request's words and documents at rest: sealed by the vault, the documents under a key of their own."""

import base64
import os
from collections.abc import Mapping

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from seta.houses.operations import seal_secret
from seta.houses.queries import open_secret
from seta.kit.pictures import BadPicture, decode
from seta.partners.rules.onboarding import BYTES_MAX, media_type

_NONCE = 12
Kept = bytes | memoryview
"""What a database gives back for bytes: SQLite and PostgreSQL differ."""


class Opened(msgspec.Struct, frozen=True):
    """What a request keeps sealed; without `key` its documents can be read no more."""

    fields: dict[str, str] = {}
    key: str = ""


def new() -> bytes:
    """A request that says nothing yet, with a fresh key for its documents, sealed."""
    return seal_secret(msgspec.json.encode(Opened(key=base64.b64encode(AESGCM.generate_key(256)).decode())))


def opened(sealed: Kept) -> Opened:
    """What `new` and `with_fields` made; raises InvalidToken when none of the keys held opens it."""
    return msgspec.json.decode(open_secret(bytes(sealed)), type=Opened)


def with_fields(sealed: Kept, fields: Mapping[str, str]) -> bytes:
    """The same with other words, its documents' key kept."""
    return seal_secret(msgspec.json.encode(msgspec.structs.replace(opened(sealed), fields=dict(fields))))


def emptied() -> bytes:
    """What is left of a request that was withdrawn: nothing."""
    return seal_secret(msgspec.json.encode(Opened()))


def without_key(sealed: Kept) -> bytes:
    """The words kept, the documents' key destroyed."""
    return seal_secret(msgspec.json.encode(Opened(fields=opened(sealed).fields)))


def seal_document(request: Kept, kind: str, data: bytes) -> bytes:
    """A document under its request's key; it opens only as the kind that it was given as."""
    nonce = os.urandom(_NONCE)
    return nonce + _cipher(request).encrypt(nonce, data, kind.encode())


def open_document(request: Kept, kind: str, sealed: Kept) -> bytes:
    """What `seal_document` took; raises InvalidTag when it was changed or is of another request."""
    kept = bytes(sealed)
    return _cipher(request).decrypt(kept[:_NONCE], kept[_NONCE:], kind.encode())


def type_of(data: bytes) -> str | None:
    """The media type of a PDF, or of a JPEG or PNG that can be decoded within limits; None for anything else."""
    found = media_type(data) if len(data) <= BYTES_MAX else None
    if found in ("image/jpeg", "image/png"):
        try:
            decode(data, width_min=1)
        except BadPicture:
            return None
    return found


def _cipher(request: Kept) -> AESGCM:
    return AESGCM(base64.b64decode(opened(request).key))
