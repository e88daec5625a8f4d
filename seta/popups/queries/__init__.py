"""Pop-ups as clients, the desk and reports read them."""

from seta.popups.queries.figures import DayRow, Figures, PieceRow, PosterFigures, figures, report_csv
from seta.popups.queries.posters import poster_pdf
from seta.popups.queries.storefronts import (
    ActionRow,
    PopupCard,
    PosterCard,
    Storefront,
    actions,
    by_scene,
    cover,
    edition,
    link_of,
    popup,
    popups,
    shown_by_code,
    storefront,
)

__all__ = [
    "ActionRow",
    "DayRow",
    "Figures",
    "PieceRow",
    "PopupCard",
    "PosterCard",
    "PosterFigures",
    "Storefront",
    "actions",
    "by_scene",
    "cover",
    "edition",
    "figures",
    "link_of",
    "popup",
    "popups",
    "poster_pdf",
    "report_csv",
    "shown_by_code",
    "storefront",
]
