"""The verbs of the boutique: keep a catalogue and stock, sell, hand over, take back and pay back."""

from seta.boutique.operations.after_sale import (
    accept_after_sale,
    ask_after_sale,
    decline_after_sale,
    receive_after_sale,
    sweep_requests,
    withdraw_after_sale,
)
from seta.boutique.operations.catalogue import import_catalogue, open_sales_point
from seta.boutique.operations.checkout import check_out, choose_way
from seta.boutique.operations.collecting import (
    advance_collection,
    advance_in_collection,
    change_collection,
    cover_collection,
    create_collection,
    put_in_collection,
    take_out_of_collection,
)
from seta.boutique.operations.editing import (
    add_variant,
    change_variant,
    create_piece,
    describe_piece,
    list_piece,
    restore_variant,
    retire_variant,
)
from seta.boutique.operations.filing import take_in_catalogue
from seta.boutique.operations.fitting import (
    buy_fitting,
    expire_fittings,
    hold_fitting,
    hold_fittings,
    leave_fitting,
    try_fitting,
)
from seta.boutique.operations.invoicing import ask_fapiao, issue_fapiao, withdraw_fapiao
from seta.boutique.operations.keeping import (
    count_place,
    recall_transfer,
    receive_delivery,
    receive_transfer,
    send_transfer,
)
from seta.boutique.operations.lookbooks import (
    add_look,
    advance_in_look,
    advance_look,
    advance_lookbook,
    change_lookbook,
    create_lookbook,
    describe_look,
    put_in_look,
    remove_look,
    take_out_of_look,
)
from seta.boutique.operations.orders import cancel_order, expire_orders, place_order, repoint_person
from seta.boutique.operations.paying_back import pay_back
from seta.boutique.operations.payment import on_payment_succeeded, pay_order, pay_order_at_till
from seta.boutique.operations.picturing import (
    add_picture,
    advance_picture,
    describe_picture,
    remove_picture,
)
from seta.boutique.operations.pricing import set_market, set_price, set_prices, withdraw_price
from seta.boutique.operations.promising import set_delivery_fee, set_service_terms
from seta.boutique.operations.refunds import (
    on_payment_reversed,
    on_refund_failed,
    on_refund_succeeded,
    refund_order,
)
from seta.boutique.operations.sending import (
    confirm_delivery,
    hand_over,
    make_ready,
    ship_order,
    waiting_order,
)
from seta.boutique.operations.sharing import open_bag, prepare_bag, withdraw_bag
from seta.boutique.operations.stock import count_stock, transfer_stock
from seta.boutique.operations.windows import must_be_sold_through, open_window, remove_window

__all__ = [
    "accept_after_sale",
    "add_look",
    "add_picture",
    "add_variant",
    "advance_collection",
    "advance_in_collection",
    "advance_in_look",
    "advance_look",
    "advance_lookbook",
    "advance_picture",
    "ask_after_sale",
    "ask_fapiao",
    "buy_fitting",
    "cancel_order",
    "change_collection",
    "change_lookbook",
    "change_variant",
    "check_out",
    "choose_way",
    "confirm_delivery",
    "count_place",
    "count_stock",
    "cover_collection",
    "create_collection",
    "create_lookbook",
    "create_piece",
    "decline_after_sale",
    "describe_look",
    "describe_picture",
    "describe_piece",
    "expire_fittings",
    "expire_orders",
    "hand_over",
    "hold_fitting",
    "hold_fittings",
    "import_catalogue",
    "issue_fapiao",
    "leave_fitting",
    "list_piece",
    "make_ready",
    "must_be_sold_through",
    "on_payment_reversed",
    "on_payment_succeeded",
    "on_refund_failed",
    "on_refund_succeeded",
    "open_bag",
    "open_sales_point",
    "open_window",
    "pay_back",
    "pay_order",
    "pay_order_at_till",
    "place_order",
    "prepare_bag",
    "put_in_collection",
    "put_in_look",
    "recall_transfer",
    "receive_after_sale",
    "receive_delivery",
    "receive_transfer",
    "refund_order",
    "remove_look",
    "remove_picture",
    "remove_window",
    "repoint_person",
    "restore_variant",
    "retire_variant",
    "send_transfer",
    "set_delivery_fee",
    "set_market",
    "set_price",
    "set_prices",
    "set_service_terms",
    "ship_order",
    "sweep_requests",
    "take_in_catalogue",
    "take_out_of_collection",
    "take_out_of_look",
    "transfer_stock",
    "try_fitting",
    "waiting_order",
    "withdraw_after_sale",
    "withdraw_bag",
    "withdraw_fapiao",
    "withdraw_price",
]
