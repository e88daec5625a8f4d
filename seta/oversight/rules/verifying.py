"""Checks an evidence bundle by itself: no database, no settings, no network; says exactly what is wrong where."""

import hashlib
import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from seta.oversight.rules import bundle, container, heads, merkle
from seta.oversight.rules.chain import GENESIS, canonical
from seta.oversight.rules.heads import Head, PublicKey, SignedHead

SMALL_BYTES_MAX = 64 << 20
LINE_BYTES_MAX = 8 << 20
FAULTS_MAX = 50
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, RecursionError)

Progress = Callable[[int], object]


@dataclass
class Report:
    """What a check found: faults in the words of `where: what`, notes that are no faults, and the bundle's facts."""

    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether everything holds."""
        return not self.faults

    def fault(self, where: str, what: str) -> None:
        """Note what is wrong, up to a bound: a bundle of lies need not fill a screen."""
        if len(self.faults) < FAULTS_MAX:
            self.faults.append(f"{where}: {what}")


@dataclass
class _Bundle:
    file: BinaryIO
    report: Report
    members: dict[str, container.Member]
    manifest: dict[str, Any] = field(default_factory=dict)
    keys: dict[str, PublicKey] = field(default_factory=dict)
    heads: list[SignedHead] = field(default_factory=list)
    anchor: SignedHead | None = None

    def small(self, name: str) -> bytes:
        """A file that is read whole; empty and a fault when it is missing or too large."""
        member = self.members.get(name)
        if member is None:
            self.report.fault(name, "is missing")
            return b""
        try:
            return container.read(self.file, member, bytes_max=SMALL_BYTES_MAX)
        except container.Broken as problem:
            self.report.fault(name, str(problem))
            return b""

    def json(self, name: str) -> dict[str, Any]:
        """A small JSON file that is written the one way we write it; empty and a fault otherwise."""
        raw = self.small(name)
        if not raw:
            return {}
        try:
            value = json.loads(raw)
            if not isinstance(value, dict) or canonical(value).encode() != raw:
                raise ValueError
        except UNREADABLE:
            self.report.fault(name, "is not written the one way such a file is written")
            return {}
        return value

    def lines(self, name: str) -> Iterator[tuple[int, bytes]]:
        """The lines of a file, counted from 1; a line that is too long or unfinished ends them with a fault."""
        number, rest = 0, b""
        for chunk in container.chunks(self.file, self.members[name]):
            pieces = (rest + chunk).split(b"\n")
            rest = pieces.pop()
            for line in pieces:
                number += 1
                yield number, line
            if len(rest) > LINE_BYTES_MAX:
                self.report.fault(f"{name} line {number + 1}", "is too long")
                return
        if rest:
            self.report.fault(f"{name} line {number + 1}", "does not end: something was cut off")


def verify(
    path: Path, *, key: str = "", witnessed: Sequence[SignedHead] = (), progress: Progress = id
) -> Report:
    """Check a bundle. `key` is the house's first public key or its short name, got some other way; `witnessed` are
    heads that a witness or a printed code holds. Raises OSError when the file cannot be read.
    """
    report = Report()
    with path.open("rb") as file:
        try:
            members = container.members(file)
        except container.Broken as problem:
            report.fault("envelope", str(problem))
            return report
        opened = _Bundle(file, report, {each.name: each for each in members})
        _check_manifest(opened)
        _check_files(opened)
        _check_keys(opened, key)
        _check_heads(opened)
        _check_consistency(opened)
        _check_witnessed(opened, witnessed)
        if bundle.MESSAGES in opened.members:
            _check_messages(opened, progress)
        if bundle.LOG in opened.members:
            _check_log(opened, progress)
    return report


def _check_manifest(opened: _Bundle) -> None:
    report = opened.report
    manifest = opened.manifest = opened.json(bundle.MANIFEST)
    if manifest and manifest.get("format") != bundle.FORMAT:
        report.fault(
            bundle.MANIFEST, f"has the format {str(manifest.get('format'))[:40]!r}, not {bundle.FORMAT}"
        )
    for name in ("house", "origin", "scope", "purpose", "asked_by", "approved_by", "made_at", "counts"):
        report.facts[name] = manifest.get(name)


def _check_files(opened: _Bundle) -> None:
    """Every file is listed with its size and digest, and nothing else is there."""
    report, told = opened.report, {}
    try:
        told = {row["name"]: (row["bytes"], row["sha256"]) for row in opened.manifest["files"]}
    except UNREADABLE:
        report.fault(bundle.MANIFEST, "does not list the files")
    unlisted = {bundle.MANIFEST, bundle.SIGNATURE}
    for name in sorted(told.keys() - opened.members.keys()):
        report.fault(str(name)[:80], "is listed in the manifest but is not there")
    for name, member in opened.members.items():
        if not bundle.NAMES.fullmatch(name):
            report.fault(repr(name[:80]), "is a name that no bundle has")
        crc, digest = 0, hashlib.sha256()
        for chunk in container.chunks(opened.file, member):
            crc = zlib.crc32(chunk, crc)
            digest.update(chunk)
        if crc != member.crc:
            report.fault(name, "its contents do not have the checksum of its header")
        if name in unlisted:
            continue
        if name not in told:
            report.fault(name, "is not listed in the manifest")
        elif told[name] != (member.size, digest.hexdigest()):
            report.fault(name, "does not have the digest that the manifest tells: it was changed")
        if name.startswith("media/") and name != f"media/{digest.hexdigest()}":
            report.fault(name, "does not have the digest that it is named by: it was changed")


def _check_keys(opened: _Bundle, expected: str) -> None:
    """The keys lead back to the log's own name, and one of them signed the manifest."""
    report, manifest = opened.report, opened.manifest
    value = opened.json(bundle.KEYS)
    origin = str(manifest.get("origin", ""))
    try:
        rows = bundle.read_keys(value)
        opened.keys, faults = heads.trusted(rows, origin)
    except UNREADABLE:
        report.fault(bundle.KEYS, "does not hold public keys")
        return
    for fault in faults:
        report.fault(bundle.KEYS, fault)
    first = rows[0] if rows else None
    report.facts["key"] = first.id if first else ""
    if expected and (first is None or expected not in (first.public, first.id)):
        report.fault(
            bundle.KEYS, f"the house's first key is not {expected[:64]}: somebody else made this bundle"
        )
    if not expected:
        report.notes.append(
            f"the key {report.facts['key']} was not compared with one from the house: give it with --key"
        )
    signer = opened.keys.get(str(manifest.get("key", "")))
    signature = opened.small(bundle.SIGNATURE).hex()
    text = opened.small(bundle.MANIFEST).decode("ascii", "replace")
    if signer is None or not heads.verifies(signer.public, signature, heads.MANIFEST, text):
        report.fault(bundle.SIGNATURE, "no key of the house made this signature over the manifest")


def _check_heads(opened: _Bundle) -> None:
    report, origin = opened.report, opened.manifest.get("origin")
    try:
        rows = bundle.read_heads(opened.json(bundle.HEADS))
    except UNREADABLE:
        report.fault(bundle.HEADS, "does not hold signed heads")
        return
    witnesses: set[str] = set()
    last = -1
    for number, (signed, cosignatures) in enumerate(rows, 1):
        where = f"{bundle.HEADS} head {number}"
        key = opened.keys.get(signed.head.key)
        if signed.head.origin != origin:
            report.fault(where, "belongs to another log")
        if key is None or not signed.holds(key.public):
            report.fault(where, "no key of the house signed it")
        if signed.head.size <= last:
            report.fault(where, "is not longer than the head before it")
        last = signed.head.size
        for each in cosignatures:
            if each.holds(signed.head):
                witnesses.add(f"{each.witness} ({heads.key_id(each.public)})")
            else:
                report.fault(where, f"the witness {each.witness[:80]} did not sign it")
    opened.heads = [signed for signed, _ in rows]
    told = opened.manifest.get("head")
    opened.anchor = opened.heads[-1] if opened.heads else None
    if opened.anchor is None or told != {"size": opened.anchor.head.size, "root": opened.anchor.head.root}:
        report.fault(bundle.MANIFEST, "does not name the last head of heads.json")
    report.facts["heads"] = len(opened.heads)
    report.facts["witnesses"] = sorted(witnesses)
    if opened.anchor:
        report.facts["head"] = {"size": opened.anchor.head.size, "root": opened.anchor.head.root}
    if not witnesses:
        report.notes.append("no witness has signed a head of this bundle")


def _check_consistency(opened: _Bundle) -> None:
    report = opened.report
    try:
        rows = opened.json(bundle.CONSISTENCY)["proofs"]
        proofs = {(row["from"], row["to"]): [heads.unhex(each) for each in row["proof"]] for row in rows}
        known = len(rows) == len(proofs) == max(0, len(opened.heads) - 1)
    except UNREADABLE:
        report.fault(bundle.CONSISTENCY, "does not hold proofs")
        return
    if not known:
        report.fault(bundle.CONSISTENCY, "does not hold one proof for each step between two heads")
    for old, new in zip(opened.heads, opened.heads[1:], strict=False):
        a, b = old.head, new.head
        proof = proofs.get((a.size, b.size))
        if proof is None or not merkle.extends(
            a.size, bytes.fromhex(a.root), b.size, bytes.fromhex(b.root), proof
        ):
            report.fault(
                bundle.CONSISTENCY, f"the log of {b.size} lines is not shown to begin with that of {a.size}"
            )


def _check_witnessed(opened: _Bundle, witnessed: Sequence[SignedHead]) -> None:
    """Heads that others kept must be among the bundle's, which are shown to be one log."""
    own = {signed.head.size: signed.head for signed in opened.heads}
    for outside in witnessed:
        where = f"witnessed head of {outside.head.size} lines"
        if outside.head.origin != opened.manifest.get("origin"):
            opened.report.fault(where, "belongs to another log")
            continue
        key = opened.keys.get(outside.head.key)
        if key is None or not outside.holds(key.public):
            opened.report.fault(where, "no key of this bundle signed it")
        mine = own.get(outside.head.size)
        if mine is None:
            opened.report.notes.append(f"{where}: the bundle holds no head of this size to compare with")
        elif (mine.root, mine.chain) != (outside.head.root, outside.head.chain):
            opened.report.fault(
                where, "the bundle tells another log of the same length: one of them is forged"
            )


def _check_messages(opened: _Bundle, progress: Progress) -> None:
    counts = {bundle.OPEN: 0, bundle.ERASED: 0, bundle.DISPOSED: 0}
    last, media = 0, set()
    for number, line in opened.lines(bundle.MESSAGES):
        where = f"{bundle.MESSAGES} line {number}"
        try:
            row = json.loads(line)
            if canonical(row).encode() != line:
                raise ValueError
            event = json.loads(row["event"])
            seq, state = event["seq"], row["state"]
            fault = _message_fault(opened, row, event)
            media |= {str(each["record"]["sha256"]) for each in row["media"]}
        except UNREADABLE:
            opened.report.fault(where, "is not written the one way such a line is written")
            continue
        if fault:
            opened.report.fault(where, fault)
        if seq <= last:
            opened.report.fault(
                where, f"stands after line {last} of the log but is line {seq}: moved or doubled"
            )
        last = max(last, seq)
        counts[state] = counts.get(state, 0) + 1
        if number % 1000 == 0:
            progress(number)
    here = {name.removeprefix(bundle.MEDIA) for name in opened.members if name.startswith(bundle.MEDIA)}
    _compare_counts(opened, {"messages": sum(counts.values()), **counts, "files": len(here)})
    told = opened.manifest.get("counts")
    if isinstance(told, dict) and told.get("files_missing"):
        opened.report.notes.append("files that were changed on the server's disk are left out")
    for digest in sorted(media ^ here):
        missing = digest in media
        what = "a message names it but it is not there" if missing else "no message names it"
        opened.report.fault(f"media/{digest[:64]}", what)


def _message_fault(opened: _Bundle, row: Mapping[str, Any], event: Mapping[str, Any]) -> str:
    if set(row) != {"event", "proof", "state", "record", "salt", "media"}:
        return "does not hold what such a line holds"
    if canonical(event) != row["event"] or type(event["seq"]) is not int:
        return "its line of the log is not written the one way such a line is written"
    if opened.anchor is None:
        return "there is no head to prove it by"
    head = opened.anchor.head
    proof = [heads.unhex(each) for each in row["proof"]]
    leaf = merkle.leaf_hash(row["event"].encode())
    if not merkle.includes(leaf, event["seq"] - 1, head.size, proof, bytes.fromhex(head.root)):
        return f"line {event['seq']} of the log is not as the signed head of {head.size} lines knows it"
    if event["kind"] not in bundle.MESSAGE_KINDS:
        return "the line of the log is about something else than a message"
    details, record = event["details"], row["record"]
    if (details["account"], details["msgid"]) != (record["account"], record["msgid"]):
        return "the message is not the one that the line of the log is about"
    faults = (_media_fault(opened, row, each, head) for each in row["media"])
    return _content_fault(row, details) or next((fault for fault in faults if fault), "")


def _media_fault(opened: _Bundle, row: Mapping[str, Any], entry: Mapping[str, Any], head: Head) -> str:
    """What is wrong with a file that a message names: its own line of the log must commit to exactly this file."""
    record, event = entry["record"], json.loads(entry["event"])
    digest = str(record["sha256"])
    where = f"its file {digest[:16]}"
    if set(entry) != {"event", "proof", "record"} or set(record) != {
        "place",
        "kind",
        "name",
        "bytes",
        "sha256",
    }:
        return f"{where} is not told as a file is told"
    if canonical(event) != entry["event"] or type(event["seq"]) is not int:
        return f"{where} has a line of the log that is not written the one way such a line is written"
    proof = [heads.unhex(each) for each in entry["proof"]]
    leaf = merkle.leaf_hash(entry["event"].encode())
    if not merkle.includes(leaf, event["seq"] - 1, head.size, proof, bytes.fromhex(head.root)):
        return f"{where} has a line of the log that the signed head of {head.size} lines does not know"
    details = event["details"]
    own = (row["record"]["account"], row["record"]["msgid"], record["place"])
    if event["kind"] != bundle.MEDIA_KIND or (details["account"], details["msgid"], details["place"]) != own:
        return f"{where} has a line of the log that is about something else"
    salt = heads.unhex(row["salt"], bundle.SALT_BYTES)
    if bundle.commitment(salt, record) != details.get("commitment"):
        return f"{where} is not the one that the log committed to"
    member = opened.members.get(bundle.MEDIA + digest)
    if member is not None and member.size != record["bytes"]:
        return f"{where} does not have the length that the log committed to"
    return ""


def _content_fault(row: Mapping[str, Any], details: Mapping[str, Any]) -> str:
    if row["state"] in (bundle.ERASED, bundle.DISPOSED):
        bare = set(row["record"]) == {"account", "msgid"} and not row["salt"] and not row["media"]
        return "" if bare else "has contents though it is said to be destroyed"
    if row["state"] != bundle.OPEN:
        return "is neither open, erased nor disposed"
    salt = heads.unhex(row["salt"], bundle.SALT_BYTES)
    if bundle.commitment(salt, row["record"]) != details.get("commitment"):
        return "the message was changed: the log committed to other words, people or times"
    return ""


def _compare_counts(opened: _Bundle, found: Mapping[str, int]) -> None:
    told = opened.manifest.get("counts")
    told = told if isinstance(told, dict) else {}
    for name, number in found.items():
        if told.get(name) != number:
            opened.report.fault(bundle.MANIFEST, f"tells {told.get(name)} {name}, but there are {number}")


def _check_log(opened: _Bundle, progress: Progress) -> None:
    """The whole log: its leaves lead to the head, its lines to the leaves, its chain to each head on the way."""
    if opened.anchor is None:
        return
    leaves = opened.members.get(bundle.LEAVES)
    if leaves is None or leaves.size % 32:
        opened.report.fault(bundle.LEAVES, "is missing or cut off")
        return
    told = _leaf_hashes(opened, leaves)
    tree, chain = merkle.Frontier(), GENESIS
    checkpoints = {signed.head.size: signed.head.chain for signed in opened.heads}
    sha256, add, before, back = hashlib.sha256, tree.add, b"", 0
    for number, line in opened.lines(bundle.LOG):
        leaf = sha256(b"\x00" + line).digest()
        if leaf != next(told, b"") or not line.endswith(b'"seq":%d}' % number):
            _log_fault(opened.report, number, line)
            if len(opened.report.faults) >= FAULTS_MAX:
                return
        add(leaf)
        chain = sha256(chain + leaf).digest()
        if number in checkpoints and chain.hex() != checkpoints[number]:
            opened.report.fault(f"{bundle.LOG} line {number}", "the chain up to here is not the signed one")
        at, before = before, line[7:39]
        back += before[:19] < at[:19]
        if not number & 0xFFFF:
            progress(number)
    if leaves.size != 32 * tree.size:
        opened.report.fault(bundle.LEAVES, f"holds {leaves.size // 32} digests for {tree.size} lines")
    head = opened.anchor.head
    if (tree.size, tree.root().hex()) != (head.size, head.root):
        opened.report.fault(
            bundle.LOG, f"its {tree.size} lines are not the {head.size} lines that the signed head knows"
        )
    if back:
        opened.report.notes.append(f"{back} lines of the log are dated before the line above them")
    _compare_counts(opened, {"lines": tree.size})


def _leaf_hashes(opened: _Bundle, member: container.Member) -> Iterator[bytes]:
    for chunk in container.chunks(opened.file, member):
        for at in range(0, len(chunk), 32):
            yield chunk[at : at + 32]


def _log_fault(report: Report, number: int, line: bytes) -> None:
    where = f"{bundle.LOG} line {number}"
    try:
        seq = json.loads(line)["seq"]
    except UNREADABLE:
        report.fault(where, "is not a line of a log: it was changed")
        return
    if seq != number:
        report.fault(where, f"is number {str(seq)[:20]}: a line is missing, moved or doubled")
    else:
        report.fault(where, "was changed: it does not have its leaf's digest")
