"""WeCom: `WeCom` for customer contact, the archive behind `ArchiveSource`, and `messages` for pushes."""

from seta.platforms.wecom.archive import ArchiveRecord, ArchiveSource, SandboxArchive
from seta.platforms.wecom.client import WeCom
from seta.platforms.wecom.finance_sdk import FinanceSdk
from seta.platforms.wecom.supervision import InterceptRule

__all__ = ["ArchiveRecord", "ArchiveSource", "FinanceSdk", "InterceptRule", "SandboxArchive", "WeCom"]
