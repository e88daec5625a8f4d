"""Keeps pictures by what is in them: the same bytes are kept once, and a name finds only what it is the digest of."""

import os
import re
from pathlib import Path

from django.conf import settings

from seta.content.rules.texts import digest

_NAME = re.compile(r"[0-9a-f]{64}")


def keep(house_id: int, data: bytes) -> str:
    """Keep a picture of a house durably; returns its SHA-256, which finds it again."""
    name = digest(data)
    path = _path(house_id, name)
    if path.exists():
        return name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = path.with_suffix(f".{os.getpid()}")
    with unfinished.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    return name


def read(house_id: int, name: str) -> bytes | None:
    """The picture of that SHA-256, or None when the house keeps no such."""
    path = _path(house_id, name) if _NAME.fullmatch(name) else None
    return path.read_bytes() if path is not None and path.is_file() else None


def _path(house_id: int, name: str) -> Path:
    return Path(settings.VAR_DIR) / "pictures" / str(house_id) / name[:2] / name
