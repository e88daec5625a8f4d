"""Associates, their client book, the codes and shares that lead clients to them, and the sales they are credited."""

from seta.clienteling.models.associates import Associate, ContactWay
from seta.clienteling.models.book import ClientBookEntry
from seta.clienteling.models.content import ApprovedContent, ProductShare
from seta.clienteling.models.sales import SaleCredit, SaleReturn
from seta.clienteling.models.tasks import FollowUp

__all__ = [
    "ApprovedContent",
    "Associate",
    "ClientBookEntry",
    "ContactWay",
    "FollowUp",
    "ProductShare",
    "SaleCredit",
    "SaleReturn",
]
