"""Verify a push by its platform's own rules, before anything is stored."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import unquote_plus, urlsplit

from django.conf import settings

from seta.callbacks.rules import (
    Reason,
    Refused,
    Verified,
    check_age,
    check_sender,
    check_storable,
    external_id_of,
)
from seta.houses.queries import Account
from seta.houses.rules import GLOBAL_INSTITUTION
from seta.platforms.alipay.notifications import open_notification as open_alipay
from seta.platforms.antom.notifications import Notification, prove_notification, read_notification
from seta.platforms.core.errors import Forged
from seta.platforms.core.messages import parse_push
from seta.platforms.core.msgcrypt import CryptError, MessageCrypt, same_signature, signature
from seta.platforms.wechat.messages import read_message
from seta.platforms.wechatpay.notifications import Notification as Notice
from seta.platforms.wechatpay.notifications import NotificationKeys
from seta.platforms.wechatpay.notifications import open_notification as open_wechatpay
from seta.platforms.wecom.messages import read_event

ECHOING = frozenset({"wechat", "wecom"})
WRONG_RECEIVER = -40005
QUERY_FIELDS_MAX = 40


@dataclass(frozen=True)
class Push:
    """A request at a callback door, as it came."""

    method: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Door:
    """An account with its keys made ready once."""

    account: Account
    source: str

    @cached_property
    def crypt(self) -> MessageCrypt:
        """What opens and seals this account's messages."""
        secrets = self.account.secrets
        return MessageCrypt(secrets["token"], secrets["aes_key"], self.account.app_id)

    def notification_keys(self, now: datetime) -> Sequence[NotificationKeys]:
        """What opens this merchant's payment notifications, in certificate and public-key mode.

        While keys change there are two: the platform may still sign and encrypt with the former.
        """
        return [
            NotificationKeys(
                apiv3_key=secrets["apiv3_key"],
                verifiers={
                    secrets["platform_serial"]: secrets["platform_cert"],
                    secrets["public_key_id"]: secrets["public_key"],
                },
            )
            for secrets in self.account.believed(now)
        ]

    @property
    def path(self) -> str:
        """The path of this door as the platform knows it, also behind a proxy that serves us under a prefix."""
        return f"{urlsplit(settings.PUBLIC_URL).path}/callbacks/{self.source}/{self.account.id}"


SOURCE_FAMILIES: Mapping[str, frozenset[str]] = {
    "wechat": frozenset({"official_account", "mini_program"}),
    "wecom": frozenset({"wecom"}),
    "wechatpay": frozenset({"wechatpay"}),
    "alipay": frozenset({"alipay"}),
    "antom": frozenset({"antom"}),
}
"""Which families of account may stand behind each door."""


def flat_query(raw: bytes) -> dict[str, str]:
    """The query as single values; the first wins when a name is repeated."""
    try:
        text = raw.decode("ascii")
    except UnicodeDecodeError as problem:
        raise Refused(Reason.UNREADABLE, "query") from problem
    pairs = text.split("&", QUERY_FIELDS_MAX)
    if len(pairs) > QUERY_FIELDS_MAX:
        raise Refused(Reason.UNREADABLE, "query")
    fields: dict[str, str] = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        # Platforms' names are plain words, and most of their values too.
        fields.setdefault(name, unquote_plus(value) if "%" in value or "+" in value else value)
    return fields


def echo(door: Door, push: Push, now: datetime) -> str:
    """Answer a platform's question whether this address is ours: the echostr, plain or decrypted."""
    if door.source not in ECHOING:
        raise Refused(Reason.UNREADABLE, "payments are only ever posted")
    timestamp, nonce = push.query.get("timestamp", ""), push.query.get("nonce", "")
    echostr = push.query.get("echostr", "")
    check_age(timestamp, now)
    if door.source == "wecom":
        try:
            door.crypt.verify(push.query.get("msg_signature", ""), timestamp, nonce, echostr)
            return door.crypt.decrypt(echostr).decode()
        except (CryptError, UnicodeDecodeError) as problem:
            raise Refused(Reason.BAD_SIGNATURE, str(problem)) from problem
    expected = signature(door.account.secrets["token"], timestamp, nonce)
    if not same_signature(expected, push.query.get("signature", "")):
        raise Refused(Reason.BAD_SIGNATURE, "echo")
    return echostr


def verify(door: Door, push: Push, now: datetime) -> Verified:
    """The push as its platform vouches for it; raises Refused."""
    return _VERIFIERS[door.source](door, push, now)


def _verify_message(door: Door, push: Push, now: datetime) -> Verified:
    """An Official Account or mini program push, encrypted (safe mode) or plain, XML or JSON."""
    timestamp, nonce = push.query.get("timestamp", ""), push.query.get("nonce", "")
    check_age(timestamp, now)
    expected = signature(door.account.secrets["token"], timestamp, nonce)
    if not same_signature(expected, push.query.get("signature", "")):
        raise Refused(Reason.BAD_SIGNATURE, "signature")
    body = push.body
    if push.query.get("encrypt_type") == "aes":
        body = _opened(door, push, timestamp, nonce)
    try:
        message = read_message(_fields(body))
    except ValueError as problem:
        raise Refused(Reason.UNREADABLE, str(problem)) from problem
    check_sender(message.sender)
    if message.to != door.account.secrets.get("original_id", message.to):
        raise Refused(Reason.OTHER_RECEIVER, message.to)
    return Verified("wechat", external_id_of(message.external_id), message.kind, message.fields, body)


def _verify_wecom(door: Door, push: Push, now: datetime) -> Verified:
    """A WeCom push: always encrypted, signed over its ciphertext."""
    timestamp, nonce = push.query.get("timestamp", ""), push.query.get("nonce", "")
    check_age(timestamp, now)
    body = _opened(door, push, timestamp, nonce)
    try:
        event = read_event(_fields(body))
    except ValueError as problem:
        raise Refused(Reason.UNREADABLE, str(problem)) from problem
    check_sender(event.sender)
    return Verified("wecom", external_id_of(event.external_id), event.kind, event.fields, body)


def _fields(body: bytes) -> Mapping[str, Any]:
    fields = parse_push(body)
    if body.lstrip().startswith(b"{"):
        check_storable(fields)
    return fields


def _opened(door: Door, push: Push, timestamp: str, nonce: str) -> bytes:
    try:
        sealed = str(_fields(push.body).get("Encrypt", ""))
    except ValueError as problem:
        raise Refused(Reason.UNREADABLE, str(problem)) from problem
    try:
        door.crypt.verify(push.query.get("msg_signature", ""), timestamp, nonce, sealed)
        return door.crypt.decrypt(sealed)
    except CryptError as problem:
        reason = Reason.OTHER_RECEIVER if problem.code == WRONG_RECEIVER else Reason.BAD_SIGNATURE
        raise Refused(reason, str(problem)) from problem


def _forged(problem: Forged) -> Refused:
    # What could not be read is told without its text: the log shall hold nothing of a stranger's body.
    return Refused(Reason.BAD_SIGNATURE, problem.code if problem.code == "UNREADABLE" else str(problem))


def _verify_wechatpay(door: Door, push: Push, now: datetime) -> Verified:
    found = _opened_by_any(door, push, now)
    _check_merchant(door.account, found.resource)
    check_storable([found.id, found.event_type, found.resource])
    body = json.dumps(found.resource, ensure_ascii=False).encode()
    return Verified("wechatpay", external_id_of(found.id), found.event_type, found.resource, body)


def _opened_by_any(door: Door, push: Push, now: datetime) -> Notice:
    problems: list[Forged] = []
    for keys in door.notification_keys(now):
        try:
            return open_wechatpay(headers=push.headers, body=push.body, keys=keys, now=int(now.timestamp()))
        except Forged as problem:
            problems.append(problem)
    raise _forged(problems[0]) from problems[0]


def _check_merchant(account: Account, resource: Mapping[str, Any]) -> None:
    """Refuse what another merchant is told; an institution's merchants share its keys and not their money."""
    if account.mode == GLOBAL_INSTITUTION:
        given = (resource.get("sp_mchid"), resource.get("sub_mchid"))
        if given != (account.settings["sp_mchid"], account.app_id):
            raise Refused(Reason.OTHER_RECEIVER, "sub_mchid")
    elif resource.get("mchid") != account.app_id:
        raise Refused(Reason.OTHER_RECEIVER, "mchid")


def _verify_alipay(door: Door, push: Push, now: datetime) -> Verified:
    fields = _alipay_fields(door, push, now)
    seller = door.account.secrets.get("seller_id", "")
    if fields.get("seller_id", seller) != seller:
        raise Refused(Reason.OTHER_RECEIVER, "seller_id")
    check_storable(fields)
    kind = fields.get("notify_type", "")
    external_id = fields.get("notify_id", "")
    if not external_id:
        raise Refused(Reason.UNREADABLE, "no notify_id")
    return Verified(
        "alipay", external_id_of(external_id), kind, fields, json.dumps(fields, ensure_ascii=False).encode()
    )


def _alipay_fields(door: Door, push: Push, now: datetime) -> Mapping[str, Any]:
    problems: list[Forged] = []
    for secrets in door.account.believed(now):
        try:
            return open_alipay(
                push.body, alipay_public_key=secrets["alipay_public_key"], app_id=door.account.app_id
            )
        except Forged as problem:
            problems.append(problem)
    raise _forged(problems[0]) from problems[0]


def _verify_antom(door: Door, push: Push, now: datetime) -> Verified:
    """An Antom push: signed over our path, its client, its time and its body; it has no id of its own."""
    # A key that has its number in the account counts under that number, any other under whatever number is named.
    keys = [
        (secrets.get("antom_key_version", ""), secrets["antom_public_key"])
        for secrets in door.account.believed(now)
    ]
    try:
        fields = prove_notification(
            headers=push.headers,
            path=door.path,
            body=push.body,
            public_keys=keys,
            client_id=door.account.app_id,
            now=now.timestamp(),
        )
        found = read_notification(fields)
    except Forged as problem:
        raise _forged(problem) from problem
    check_storable(fields)
    body = json.dumps(fields, ensure_ascii=False).encode()
    return Verified("antom", external_id_of(_antom_id(found)), found.kind, fields, body)


def _antom_id(found: Notification) -> str:
    """Which push it is: its kind, whose, and what it says of it."""
    if found.refund is not None:
        return f"{found.kind}:{found.refund.refund_request_id}:{found.refund.status}"
    assert found.payment is not None
    return f"{found.kind}:{found.payment.payment_request_id}:{found.payment.status}"


_VERIFIERS = {
    "wechat": _verify_message,
    "wecom": _verify_wecom,
    "wechatpay": _verify_wechatpay,
    "alipay": _verify_alipay,
    "antom": _verify_antom,
}
