"""The archive: pulled, opened, judged and kept; what will not open is set aside, what is missing is noticed."""

from seta.oversight.operations.archive.pulling import (
    PullReport,
    on_archive_announced,
    on_archive_notice,
    pull_archive,
    retry_dead,
    sweep_archives,
)

__all__ = [
    "PullReport",
    "on_archive_announced",
    "on_archive_notice",
    "pull_archive",
    "retry_dead",
    "sweep_archives",
]
