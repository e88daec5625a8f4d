"""The product's server whose payment notifications are verified, opened, kept and acknowledged, but not booked."""

from collections.abc import Sequence
from datetime import datetime

from seta.callbacks.rules import Answer, CallbackTable, Inbound
from seta.site.asgi import app


def only_kept(batch: Sequence[Inbound], now: datetime) -> Sequence[Answer]:
    """What is left of a notification when nothing is booked: the door's own row."""
    return [None] * len(batch)


app.keeper.table = CallbackTable(handlers={("wechatpay", "TRANSACTION.SUCCESS"): only_kept})
