"""The keyring: secrets and RSA keys by name, the same for the life of the process, across resets.

Secrets follow from the seed, so two runs with one seed agree. RSA keys cannot; they are made when first asked for
and kept in a file when the keyring has one, so that a restarted sandbox still answers to the exported keys.
"""

import base64
import json
import random
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

HEX = "0123456789abcdef"
HEX_UPPER = "0123456789ABCDEF"
DIGITS = "0123456789"
ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
# Last characters of an EncodingAESKey whose two spare bits are zero, so strict base64 decoders accept it too.
AES_KEY_ENDINGS = "AEIMQUYcgkosw048"
# Public keys of this project's own test world: nothing outside the sandbox trusts them.
RSA_BITS = 2048


class Keyring:
    """Names are chosen by the families, such as `wechatpay.merchant` or `official_account.secret`."""

    def __init__(self, seed: int = 1, path: Path | None = None) -> None:
        self.seed = seed
        self._path = path
        self._rsa: dict[str, rsa.RSAPrivateKey] = {}
        if path is not None and path.exists():
            self._load(path)

    def random(self, name: str) -> random.Random:
        """A generator that depends on the seed and the name alone."""
        return random.Random(f"seta-sandbox/{self.seed}/{name}")

    def secret(self, name: str, length: int, alphabet: Sequence[str] = ALPHANUMERIC) -> str:
        """The secret of that name: `length` characters of the alphabet."""
        return "".join(self.random(name).choices(alphabet, k=length))

    def aes_key(self, name: str) -> str:
        """An EncodingAESKey: 43 characters that decode to 32 bytes."""
        return self.secret(name, 42) + self.random(name + "/end").choice(AES_KEY_ENDINGS)

    def token_bytes(self, name: str, length: int) -> bytes:
        """`length` bytes that follow from the seed."""
        return self.random(name).randbytes(length)

    def rsa(self, name: str) -> rsa.RSAPrivateKey:
        """The RSA-2048 key of that name, made on first use."""
        if name not in self._rsa:
            self._rsa[name] = rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
            self._save()
        return self._rsa[name]

    def private_pem(self, name: str, *, pkcs1: bool = False) -> str:
        """PKCS#8 PEM text, or PKCS#1 (`BEGIN RSA PRIVATE KEY`)."""
        form = serialization.PrivateFormat.TraditionalOpenSSL if pkcs1 else serialization.PrivateFormat.PKCS8
        return (
            self.rsa(name)
            .private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
            .decode()
        )

    def public_pem(self, name: str) -> str:
        """SubjectPublicKeyInfo PEM text (`BEGIN PUBLIC KEY`)."""
        return (
            self.rsa(name)
            .public_key()
            .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
            .decode()
        )

    def _load(self, path: Path) -> None:
        for name, pem in json.loads(path.read_text()).items():
            key = serialization.load_pem_private_key(pem.encode(), password=None)
            assert isinstance(key, rsa.RSAPrivateKey)
            self._rsa[name] = key

    def _save(self) -> None:
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_text(json.dumps({name: self.private_pem(name) for name in self._rsa}))
            self._path.chmod(0o600)


def base64_key(raw: bytes) -> str:
    """Standard base64 text of a binary secret, as `session_key` is written."""
    return base64.b64encode(raw).decode()
