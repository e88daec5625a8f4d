"""Seals passive replies: the envelope is written out by hand and its random bytes come from a page drawn ahead."""

import secrets

from seta.platforms.core.msgcrypt import MessageCrypt

PAGE_BYTES = 4_096


class RandomPage:
    """Random bytes of the system, drawn a page at a time; for the use of one thread.

    Each draw lets go of the interpreter, and getting it back while a batch is being kept costs more than sealing the
    reply: a page serves 170 replies. No byte is ever given twice.
    """

    def __init__(self) -> None:
        self._page = b""
        self._at = 0

    def take(self, count: int) -> bytes:
        """The next bytes, at most a page."""
        assert 0 < count <= PAGE_BYTES
        if self._at + count > len(self._page):
            self._page = secrets.token_bytes(PAGE_BYTES)
            self._at = 0
        self._at += count
        return self._page[self._at - count : self._at]


def sealed_reply(crypt: MessageCrypt, plain: str, timestamp: int, random: RandomPage) -> str:
    """The signed envelope around a plain reply, with a nonce of its own; `timestamp` in Unix seconds.

    Base64, hex digits and a number need no escaping, so that this envelope is a plain format.
    """
    sealed = crypt.encrypt(plain.encode(), random16=random.take(16))
    nonce = random.take(8).hex()
    signature = crypt.sign(str(timestamp), nonce, sealed)
    return (
        f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt><MsgSignature><![CDATA[{signature}]]></MsgSignature>"
        f"<TimeStamp>{timestamp}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
    )
