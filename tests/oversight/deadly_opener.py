"""An opener that ends its process at one record; alone in its module, since a pool's processes have no Django."""

import os
from dataclasses import dataclass

from seta.platforms.wecom import ArchiveRecord, SandboxOpener


@dataclass(frozen=True)
class DeadlyOpener:
    """Opens like the sandbox's, but one record ends the process that opens it."""

    inner: SandboxOpener
    deadly: int

    @property
    def versions(self) -> frozenset[int]:
        return self.inner.versions

    def unwrap(self, record: ArchiveRecord) -> bytes:
        if record.seq == self.deadly:
            os._exit(9)
        return self.inner.unwrap(record)

    def decrypt(self, record: ArchiveRecord, random_key: bytes) -> bytes:
        return self.inner.decrypt(record, random_key)
