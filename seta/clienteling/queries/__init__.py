"""The client book, a client on one page, what associates do, share and sell, as the desk and the phone show it."""

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
    BookPlace,
    ClientCard,
    ClientRow,
    TimelineItem,
    client_book,
    client_card,
    timeline,
)
from seta.clienteling.queries.contacting import (
    blackout_terms,
    may_contact,
)
from seta.clienteling.queries.sales import (
    DisputeRow,
    SaleRow,
    Statement,
    StatementLine,
    attribution_terms,
    disputes,
    sale_of_order,
    sales,
    statement,
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
    "AssociateCard",
    "AssociateRow",
    "BookPlace",
    "ClientCard",
    "ClientRow",
    "ContactWayRow",
    "ContentRow",
    "DisputeRow",
    "FollowUpRow",
    "SaleRow",
    "ShareOrigin",
    "ShareRow",
    "Statement",
    "StatementLine",
    "TimelineItem",
    "approved_content",
    "associate",
    "associate_by_code",
    "associate_card",
    "associate_of_user",
    "associates",
    "attribution_terms",
    "blackout_terms",
    "client_book",
    "client_card",
    "contact_ways",
    "disputes",
    "follow_ups",
    "may_contact",
    "names_by_userid",
    "sale_of_order",
    "sales",
    "share_origin",
    "shares",
    "statement",
    "timeline",
]
