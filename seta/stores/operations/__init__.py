"""What is done in the boutiques: open them, book, hold, confirm, move, cancel, check in."""

from seta.stores.operations.booking import (
    BookingRefused,
    book,
    cancel,
    confirm,
    hold,
    release_expired,
)
from seta.stores.operations.checking_in import check_in, check_in_by_associate
from seta.stores.operations.following_up import repoint_person, send_change, send_confirmation
from seta.stores.operations.moving import move
from seta.stores.operations.opening import ResourceSpec, open_boutique
from seta.stores.operations.telling import tell_pickup_ready

__all__ = [
    "BookingRefused",
    "ResourceSpec",
    "book",
    "cancel",
    "check_in",
    "check_in_by_associate",
    "confirm",
    "hold",
    "move",
    "open_boutique",
    "release_expired",
    "repoint_person",
    "send_change",
    "send_confirmation",
    "tell_pickup_ready",
]
