"""The verbs of the boutique: keep a catalogue and stock, place, pay, cancel, expire and refund orders."""

from seta.boutique.operations.catalogue import import_catalogue, open_sales_point
from seta.boutique.operations.keeping import (
    count_place,
    recall_transfer,
    receive_delivery,
    receive_transfer,
    send_transfer,
)
from seta.boutique.operations.orders import cancel_order, expire_orders, place_order, repoint_person
from seta.boutique.operations.payment import on_payment_succeeded, pay_order, pay_order_at_till
from seta.boutique.operations.refunds import (
    on_payment_reversed,
    on_refund_failed,
    on_refund_succeeded,
    refund_order,
)
from seta.boutique.operations.stock import count_stock, transfer_stock

__all__ = [
    "cancel_order",
    "count_place",
    "count_stock",
    "expire_orders",
    "import_catalogue",
    "on_payment_reversed",
    "on_payment_succeeded",
    "on_refund_failed",
    "on_refund_succeeded",
    "open_sales_point",
    "pay_order",
    "pay_order_at_till",
    "place_order",
    "recall_transfer",
    "receive_delivery",
    "receive_transfer",
    "refund_order",
    "repoint_person",
    "send_transfer",
    "transfer_stock",
]
