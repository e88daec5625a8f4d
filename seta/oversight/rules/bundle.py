"""What an evidence bundle holds, line by line, and how a message is bound to its line of the log."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from seta.kit.clock import milliseconds_text
from seta.oversight.rules.chain import canonical, quoted
from seta.oversight.rules.heads import Cosignature, Head, PublicKey, SignedHead, read_head

FORMAT = "seta-evidence/1"
MANIFEST, SIGNATURE, KEYS, HEADS, CONSISTENCY = (
    "manifest.json",
    "manifest.sig",
    "keys.json",
    "heads.json",
    "consistency.json",
)
MESSAGES, LOG, LEAVES = "messages.jsonl", "log.jsonl", "leaves.bin"
NAMES = re.compile(
    r"manifest\.(json|sig)|(keys|heads|consistency)\.json|messages\.jsonl|log\.jsonl|leaves\.bin"
    r"|index\.(zh|en|it)\.html|media/[0-9a-f]{64}"
)
OPEN, ERASED, DISPOSED = "open", "erased", "disposed"
SALT_BYTES = 16
MESSAGE_KINDS = frozenset({"message.archived"})
MEDIA_KIND = "media.kept"
MEDIA = "media/"


def record(
    *,
    account: int,
    seq: int,
    msgid: str,
    conversation: str,
    associate: str,
    client: str,
    sender_role: str,
    kind: str,
    sent_at: datetime,
    text: str,
) -> dict[str, Any]:
    """A message as evidence tells it; `seq` is WeCom's number of the record, `sent_at` becomes ISO 8601 in UTC."""
    return {
        "account": account,
        "seq": seq,
        "msgid": msgid,
        "conversation": conversation,
        "associate": associate,
        "client": client,
        "sender_role": sender_role,
        "kind": kind,
        "sent_at": sent_at.astimezone(UTC).isoformat(),
        "text": text,
    }


def record_text(
    *,
    account: int,
    seq: int,
    msgid: str,
    conversation: str,
    associate: str,
    client: str,
    sender_role: str,
    kind: str,
    sent_ms: int,
    text: str,
) -> str:
    """`record` in canonical JSON, written in one go: every message of the archive is told so.

    `sent_ms` is the instant in Unix milliseconds.
    """
    return (
        f'{{"account":{account:d},"associate":{quoted(associate)},"client":{quoted(client)},'
        f'"conversation":{quoted(conversation)},"kind":{quoted(kind)},"msgid":{quoted(msgid)},'
        f'"sender_role":{quoted(sender_role)},"sent_at":"{milliseconds_text(sent_ms)}+00:00",'
        f'"seq":{seq:d},"text":{quoted(text)}}}'
    )


def commitment(salt: bytes, record: Mapping[str, Any]) -> str:
    """What the log keeps of a message: a digest that says nothing without the salt, which dies with the key."""
    return commitment_of(salt, canonical(record))


def commitment_of(salt: bytes, told: str) -> str:
    """The same of a record that is in canonical JSON already."""
    return hashlib.sha256(salt + told.encode()).hexdigest()


def salt_of(key: bytes, *, account: int, msgid: str) -> bytes:
    """A message's own salt, from the key that seals its body: to show one says nothing about the others."""
    return hashlib.blake2s(
        f"{account}:{msgid}".encode(), key=key, digest_size=SALT_BYTES, person=b"salt"
    ).digest()


def logged_text(*, account: int, msgid: str, sealed: bytes, told: str, salt: bytes) -> str:
    """What the log tells of a message, in canonical JSON: digests of its sealed body and of its record.

    The second is hidden by a salt that dies with the key.
    """
    return (
        f'{{"account":{account:d},"commitment":"{commitment_of(salt, told)}","msgid":{quoted(msgid)},'
        f'"sealed_sha256":"{hashlib.sha256(sealed).hexdigest()}"}}'
    )


def message_line(
    *,
    event: str,
    proof: Sequence[bytes],
    state: str,
    record: Mapping[str, Any],
    salt: bytes = b"",
    media: Sequence[Mapping[str, Any]] = (),
) -> str:
    """One line of messages.jsonl; `event` is the log's line, `record` the message or, without a body, its ids."""
    told = {
        "event": event,
        "proof": [each.hex() for each in proof],
        "state": state,
        "record": dict(record),
        "salt": salt.hex(),
        "media": [dict(each) for each in media],
    }
    return canonical(told)


def media_entry(*, event: str, proof: Sequence[bytes], record: Mapping[str, Any]) -> dict[str, Any]:
    """A file in a message's line; `event` is its own line of the log, `record` place, kind, name, bytes and sha256."""
    return {"event": event, "proof": [each.hex() for each in proof], "record": dict(record)}


def keys_file(keys: Sequence[PublicKey]) -> str:
    """keys.json: the house's public keys, oldest first."""
    rows = [
        {
            "public": key.public,
            "since": key.since,
            "introduced_by": key.introduced_by,
            "signature": key.signature,
        }
        for key in keys
    ]
    return canonical({"keys": rows})


def heads_file(heads: Sequence[tuple[SignedHead, Sequence[Cosignature]]]) -> str:
    """heads.json: signed heads by size, each with its witnesses' cosignatures."""
    return canonical({"heads": [_head_row(signed, witnesses) for signed, witnesses in heads]})


def consistency_file(proofs: Sequence[tuple[int, int, Sequence[bytes]]]) -> str:
    """consistency.json: a proof from each head to the next."""
    rows = [{"from": old, "to": new, "proof": [each.hex() for each in path]} for old, new, path in proofs]
    return canonical({"proofs": rows})


def read_keys(value: Mapping[str, Any]) -> list[PublicKey]:
    """What keys_file wrote; raises KeyError, TypeError or ValueError for anything else."""
    names = ("public", "since", "introduced_by", "signature")
    keys = [PublicKey(**{name: _text(row[name]) for name in names}) for row in value["keys"]]
    for key in keys:
        _ = key.id
    return keys


def read_heads(value: Mapping[str, Any]) -> list[tuple[SignedHead, list[Cosignature]]]:
    """What heads_file wrote; raises KeyError, TypeError or ValueError for anything else."""
    names = ("witness", "public", "at", "signature")
    return [
        (
            SignedHead(read_head(row["head"]), _text(row["signature"])),
            [Cosignature(**{name: _text(each[name]) for name in names}) for each in row["witnesses"]],
        )
        for row in value["heads"]
    ]


def _head_row(signed: SignedHead, witnesses: Sequence[Cosignature]) -> Mapping[str, Any]:
    return {
        "head": _head_fields(signed.head),
        "signature": signed.signature,
        "witnesses": [
            {
                "witness": each.witness,
                "public": each.public,
                "at": each.at,
                "signature": each.signature,
            }
            for each in witnesses
        ],
    }


def _head_fields(head: Head) -> Mapping[str, Any]:
    return {
        "origin": head.origin,
        "size": head.size,
        "root": head.root,
        "chain": head.chain,
        "at": head.at,
        "key": head.key,
    }


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 400:
        raise TypeError("not a text")
    return value
