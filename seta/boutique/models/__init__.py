"""Keeps products, prices, stock and orders so that the database itself refuses what must never be."""

from seta.boutique.models.after_sale import AfterSale, AfterSaleLine, MoneyBack
from seta.boutique.models.catalogue import MarketChange, Price, Product, SalesPoint, Variant
from seta.boutique.models.collections import Collection, CollectionChange, CollectionPiece
from seta.boutique.models.editing import CatalogueChange, SaleWindow
from seta.boutique.models.fulfilment import DeliveryFee, Fulfilment, Gift, OrderNote, ServiceTerms
from seta.boutique.models.lookbooks import Look, Lookbook, LookbookChange, LookPiece
from seta.boutique.models.orders import Order, OrderLine, OrderRefund
from seta.boutique.models.pictures import ProductPicture
from seta.boutique.models.service import Fapiao, Fitting, PreparedBag, PreparedLine
from seta.boutique.models.stock import StockLevel, StockMovement, StockTransfer

__all__ = [
    "AfterSale",
    "AfterSaleLine",
    "CatalogueChange",
    "Collection",
    "CollectionChange",
    "CollectionPiece",
    "DeliveryFee",
    "Fapiao",
    "Fitting",
    "Fulfilment",
    "Gift",
    "Look",
    "LookPiece",
    "Lookbook",
    "LookbookChange",
    "MarketChange",
    "MoneyBack",
    "Order",
    "OrderLine",
    "OrderNote",
    "OrderRefund",
    "PreparedBag",
    "PreparedLine",
    "Price",
    "Product",
    "ProductPicture",
    "SaleWindow",
    "SalesPoint",
    "ServiceTerms",
    "StockLevel",
    "StockMovement",
    "StockTransfer",
    "Variant",
]
