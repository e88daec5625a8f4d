"""The archive: pulled, opened, judged and kept; what will not open is set aside, what is missing is noticed."""

from seta.oversight.operations.archive.health import ArchiveStep, examine_archive
from seta.oversight.operations.archive.media import (
    MediaReport,
    OpenedMedia,
    fetch_media,
    forget_media,
    open_media,
    sweep_media,
)
from seta.oversight.operations.archive.pulling import (
    PullReport,
    on_archive_announced,
    on_archive_notice,
    pull_archive,
    retry_dead,
    sweep_archives,
)

__all__ = [
    "ArchiveStep",
    "MediaReport",
    "OpenedMedia",
    "PullReport",
    "examine_archive",
    "fetch_media",
    "forget_media",
    "on_archive_announced",
    "on_archive_notice",
    "open_media",
    "pull_archive",
    "retry_dead",
    "sweep_archives",
    "sweep_media",
]
