"""The doors as plain ASGI beside Django: an empty Django view costs a hundred times an empty endpoint."""

import logging
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from seta.callbacks.keeper import Busy, Keeper
from seta.callbacks.operations import Arrival
from seta.callbacks.rules import Reason, Refused, Verified
from seta.callbacks.sealing import RandomPage, sealed_reply
from seta.callbacks.verification import SOURCE_FAMILIES, Door, Push, echo, flat_query, verify
from seta.houses.queries import Account, account_by_id
from seta.kit.limits import CALLBACK_BODY_BYTES_MAX
from seta.platforms.antom.notifications import RECEIPT

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

log = logging.getLogger(__name__)

ACCOUNT_SECONDS = 5.0
"""How long a door believes what it knows of an account; a changed key is in force after that."""

_STATUS = {Reason.UNKNOWN_ACCOUNT: 404, Reason.TOO_LARGE: 413, Reason.UNREADABLE: 400, Reason.BUSY: 503}


class CallbackDoors:
    """`/callbacks/<source>/<account id>`: verify, keep, answer."""

    def __init__(self, keeper: Keeper) -> None:
        self.keeper = keeper
        self._doors: dict[tuple[str, int], tuple[float, Door]] = {}
        self._random = RandomPage()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; whatever goes wrong is a plain status, never a stack trace."""
        source, account_id = _address(scope["path"])
        size = 0
        try:
            if scope["method"] not in ("GET", "POST"):
                await _respond(send, 405, b"", "text/plain")
                return
            body = await _read(receive)
            size = len(body)
            door = await self._door(source, account_id)
            push = Push(scope["method"], flat_query(scope["query_string"]), _Headers(scope["headers"]), body)
            status, reply = await self._answer(door, push)
        except Refused as refusal:
            self.keeper.note_refusal(
                source=source if source in SOURCE_FAMILIES else "",
                account_id=account_id,
                reason=refusal.reason,
                detail=refusal.detail,
                size=size,
                now=datetime.now(UTC),
            )
            status, reply = _refused(source, refusal.reason)
        await _respond(send, status, reply.encode(), _content_type(source, reply))

    async def _door(self, source: str, account_id: int | None) -> Door:
        if source not in SOURCE_FAMILIES or account_id is None:
            raise Refused(Reason.UNKNOWN_ACCOUNT, f"{source}/{account_id}")
        known = self._doors.get((source, account_id))
        if known is None or known[0] < time.monotonic():
            account = await self._account(account_id)
            if account is None or account.family not in SOURCE_FAMILIES[source]:
                raise Refused(Reason.UNKNOWN_ACCOUNT, f"{source}/{account_id}")
            if known is None or known[1].account != account:
                known = (0.0, Door(account, source))
            known = (time.monotonic() + ACCOUNT_SECONDS, known[1])
            self._doors[source, account_id] = known
        return known[1]

    async def _account(self, account_id: int) -> Account | None:
        try:
            return await self.keeper.ask(lambda: account_by_id(account_id))
        except Busy as problem:
            raise Refused(Reason.BUSY) from problem

    async def _answer(self, door: Door, push: Push) -> tuple[int, str]:
        now = datetime.now(UTC)
        if push.method == "GET":
            return 200, echo(door, push, now)
        verified = verify(door, push, now)
        if self.keeper.table.find(verified.source, verified.kind) is None:
            self._note_unknown(door, verified, len(push.body), now)
            return _accepted(door.source)
        try:
            kept = await self.keeper.keep(Arrival(door.account, verified, now))
        except Busy as problem:
            raise Refused(Reason.BUSY) from problem
        except TimeoutError:
            # Kept or not, the platform asks again; a message that was kept then gets its stored answer.
            return (500, _FAIL) if door.source in self.keeper.table.insisting else _accepted(door.source)
        except Exception:
            log.exception("callback could not be kept")
            return 500, _FAIL if door.source == "wechatpay" else ""
        if kept.refused:
            return 500, _NOT_KEPT.get(door.source, "fail")
        if kept.answer is None:
            return _accepted(door.source)
        if door.source == "wecom" or push.query.get("encrypt_type") == "aes":
            return 200, sealed_reply(door.crypt, kept.answer, int(now.timestamp()), self._random)
        return 200, kept.answer

    def _note_unknown(self, door: Door, verified: Verified, size: int, now: datetime) -> None:
        self.keeper.note_refusal(
            source=door.source,
            account_id=door.account.id,
            reason=Reason.UNKNOWN_KIND,
            detail=verified.kind,
            size=size,
            now=now,
        )


_FAIL = '{"code":"FAIL","message":"not kept, please send again"}'
_NOT_KEPT = {
    "wechatpay": _FAIL,
    "antom": '{"result":{"resultCode":"FAIL","resultStatus":"F","resultMessage":"not kept, please send again"}}',
}


def _accepted(source: str) -> tuple[int, str]:
    """How each platform wants to hear that nothing has to be sent again."""
    if source == "wechatpay":
        return 204, ""
    if source == "antom":
        return 200, RECEIPT.decode()
    return 200, "" if source == "wecom" else "success"


def _refused(source: str, reason: Reason) -> tuple[int, str]:
    status = _STATUS.get(reason, 401 if source == "wechatpay" else 403)
    return status, '{"code":"FAIL","message":"refused"}' if source == "wechatpay" else ""


def _content_type(source: str, reply: str) -> str:
    if source in ("wechatpay", "antom"):
        return "application/json"
    return "application/xml; charset=utf-8" if reply.startswith("<") else "text/plain; charset=utf-8"


def _address(path: str) -> tuple[str, int | None]:
    parts = path.strip("/").split("/")
    if len(parts) != 3 or not (parts[2].isascii() and parts[2].isdigit()) or len(parts[2]) > 15:
        return (parts[1] if len(parts) > 1 else "")[:12], None
    return parts[1][:12], int(parts[2])


class _Headers(Mapping[str, str]):
    """Header fields by lower-case name, decoded only when somebody asks: three of the four doors never do."""

    def __init__(self, raw: Sequence[tuple[bytes, bytes]]) -> None:
        self._raw = raw

    @cached_property
    def _fields(self) -> dict[str, str]:
        return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in self._raw}

    def __getitem__(self, name: str) -> str:
        return self._fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)


async def _read(receive: Receive) -> bytes:
    message = await receive()
    body: bytes = message.get("body", b"")
    if (
        message["type"] == "http.request"
        and not message.get("more_body")
        and len(body) <= CALLBACK_BODY_BYTES_MAX
    ):
        return body  # as nearly all of them come
    chunks: list[bytes] = []
    size = 0
    while True:
        if message["type"] == "http.disconnect":
            raise Refused(Reason.UNREADABLE, "the sender hung up")
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > CALLBACK_BODY_BYTES_MAX:
            raise Refused(Reason.TOO_LARGE, f"over {CALLBACK_BODY_BYTES_MAX} bytes")
        chunks.append(chunk)
        if not message.get("more_body"):
            return b"".join(chunks)
        message = await receive()


async def _respond(send: Send, status: int, body: bytes, content_type: str) -> None:
    headers = [(b"content-type", content_type.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
