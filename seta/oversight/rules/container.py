"""The bundle's envelope: an uncompressed zip in which every byte follows from names and contents.

Nothing is packed, so nothing can unpack to more than it is; nothing is written to a disk by reading, so no name can
lead out of a folder; and because headers carry neither clocks nor notes, a changed bit has nowhere to hide.
The layout is PKWARE's APPNOTE 4.3, without its optional fields.
"""

import hashlib
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

ENTRIES_MAX = 60_000
BYTES_MAX = (1 << 32) - (1 << 26)
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_VERSION, _FLAGS, _STORED, _TIME, _DATE = 20, 0, 0, 0, 0x21
_CHUNK = 1 << 20


class Broken(ValueError):
    """An envelope that is not as ours are written; the message says where."""


class TooLarge(ValueError):
    """More than one bundle can hold; ask for a shorter period."""


@dataclass(frozen=True)
class Member:
    """A file in the envelope: where its bytes begin, how many there are, and their CRC-32 as told."""

    name: str
    start: int
    size: int
    crc: int


class Writer:
    """Writes files one after the other into a seekable stream; `done` closes the envelope."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._members: list[tuple[Member, int]] = []

    def add(self, name: str, chunks: Iterable[bytes]) -> tuple[int, str]:
        """One more file; its size and SHA-256. Raises TooLarge."""
        at = self._out.tell()
        head = _local(name, 0, 0)
        self._out.write(head)
        size, crc, digest = 0, 0, hashlib.sha256()
        for chunk in chunks:
            size, crc = size + len(chunk), zlib.crc32(chunk, crc)
            digest.update(chunk)
            self._out.write(chunk)
            if at + size > BYTES_MAX:
                raise TooLarge("the bundle would be larger than 4 GB")
        end = self._out.tell()
        self._out.seek(at)
        self._out.write(_local(name, crc, size))
        self._out.seek(end)
        self._members.append((Member(name, at + len(head), size, crc), at))
        if len(self._members) > ENTRIES_MAX:
            raise TooLarge(f"the bundle would hold more than {ENTRIES_MAX} files")
        return size, digest.hexdigest()

    def done(self) -> None:
        """Write the directory; nothing may be added after it."""
        start = self._out.tell()
        directory = b"".join(_central(member, at) for member, at in self._members)
        self._out.write(directory)
        self._out.write(_end(len(self._members), len(directory), start))


def members(file: BinaryIO) -> list[Member]:
    """The files of an envelope in their order; raises Broken unless every byte around them is as we write it."""
    file.seek(0, 2)
    length = file.tell()
    if not _END.size <= length <= 1 << 32:
        raise Broken("this is no bundle: it is too short or too long")
    file.seek(length - _END.size)
    end = file.read(_END.size)
    mark, _, _, _, count, size, start, _ = _END.unpack(end)
    if mark != b"PK\x05\x06" or start + size != length - _END.size or size > 200 * ENTRIES_MAX:
        raise Broken("the end of the file is not where a bundle ends: bytes are missing, added or changed")
    if end != _end(count, size, start):
        raise Broken("the last bytes of the file were changed")
    file.seek(start)
    found = list(_directory(file.read(size), count))
    expected = 0
    for member, at in found:
        if at != expected:
            raise Broken(f"{member.name} does not begin where the file before it ends")
        file.seek(at)
        head = _local(member.name, member.crc, member.size)
        if file.read(len(head)) != head:
            raise Broken(f"the header of {member.name} was changed")
        expected = member.start + member.size
    if expected != start:
        raise Broken("bytes stand between the last file and the directory")
    return [member for member, _ in found]


def read(file: BinaryIO, member: Member, *, bytes_max: int) -> bytes:
    """A small file whole; raises Broken when it is larger than anything of its kind."""
    if member.size > bytes_max:
        raise Broken(f"{member.name} is larger than {bytes_max} bytes")
    file.seek(member.start)
    return file.read(member.size)


def chunks(file: BinaryIO, member: Member) -> Iterator[bytes]:
    """A file in pieces; other reads in between are allowed."""
    at, left = member.start, member.size
    while left:
        file.seek(at)
        piece = file.read(min(_CHUNK, left))
        if not piece:
            raise Broken(f"{member.name} ends too soon")
        yield piece
        at, left = at + len(piece), left - len(piece)


def _directory(raw: bytes, count: int) -> Iterator[tuple[Member, int]]:
    at, seen = 0, set()
    for _ in range(count):
        if at + _CENTRAL.size > len(raw):
            raise Broken("the directory ends too soon")
        fields = _CENTRAL.unpack_from(raw, at)
        crc, size, name_length, offset = fields[7], fields[9], fields[10], fields[16]
        name_bytes = raw[at + _CENTRAL.size : at + _CENTRAL.size + name_length]
        try:
            name = name_bytes.decode("ascii")
        except UnicodeDecodeError as problem:
            raise Broken("a name in the directory is not plain text") from problem
        member = Member(name, offset + _LOCAL.size + name_length, size, crc)
        entry = _central(member, offset)
        if raw[at : at + len(entry)] != entry:
            raise Broken(f"the directory's line of {name!r} was changed")
        if name in seen:
            raise Broken(f"{name} is there twice")
        seen.add(name)
        yield member, offset
        at += len(entry)
    if at != len(raw):
        raise Broken("the directory holds more than its lines")


def _local(name: str, crc: int, size: int) -> bytes:
    raw = name.encode("ascii")
    fields = (_VERSION, _FLAGS, _STORED, _TIME, _DATE, crc, size, size, len(raw), 0)
    return _LOCAL.pack(b"PK\x03\x04", *fields) + raw


def _central(member: Member, at: int) -> bytes:
    raw = member.name.encode("ascii")
    fields = (
        _VERSION,
        _VERSION,
        _FLAGS,
        _STORED,
        _TIME,
        _DATE,
        member.crc,
        member.size,
        member.size,
        len(raw),
    )
    return _CENTRAL.pack(b"PK\x01\x02", *fields, 0, 0, 0, 0, 0, at) + raw


def _end(count: int, size: int, start: int) -> bytes:
    return _END.pack(b"PK\x05\x06", 0, 0, count, count, size, start, 0)
