"""Signed tree heads: what a house, and a witness beside it, put their names under; nothing here opens a database."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from seta.oversight.rules.chain import canonical

HEAD = b"seta-head/1\n"
COSIGNATURE = b"seta-witness/1\n"
KEY = b"seta-key/1\n"
MANIFEST = b"seta-manifest/1\n"
CERTIFICATE = b"seta-certificate/1\n"


class Unreadable(ValueError):
    """A head, key or signature that is none; the message says what is wrong."""


@dataclass(frozen=True)
class Head:
    """How long a log was at an instant, with its tree's root and its chain's end in hex; `at` is ISO 8601 in UTC."""

    origin: str
    size: int
    root: str
    chain: str
    at: str
    key: str

    def text(self) -> str:
        """What is signed: one text for one head."""
        return canonical(
            {
                "origin": self.origin,
                "size": self.size,
                "root": self.root,
                "chain": self.chain,
                "at": self.at,
                "key": self.key,
            }
        )


@dataclass(frozen=True)
class SignedHead:
    """A head with its house's Ed25519 signature in hex."""

    head: Head
    signature: str

    def holds(self, public: str) -> bool:
        """Whether this public key made the signature and is the one that the head names."""
        return self.head.key == key_id(public) and verifies(public, self.signature, HEAD, self.head.text())


@dataclass(frozen=True)
class Cosignature:
    """A witness's word that it saw a head that follows from every head it had seen before."""

    witness: str
    public: str
    at: str
    signature: str

    def holds(self, head: Head) -> bool:
        """Whether the witness signed this head at this instant."""
        return verifies(self.public, self.signature, COSIGNATURE, cosigned(head.text(), self.at))


@dataclass(frozen=True)
class PublicKey:
    """A house's public key, since when it signs, and the key before that introduced it (empty for the first)."""

    public: str
    since: str
    introduced_by: str = ""
    signature: str = ""

    @property
    def id(self) -> str:
        """Its short name."""
        return key_id(self.public)

    def text(self, origin: str) -> str:
        """What the key before signs."""
        return canonical({"origin": origin, "public": self.public, "since": self.since})


def key_id(public: str) -> str:
    """A public key's short name: the first 16 hex digits of its SHA-256."""
    return hashlib.sha256(bytes.fromhex(public)).hexdigest()[:16]


def origin_of(code: str, first_key: str) -> str:
    """A log's name in the world: the house's code and its first key, so that no two logs share one."""
    return f"{code}.{key_id(first_key)}"


def make_key() -> tuple[bytes, str]:
    """A new secret of 32 bytes and its public key in hex."""
    made = Ed25519PrivateKey.generate()
    return made.private_bytes_raw(), made.public_key().public_bytes_raw().hex()


def public_of(secret: bytes) -> str:
    """The public key in hex of a secret's 32 bytes."""
    return Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw().hex()


def sign(secret: bytes, purpose: bytes, text: str) -> str:
    """A signature in hex; the purpose in front keeps one kind of text from passing for another."""
    return Ed25519PrivateKey.from_private_bytes(secret).sign(purpose + text.encode()).hex()


def verifies(public: str, signature: str, purpose: bytes, text: str) -> bool:
    """Whether a signature in lower-case hex is this key's over this text."""
    try:
        raw, key = unhex(signature, 64), unhex(public, 32)
        Ed25519PublicKey.from_public_bytes(key).verify(raw, purpose + text.encode())
    except (InvalidSignature, Unreadable, ValueError):
        return False
    return True


def cosigned(head_text: str, at: str) -> str:
    """What a witness signs: the head and when it saw it."""
    return f"{at}\n{head_text}"


def unhex(text: str, size: int = 32) -> bytes:
    """Bytes of lower-case hex of exactly this size; raises Unreadable, also for capitals: one text for one value."""
    try:
        raw = bytes.fromhex(text)
    except (ValueError, TypeError) as problem:
        raise Unreadable("not hex") from problem
    if len(raw) != size or raw.hex() != text:
        raise Unreadable(f"not {size} bytes of lower-case hex")
    return raw


def read_head(value: Mapping[str, Any]) -> Head:
    """A head from what a file or a request holds; raises Unreadable."""
    try:
        head = Head(**{name: value[name] for name in ("origin", "size", "root", "chain", "at", "key")})
    except (KeyError, TypeError) as problem:
        raise Unreadable("a head needs origin, size, root, chain, at and key") from problem
    texts = (head.origin, head.root, head.chain, head.at, head.key)
    if not all(isinstance(each, str) for each in texts) or type(head.size) is not int or head.size < 0:
        raise Unreadable("a head's size is a number, the rest is text")
    if len(value) != 6 or max(map(len, texts)) > 200:
        raise Unreadable("a head holds nothing else")
    unhex(head.root)
    unhex(head.chain)
    return head


def read_head_text(text: str) -> Head:
    """A head from the text that was signed; raises Unreadable."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise Unreadable("not JSON") from problem
    if not isinstance(value, dict):
        raise Unreadable("not a head")
    head = read_head(value)
    if head.text() != text:
        raise Unreadable("not written the one way a head is written")
    return head


def trusted(keys: Sequence[PublicKey], origin: str) -> tuple[dict[str, PublicKey], list[str]]:
    """The keys that the log's own first key leads to, by short name, and what is wrong with the others."""
    known: dict[str, PublicKey] = {}
    faults = []
    for number, key in enumerate(keys, 1):
        before = known.get(key.introduced_by)
        if not known and not key.introduced_by:
            if not origin.endswith("." + key.id):
                faults.append(f"key {number} is not the first key of {origin}")
        elif before is None:
            faults.append(f"key {number} was introduced by a key that is not here")
        elif not verifies(before.public, key.signature, KEY, key.text(origin)):
            faults.append(f"key {number}: the key before did not sign it")
        known[key.id] = key
    return known, faults


def public_pem(public: str) -> str:
    """A public key as other tools read it."""
    key = Ed25519PublicKey.from_public_bytes(unhex(public, 32))
    encoding, form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(encoding, form).decode()


def paper(signed: SignedHead) -> str:
    """A head as the text of a printed code: short, and complete enough to be checked from paper alone."""
    return f"SETA1 {signed.signature} {signed.head.text()}"


def read_paper(text: str) -> SignedHead:
    """A head from a printed code's text; raises Unreadable."""
    mark, _, rest = text.strip().partition(" ")
    signature, _, body = rest.partition(" ")
    if mark != "SETA1":
        raise Unreadable("not a printed head: it does not begin with SETA1")
    unhex(signature, 64)
    return SignedHead(read_head_text(body), signature)


def latest(heads: Iterable[SignedHead]) -> SignedHead | None:
    """The head of the longest log."""
    return max(heads, key=lambda each: each.head.size, default=None)
