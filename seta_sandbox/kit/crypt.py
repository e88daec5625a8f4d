"""WXBizMsgCrypt, the callback encryption of Official Accounts, mini programs and WeCom.

Written apart from the platform's own implementation on purpose; both are held to the published vectors.
"""

import base64
import hashlib
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32
RANDOM_BYTES = 16


class CryptError(ValueError):
    """A message that is not for this receiver or was not made with its key."""


def sign(*parts: str) -> str:
    """SHA-1 over the byte-wise sorted parts, in lower-case hex: `signature` and `msg_signature`."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def encrypt(aes_key: str, text: str, receive_id: str, random_bytes: bytes) -> str:
    """Base64 of AES-256-CBC over random, big-endian length, text and receiver id, padded to 32 bytes."""
    key = decode_key(aes_key)
    body = text.encode()
    plain = random_bytes + struct.pack(">I", len(body)) + body + receive_id.encode()
    pad = BLOCK - len(plain) % BLOCK
    cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(cipher.update(plain + bytes([pad]) * pad) + cipher.finalize()).decode()


def decrypt(aes_key: str, encrypted: str, receive_id: str) -> str:
    """The text inside; raises CryptError when the ciphertext or its trailing receiver id is wrong."""
    key = decode_key(aes_key)
    try:
        raw = base64.b64decode(encrypted, validate=True)
        cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
        plain = cipher.update(raw) + cipher.finalize()
    except ValueError as error:
        raise CryptError(f"not a ciphertext: {error}") from None
    if not plain:
        raise CryptError("empty ciphertext")
    pad = plain[-1]
    plain = plain[:-pad] if 1 <= pad <= BLOCK else plain
    if len(plain) < RANDOM_BYTES + 4:
        raise CryptError("too short")
    (length,) = struct.unpack(">I", plain[RANDOM_BYTES : RANDOM_BYTES + 4])
    end = RANDOM_BYTES + 4 + length
    if end > len(plain):
        raise CryptError("the length inside is wrong")
    if plain[end:].decode(errors="replace") != receive_id:
        raise CryptError("the receiver id inside is not this app's")
    return plain[RANDOM_BYTES + 4 : end].decode()


def decode_key(aes_key: str) -> bytes:
    """The 32 bytes of a 43-character EncodingAESKey; its two spare bits may be anything."""
    key = base64.b64decode(aes_key + "=")
    if len(key) != 32:
        raise CryptError("an EncodingAESKey has 43 characters")
    return key
