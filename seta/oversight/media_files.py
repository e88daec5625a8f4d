"""Files of the archive at rest: pieces sealed one by one with the person's key, in a folder of their own.

Nothing in a file is ever unpacked or interpreted here. A piece is its length, then nonce and ciphertext bound to the
file's number and the piece's place, so that pieces can be neither swapped nor moved to another file.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag
from django.conf import settings

from seta.oversight.bodies import BodyUnreadable, SealingKey

LENGTH_BYTES = 4
OVERHEAD_BYTES = LENGTH_BYTES + 12 + 16
PIECE_BYTES_MAX = 1 << 20


def path_of(house_id: int, media_id: int) -> Path:
    """Where a file's pieces are."""
    folder = Path(settings.VAR_DIR) / "archive" / str(house_id) / str(media_id // 1000)
    return folder / f"{media_id}.sealed"


def append(
    path: Path, data: bytes, *, key: SealingKey, media_id: int | str, place: int, kept_bytes: int
) -> None:
    """Add a piece after `kept_bytes` in `place` pieces, durably; what a fetch that was cut off left behind goes."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    piece = key.seal(data, bound_to=_name(media_id, place))
    path.touch(mode=0o600)
    with path.open("r+b") as file:
        file.truncate(kept_bytes + place * OVERHEAD_BYTES)
        file.seek(0, os.SEEK_END)
        file.write(len(piece).to_bytes(LENGTH_BYTES, "big") + piece)
        file.flush()
        os.fsync(file.fileno())


def pieces(path: Path, *, key: SealingKey, media_id: int | str) -> Iterator[bytes]:
    """A file piece by piece; raises BodyUnreadable when it was changed or cut."""
    place = 0
    with path.open("rb") as file:
        while head := file.read(LENGTH_BYTES):
            length = int.from_bytes(head, "big")
            sealed = file.read(length) if length <= PIECE_BYTES_MAX + OVERHEAD_BYTES else b""
            if len(sealed) != length:
                raise BodyUnreadable("the file was cut")
            try:
                yield key.cipher.decrypt(sealed[:12], sealed[12:], _name(media_id, place).encode())
            except InvalidTag as problem:
                raise BodyUnreadable("the file or its key was changed") from problem
            place += 1


def remove(path: Path) -> bool:
    """Delete a file; False when there was none."""
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    return True


def _name(media_id: int | str, place: int) -> str:
    return f"media:{media_id}:{place}"
