"""Let somebody else keep our heads, and keep theirs: a witness signs only what follows from all it has seen.

The protocol is one POST: head, signature, keys, and a consistency proof from the size that the witness saw last. A
witness that saw another size answers 409 with it; then the proof is made from there. What does not follow is refused
with 422 and never signed, so two different logs of one length cannot both be witnessed.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.db import transaction

from seta.oversight import signing
from seta.oversight.models import (
    HeadKey,
    TreeHead,
    Witness,
    WitnessedHead,
    WitnessedLog,
    WitnessSignature,
)
from seta.oversight.operations.audit import append_audit
from seta.oversight.operations.exporting import authorise
from seta.oversight.rules import bundle, heads, merkle
from seta.oversight.rules.archive import clean
from seta.oversight.rules.heads import Cosignature, PublicKey, SignedHead
from seta.oversight.rules.retention import EvidenceRefused, Refusal
from seta.oversight.tree import StoredTree

log = logging.getLogger(__name__)

PROOF_HASHES_MAX = 130
ANSWER_SECONDS_MAX = 10.0
DOOR = "/witness/v1/heads"


@dataclass(frozen=True)
class WitnessAnswer:
    """What the witness's door answers: an HTTP status and a JSON object."""

    status: int
    body: Mapping[str, Any]


def add_witness(
    *, house_id: int, user_id: int, name: str, kind: str, address: str, public: str, now: datetime
) -> int:
    """Have every new head kept by a witness as well; returns its id. Raises EvidenceRefused."""
    authorise(house_id, user_id, "witness", now)
    name, address, public = clean(name).strip()[:80], address.strip().rstrip("/"), public.strip().lower()
    if not name or kind not in Witness.Kind.values:
        raise EvidenceRefused(Refusal.BAD_WITNESS)
    if Witness.objects.filter(house_id=house_id, name=name).exists():
        raise EvidenceRefused(Refusal.BAD_WITNESS, name)
    if kind == Witness.Kind.HTTP:
        _check_address(address, public)
    with transaction.atomic():
        row = Witness.objects.create(
            house_id=house_id, name=name, kind=kind, address=address[:300], public=public
        )
        details = {"witness": row.pk, "user": user_id, "kind": kind, "public": public}
        append_audit(house_id=house_id, kind="witness.added", details=details, now=now)
    return row.pk


def _check_address(address: str, public: str) -> None:
    parts = urlsplit(address)
    own = parts.hostname in ("127.0.0.1", "localhost")
    try:
        heads.unhex(public, 32)
    except heads.Unreadable:
        raise EvidenceRefused(Refusal.BAD_WITNESS) from None
    if not (parts.scheme == "https" or (own and parts.scheme == "http")) or len(address) > 280:
        raise EvidenceRefused(Refusal.BAD_WITNESS)


def remove_witness(*, house_id: int, user_id: int, witness_id: int, now: datetime) -> None:
    """Send a witness nothing more; what it signed stays. Raises EvidenceRefused."""
    authorise(house_id, user_id, "witness", now)
    with transaction.atomic():
        if not Witness.objects.filter(pk=witness_id, house_id=house_id).delete()[0]:
            raise EvidenceRefused(Refusal.UNKNOWN)
        details = {"witness": witness_id, "user": user_id}
        append_audit(house_id=house_id, kind="witness.removed", details=details, now=now)


def send_heads(now: datetime) -> int:
    """Give each house's newest head to its witnesses that have not seen it; returns how many took it.

    Talks to others, so call it outside a transaction; a witness that does not answer is noted and asked again.
    """
    taken = 0
    for witness in Witness.objects.order_by("id"):
        newest = TreeHead.objects.filter(house_id=witness.house_id).order_by("-size").first()
        if newest is None or newest.size <= witness.size:
            continue
        signed = SignedHead(heads.read_head_text(newest.body), newest.signature)
        try:
            cosignature = None
            if witness.kind == Witness.Kind.FILE:
                _keep(signed)
            else:
                cosignature = _ask(witness, signed)
        except (OSError, ValueError, httpx.HTTPError) as problem:
            log.warning("witness %s of house %s: %s", witness.name, witness.house_id, problem)
            Witness.objects.filter(pk=witness.pk).update(problem=f"{problem}"[:300] or type(problem).__name__)
            continue
        _note(witness, signed, cosignature, now)
        taken += 1
    return taken


@transaction.atomic
def _note(witness: Witness, signed: SignedHead, cosignature: Cosignature | None, now: datetime) -> None:
    size = signed.head.size
    Witness.objects.filter(pk=witness.pk).update(size=size, seen_at=now, problem="")
    known = WitnessSignature.objects.filter(house_id=witness.house_id, size=size, witness=witness.name)
    if cosignature is not None and not known.exists():
        WitnessSignature.objects.create(
            house_id=witness.house_id,
            size=size,
            witness=witness.name,
            public=cosignature.public,
            signature=cosignature.signature,
            at=datetime.fromisoformat(cosignature.at),
        )


def _keep(signed: SignedHead) -> None:
    """Write a head to the end of a file in the witness folder, which may be a mount that nobody can rewrite."""
    folder: Path = settings.VAR_DIR / "witness"
    folder.mkdir(parents=True, exist_ok=True)
    line = json.dumps({"head": signed.head.text(), "signature": signed.signature})
    with (folder / f"{signed.head.origin}.jsonl").open("a", encoding="ascii") as file:
        file.write(line + "\n")


def _ask(witness: Witness, signed: SignedHead) -> Cosignature:
    """A witness's cosignature; raises ValueError with what it said instead, httpx.HTTPError when it is silent."""
    since = witness.size
    with httpx.Client(trust_env=False, timeout=ANSWER_SECONDS_MAX) as client:
        answer = client.post(witness.address + DOOR, json=told_to(witness.house_id, signed, since))
        if answer.status_code == 409:
            since = int(answer.json()["size"])
            if not 0 <= since <= signed.head.size:
                raise ValueError(f"the witness knows {since} lines of this log, we have {signed.head.size}")
            answer = client.post(witness.address + DOOR, json=told_to(witness.house_id, signed, since))
    if answer.status_code != 200:
        raise ValueError(f"answered {answer.status_code}: {answer.text[:200]}")
    body = answer.json()
    made = Cosignature(witness.name, witness.public, str(body["at"]), str(body["signature"]))
    datetime.fromisoformat(made.at)
    if not made.holds(signed.head):
        raise ValueError("its signature is not by the key that we were told")
    return made


def told_to(house_id: int, signed: SignedHead, since: int) -> dict[str, Any]:
    """What a witness that saw `since` lines is sent: the head, the keys and the proof that it follows."""
    proof = merkle.consistency(since, signed.head.size, StoredTree(house_id))
    return {
        "head": signed.head.text(),
        "signature": signed.signature,
        "keys": json.loads(bundle.keys_file(signing.public_keys(house_id)))["keys"],
        "from": since,
        "proof": [each.hex() for each in proof],
    }


@transaction.atomic
def admit_log(*, origin: str, public: str, now: datetime) -> None:
    """Agree to witness another server's log; `public` is its first key. Raises EvidenceRefused."""
    key = PublicKey(public, now.astimezone(UTC).isoformat())
    try:
        heads.unhex(public, 32)
    except heads.Unreadable:
        raise EvidenceRefused(Refusal.BAD_WITNESS) from None
    if not origin.endswith("." + key.id) or len(origin) > 120:
        raise EvidenceRefused(Refusal.BAD_WITNESS, origin[:80])
    WitnessedLog.objects.get_or_create(origin=origin, defaults={"keys": [public], "added_at": now})


def witness_key(now: datetime) -> str:
    """The public key by which this server witnesses others' logs, made at the first call."""
    return signing.live_key(None, now).public


@transaction.atomic
def cosign(*, told: Mapping[str, Any], now: datetime) -> WitnessAnswer:
    """Sign somebody's head if it follows from every head of theirs seen before; never raises for what was sent."""
    try:
        head = heads.read_head_text(told["head"])
        signed = SignedHead(head, str(told["signature"]))
        keys = bundle.read_keys({"keys": told["keys"]})
        since, proof = told["from"], [heads.unhex(each) for each in told["proof"][:PROOF_HASHES_MAX]]
        if type(since) is not int:
            raise TypeError("from")
    except (ValueError, KeyError, TypeError, AttributeError):
        return WitnessAnswer(400, {"error": "send head, signature, keys, from and proof as documented"})
    known = WitnessedLog.objects.select_for_update().filter(origin=head.origin).first()
    if known is None:
        return WitnessAnswer(403, {"error": "this witness has not agreed to keep this log; ask its admin"})
    fault = _key_fault(known, keys, signed)
    if fault:
        return WitnessAnswer(422, {"error": fault})
    seen = WitnessedHead.objects.filter(origin=head.origin).order_by("-size").first()
    if seen is not None and seen.size == head.size and seen.body == head.text():
        return _answer(seen)
    if since != (seen.size if seen else 0):
        return WitnessAnswer(409, {"size": seen.size if seen else 0})
    before = bytes.fromhex(heads.read_head_text(seen.body).root) if seen else merkle.EMPTY_ROOT
    if head.size <= since or not merkle.extends(since, before, head.size, bytes.fromhex(head.root), proof):
        log.error("the log %s does not follow from what was witnessed: it was rewritten", head.origin)
        return WitnessAnswer(422, {"error": f"the log does not follow from its {since} lines seen before"})
    return _answer(_sign(signed, now))


def _key_fault(known: WitnessedLog, keys: list[PublicKey], signed: SignedHead) -> str:
    """What is wrong with the keys that came along; remembers new ones that the old ones introduced."""
    trusted, faults = heads.trusted(keys, known.origin)
    told = [key.public for key in keys]
    if faults or told[: len(known.keys)] != known.keys:
        return "the keys do not follow from those known here"
    key = trusted.get(signed.head.key)
    if key is None or not signed.holds(key.public):
        return "no key of this log signed the head"
    if told != known.keys:
        WitnessedLog.objects.filter(pk=known.pk).update(keys=told)
    return ""


def _sign(signed: SignedHead, now: datetime) -> WitnessedHead:
    key: HeadKey = signing.live_key(None, now)
    at = now.astimezone(UTC).isoformat()
    text = heads.cosigned(signed.head.text(), at)
    return WitnessedHead.objects.create(
        origin=signed.head.origin,
        size=signed.head.size,
        body=signed.head.text(),
        signature=signed.signature,
        cosignature=signing.sign(key, heads.COSIGNATURE, text),
        at=now,
    )


def _answer(row: WitnessedHead) -> WitnessAnswer:
    return WitnessAnswer(
        200, {"at": row.at.astimezone(UTC).isoformat(), "signature": row.cosignature, "size": row.size}
    )
