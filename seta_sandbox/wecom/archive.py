"""The conversation archive: records wrapped with RSA, given out by sequence number.

Tencent's GetChatData is a C library whose inner cipher is private. The wrapping of the random key is as documented
(RSA-2048, PKCS#1 v1.5, one public key for each `publickey_ver`). The cipher of `encrypt_chat_msg` here is the
sandbox's own and nobody else's: AES-256-CBC, key SHA-256 of the random key, a random 16-byte IV in front, PKCS#7
padding, all in base64. `POST /_finance/chatdata` stands for GetChatData, `/_finance/mediadata` for GetMediaData.
"""

import base64
import hashlib
import json
from bisect import bisect_right
from itertools import islice
from operator import attrgetter
from typing import Any

from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from seta_sandbox.kit.access import world_of
from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.keys import HEX
from seta_sandbox.kit.push import Delivery
from seta_sandbox.kit.wire import json_body
from seta_sandbox.kit.world import World
from seta_sandbox.wecom.access import application_of, calling, ok
from seta_sandbox.wecom.config import archive_key
from seta_sandbox.wecom.pushing import ARCHIVE_AGENT, push_event
from seta_sandbox.wecom.state import ARCHIVE_SECONDS, DISAGREE, Record, wecom_of

LIMIT_MAX = 1000
NOTIFY_SECONDS = 15.0
CHUNK_BYTES = 512 << 10


# Who takes part decides how a msgid ends.
EXTERNAL, INTERNAL, STREAM = "_external", "", "_updown_stream"


def keep(world: World, message: dict[str, Any], *, suffix: str = EXTERNAL) -> Record:
    """Encrypt and append one message; `message` has everything but its msgid."""
    state = wecom_of(world)
    state.last_seq += 1
    milliseconds = int(world.clock.now() * 1000)
    msgid = f"{''.join(world.rng.choices(HEX, k=20))}_{milliseconds}{suffix}"
    random_key = base64.b64encode(world.rng.randbytes(32))
    public = world.keys.rsa(archive_key(state.publickey_ver)).public_key()
    record = Record(
        seq=state.last_seq,
        msgid=msgid,
        kept_at=world.clock.now(),
        publickey_ver=state.publickey_ver,
        encrypt_random_key=base64.b64encode(public.encrypt(random_key, padding.PKCS1v15())).decode(),
        encrypt_chat_msg=seal(
            random_key, json.dumps({"msgid": msgid, **message}, ensure_ascii=False), world.rng.randbytes(16)
        ),
    )
    state.records.append(record)
    return record


def seal(random_key: bytes, text: str, iv: bytes) -> str:
    """The sandbox's own cipher of `encrypt_chat_msg`; see the module's first lines."""
    padder = PKCS7(128).padder()
    plain = padder.update(text.encode()) + padder.finalize()
    cipher = Cipher(algorithms.AES(hashlib.sha256(random_key).digest()), modes.CBC(iv)).encryptor()
    return base64.b64encode(iv + cipher.update(plain) + cipher.finalize()).decode()


def is_archived(world: World, userid: str, external_userid: str) -> bool:
    """Whether messages of this pair are kept: not after the customer disagreed, and of permitted members only."""
    if userid in wecom_of(world).settings.unarchived or wecom_of(world).settings.archive != "on":
        return False
    return wecom_of(world).agreement(userid, external_userid).status != DISAGREE


def notify(world: World) -> Delivery | None:
    """Push `msgaudit_notify`, at most every 15 s: one that comes too early is sent when the 15 s are over."""
    now, state = world.clock.now(), wecom_of(world)
    if state.notified_at > now:
        return None
    delay = max(0.0, state.notified_at + NOTIFY_SECONDS - now)
    state.notified_at = now + delay
    return push_event(world, "msgaudit_notify", {}, agent=ARCHIVE_AGENT, delay_seconds=delay)


async def chat_data(request: Request) -> Response:
    """GetChatData: records after `seq`, at most `limit` (1..1000, else 10000), none older than five days.

    A `seq` before the oldest record that is kept starts there. (K) When nothing after it is kept any more, 10010.
    """
    world, body = world_of(request), await json_body(request)
    _archive_caller(world, body)
    seq, limit = body.get("seq", 0), body.get("limit", LIMIT_MAX)
    if type(seq) is not int or not 0 <= seq < 2**64 or type(limit) is not int or not 1 <= limit <= LIMIT_MAX:
        raise ApiError(10000, "invalid parameters")
    oldest = world.clock.now() - ARCHIVE_SECONDS
    after = wecom_of(world).records[bisect_right(wecom_of(world).records, seq, key=attrgetter("seq")) :]
    rows = list(islice((record for record in after if record.kept_at >= oldest), limit))
    if after and not rows:
        raise ApiError(10010, "the data after this seq has expired")
    return ok(chatdata=[_row(record) for record in rows])


def _row(record: Record) -> dict[str, Any]:
    return {
        "seq": record.seq,
        "msgid": record.msgid,
        "publickey_ver": record.publickey_ver,
        "encrypt_random_key": record.encrypt_random_key,
        "encrypt_chat_msg": record.encrypt_chat_msg,
    }


def _archive_caller(world: World, body: dict[str, Any]) -> None:
    if application_of(world, body.get("corpid"), body.get("secret")) != "archive":
        raise ApiError(301053, "the secret is not that of the conversation archive")
    require_archive(world)


def require_archive(world: World) -> None:
    """301053 when the company has not bought the archive, 301052 when it has run out."""
    state = wecom_of(world).settings.archive
    if state != "on":
        raise ApiError(
            *((301052, "archive expired") if state == "expired" else (301053, "archive not enabled"))
        )


def archive_caller(request: Request) -> World:
    """The world, for the archive's own application while the archive is bought."""
    world = calling(request, "archive")
    require_archive(world)
    return world


async def media_data(request: Request) -> Response:
    """GetMediaData: 512 KB from `indexbuf` on, base64; 10005 unknown `sdkfileid`, 10010 a file of six days ago.

    `indexbuf` is empty at first and then the `outindexbuf` of the answer before.
    """
    world, body = world_of(request), await json_body(request)
    _archive_caller(world, body)
    fileid, index = str(body.get("sdkfileid", "")), str(body.get("indexbuf") or "0")
    content = wecom_of(world).files.get(fileid)
    if content is None:
        raise ApiError(10005, "invalid sdkfileid")
    if world.clock.now() - wecom_of(world).file_kept_at.get(fileid, 0.0) > ARCHIVE_SECONDS:
        raise ApiError(10010, "the file has expired")
    if not index.isascii() or not index.isdigit() or len(index) > 12 or int(index) > len(content):
        raise ApiError(10000, "invalid parameters")
    start = int(index)
    chunk = content[start : start + CHUNK_BYTES]
    end = start + len(chunk)
    return ok(
        data=base64.b64encode(chunk).decode(),
        outindexbuf=str(end) if end < len(content) else "",
        is_finish=int(end >= len(content)),
    )


ROUTES: list[Route] = [
    Route("/_finance/chatdata", chat_data, methods=["POST"]),
    Route("/_finance/mediadata", media_data, methods=["POST"]),
]
