"""WeCom: `WeCom` for customer contact, the archive behind `ArchiveSource`, and `messages` for pushes."""

from seta.platforms.wecom.archive import (
    ArchiveRecord,
    ArchiveSource,
    MediaChunk,
    RecordOpener,
    SandboxArchive,
    SandboxOpener,
)
from seta.platforms.wecom.client import WeCom
from seta.platforms.wecom.finance_sdk import FinanceSdk, LibraryOpener
from seta.platforms.wecom.supervision import InterceptRule

__all__ = [
    "ArchiveRecord",
    "ArchiveSource",
    "FinanceSdk",
    "InterceptRule",
    "LibraryOpener",
    "MediaChunk",
    "RecordOpener",
    "SandboxArchive",
    "SandboxOpener",
    "WeCom",
]
