"""Everything content does: versions on their way to approval, and checks of what was shown."""

from seta.content.operations.checking import Shown, check_shown
from seta.content.operations.versions import (
    adopt_text,
    approve_version,
    collect,
    draft_version,
    keep_picture,
    retire_version,
    return_version,
    submit_version,
)

__all__ = [
    "Shown",
    "adopt_text",
    "approve_version",
    "check_shown",
    "collect",
    "draft_version",
    "keep_picture",
    "retire_version",
    "return_version",
    "submit_version",
]
