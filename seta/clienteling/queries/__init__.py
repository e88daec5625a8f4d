"""The client book, a client on one page, what associates share and sell: as the desk and the mini program show it."""

from seta.clienteling.queries.associates import (
    AssociateCard,
    AssociateRow,
    ContactWayRow,
    associate,
    associate_by_code,
    associate_card,
    associate_of_user,
    associates,
    contact_ways,
    names_by_userid,
)
from seta.clienteling.queries.book import (
    BOOK_ROWS_MAX,
    BookPlace,
    ClientCard,
    ClientRow,
    TimelineItem,
    client_book,
    client_card,
    timeline,
)
from seta.clienteling.queries.sales import (
    SaleRow,
    sale_of_order,
    sales,
)
from seta.clienteling.queries.shares import (
    ContentRow,
    ShareOrigin,
    ShareRow,
    approved_content,
    share_origin,
    shares,
)
from seta.clienteling.queries.tasks import (
    FollowUpRow,
    follow_ups,
)

__all__ = [
    "BOOK_ROWS_MAX",
    "AssociateCard",
    "AssociateRow",
    "BookPlace",
    "ClientCard",
    "ClientRow",
    "ContactWayRow",
    "ContentRow",
    "FollowUpRow",
    "SaleRow",
    "ShareOrigin",
    "ShareRow",
    "TimelineItem",
    "approved_content",
    "associate",
    "associate_by_code",
    "associate_card",
    "associate_of_user",
    "associates",
    "client_book",
    "client_card",
    "contact_ways",
    "follow_ups",
    "names_by_userid",
    "sale_of_order",
    "sales",
    "share_origin",
    "shares",
    "timeline",
]
