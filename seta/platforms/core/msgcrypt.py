"""WXBizMsgCrypt, byte for byte: the one message encryption of Official Accounts, mini programs and WeCom."""

import base64
import binascii
import hmac
import secrets
import struct
from hashlib import sha1

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from seta.platforms.core.xml import to_xml

BAD_SIGNATURE = -40001
BAD_KEY = -40004
WRONG_RECEIVER = -40005
NOT_DECRYPTABLE = -40007
BAD_BUFFER = -40008
BAD_BASE64 = -40010

_BLOCK = 32
_HEADER = 20  # 16 random bytes, then the length of the message in 4
_CIPHERTEXT_MAX = 2 * 1024 * 1024


class CryptError(Exception):
    """A message that cannot be opened; `code` is the number Tencent's sample code gives it."""

    def __init__(self, code: int, message: str = "") -> None:
        super().__init__(message or str(code))
        self.code = code


def signature(*parts: str) -> str:
    """Return the lower-case hex SHA-1 over the parts sorted as byte strings and joined without separator.

    With (token, timestamp, nonce) it is `signature`, with the ciphertext as fourth part `msg_signature`.
    """
    return sha1(b"".join(sorted(part.encode() for part in parts))).hexdigest()


def same_signature(expected: str, given: str) -> bool:
    """Compare two hex signatures without telling by time where they differ."""
    return hmac.compare_digest(expected.encode(), given.encode())


def decode_aes_key(aes_key: str) -> bytes:
    """Decode the 43 characters of an EncodingAESKey to 32 bytes.

    The last character carries two spare bits which real keys often set; they are ignored, as Tencent does.
    """
    try:
        key = base64.b64decode(aes_key + "=", validate=True)
    except (binascii.Error, ValueError) as error:
        raise CryptError(BAD_KEY, "EncodingAESKey is not base64") from error
    if len(aes_key) != 43 or len(key) != 32:
        raise CryptError(BAD_KEY, "EncodingAESKey must have 43 characters")
    return key


class MessageCrypt:
    """Seals and opens the pushes of one receiver: token, EncodingAESKey, and its appid or corpid."""

    def __init__(self, token: str, aes_key: str, receive_id: str) -> None:
        key = decode_aes_key(aes_key)
        self._token = token
        self._receive_id = receive_id.encode()
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))

    def sign(self, timestamp: str, nonce: str, encrypt: str) -> str:
        """Return the `msg_signature` that belongs to a ciphertext."""
        return signature(self._token, timestamp, nonce, encrypt)

    def verify(self, given: str, timestamp: str, nonce: str, encrypt: str) -> None:
        """Raise CryptError(-40001) unless `given` is the signature of the ciphertext."""
        if not same_signature(self.sign(timestamp, nonce, encrypt), given):
            raise CryptError(BAD_SIGNATURE, "msg_signature does not match")

    def decrypt(self, encrypt_b64: str) -> bytes:
        """Open a ciphertext and return the message inside; check the signature first, this does not.

        Raises CryptError: -40010 base64, -40007 cipher, -40008 layout, -40005 another receiver.
        """
        if len(encrypt_b64) > _CIPHERTEXT_MAX:
            raise CryptError(BAD_BUFFER, "ciphertext too long")
        try:
            sealed = base64.b64decode(encrypt_b64, validate=True)
        except (binascii.Error, ValueError) as error:
            raise CryptError(BAD_BASE64, "ciphertext is not base64") from error
        if not sealed or len(sealed) % 16:
            raise CryptError(NOT_DECRYPTABLE, "ciphertext is not a whole number of blocks")
        decryptor = self._cipher.decryptor()
        return self._opened(_unpadded(decryptor.update(sealed) + decryptor.finalize()))

    def _opened(self, plain: bytes) -> bytes:
        if len(plain) < _HEADER:
            raise CryptError(BAD_BUFFER, "plain text shorter than its header")
        end = _HEADER + int(struct.unpack(">I", plain[16:_HEADER])[0])
        if end > len(plain):
            raise CryptError(BAD_BUFFER, "message longer than its buffer")
        if plain[end:] != self._receive_id:
            raise CryptError(WRONG_RECEIVER, "message is for another receiver")
        return plain[_HEADER:end]

    def encrypt(self, plain: bytes, *, random16: bytes | None = None) -> str:
        """Seal a message; `random16` fixes the random prefix for vectors and is otherwise drawn fresh."""
        prefix = secrets.token_bytes(16) if random16 is None else random16
        assert len(prefix) == 16
        padded = _padded(prefix + struct.pack(">I", len(plain)) + plain + self._receive_id)
        encryptor = self._cipher.encryptor()
        return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()


def encrypted_envelope(crypt: MessageCrypt, plain: str, timestamp: str | int, nonce: str) -> str:
    """Return the signed reply envelope around a plain reply: Encrypt, MsgSignature, TimeStamp, Nonce."""
    sealed = crypt.encrypt(plain.encode())
    return to_xml(
        {
            "Encrypt": sealed,
            "MsgSignature": crypt.sign(str(timestamp), nonce, sealed),
            "TimeStamp": int(timestamp),
            "Nonce": nonce,
        }
    )


def _padded(plain: bytes) -> bytes:
    count = _BLOCK - len(plain) % _BLOCK
    return plain + bytes([count]) * count


def _unpadded(plain: bytes) -> bytes:
    # Senders pad to 32, some SDKs to 16; a last byte outside 1..32 means no padding, as at Tencent.
    count = plain[-1]
    return plain[:-count] if 1 <= count <= _BLOCK else plain
