"""What the other verbs stand on: a drop under its lock, its place in the stock, the trail of what people did."""

from datetime import datetime

from seta.boutique.operations import transfer_stock
from seta.boutique.rules import ONLINE
from seta.drops.models import Action, Drop
from seta.drops.rules import DropRefused, Refusal


def stock_location(drop_id: int) -> str:
    """Where the boutique keeps the pieces of a drop."""
    return f"drop-{drop_id}"


def locked_drop(drop_id: int, *, house_id: int | None = None) -> Drop:
    """The drop, locked until the transaction ends; raises DropRefused(UNKNOWN_DROP), also for another house's."""
    drop = Drop.objects.select_for_update(of=("self",)).filter(pk=drop_id).first()
    if drop is None or house_id not in (None, drop.house_id):
        raise DropRefused(Refusal.UNKNOWN_DROP, str(drop_id))
    return drop


def give_back(drop: Drop, *, seq: int, now: datetime) -> None:
    """A freed piece of a closed drop returns to the online stock; the drop must be locked."""
    transfer(drop, stock_location(drop.pk), ONLINE, 1, f"lapse-{seq}", now)
    drop.returned += 1


def transfer(drop: Drop, source: str, target: str, quantity: int, errand: str, now: datetime) -> None:
    """Move pieces of the drop; raises boutique's OrderRefused when they are not there."""
    transfer_stock(
        variant_id=drop.variant_id,
        source=source,
        target=target,
        quantity=quantity,
        ref=f"drop-{drop.pk}-{errand}",
        now=now,
    )


def note(drop: Drop, verb: str, user_id: int | None, now: datetime, detail: str = "") -> None:
    """Keep who did what with the drop; nobody where the clock did it."""
    Action.objects.create(drop=drop, verb=verb, user_id=user_id, detail=detail[:120], at=now)
