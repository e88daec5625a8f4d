"""Keeps products, prices, stock and orders so that the database itself refuses what must never be."""

from seta.boutique.models.catalogue import Price, Product, SalesPoint, Variant
from seta.boutique.models.orders import Order, OrderLine, OrderRefund
from seta.boutique.models.stock import StockLevel, StockMovement, StockTransfer

__all__ = [
    "Order",
    "OrderLine",
    "OrderRefund",
    "Price",
    "Product",
    "SalesPoint",
    "StockLevel",
    "StockMovement",
    "StockTransfer",
    "Variant",
]
