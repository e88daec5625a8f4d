"""A house with two priced pieces and a sound plan, for tests of pop-ups."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from seta.boutique import queries as boutique
from seta.boutique.operations import import_catalogue, open_sales_point
from seta.houses.operations import found_house
from seta.people.operations import recognise
from seta.people.rules import IdentityKey
from seta.popups.operations import plan_popup
from seta.popups.rules.plan import Plan, Poster, Wish
from tests.boutique.shop import row

NOON = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
OPENS, CLOSES = NOON + timedelta(hours=1), NOON + timedelta(days=3)
MARKETING = 21
_numbers = count(1)


def make_house(*, pieces: int = 10) -> int:
    """A maison with scarf (pieces online) and bag (pieces online), priced 8,888 yuan each."""
    house_id = found_house(code=f"popup-{next(_numbers)}", name="Popup", kind="maison")
    open_sales_point(house_id=house_id, code="brera", district="brera")
    rows = [
        row(code=code, sku=f"{code.upper()}-1", **{"stock:online": pieces, "stock:monte-napoleone": 0})
        for code in ("scarf", "bag")
    ]
    report = import_catalogue(house_id=house_id, rows=rows, now=NOON)
    assert not report.problems, report.problems
    return house_id


def make_plan(**changed: Any) -> Plan:
    """A plan with nothing wrong."""
    sound: dict[str, Any] = {
        "code": "giardino",
        "title": {"zh": "秘密花园", "en": "Secret garden", "it": "Giardino segreto"},
        "intro": {"zh": "三日限时，布雷拉。", "en": "Three days in Brera.", "it": "Tre giorni a Brera."},
        "accent": "#1f5b4a",
        "opens_at": OPENS,
        "closes_at": CLOSES,
        "source_location": "online",
        "wishes": [Wish("SCARF-1", 4), Wish("BAG-1", 2)],
        "posters": [Poster("duomo", "Duomo"), Poster("brera", "Brera")],
    }
    return Plan(**(sound | changed))


def planned(house_id: int, **changed: Any) -> int:
    """A plan that was kept."""
    return plan_popup(house_id=house_id, user_id=MARKETING, plan=make_plan(**changed), now=NOON)


def make_person(house_id: int, *, at: datetime = NOON - timedelta(days=9)) -> int:
    """A client whom the house has known since an instant."""
    key = IdentityKey("openid", "wxmp", f"o-{house_id}-{next(_numbers)}")
    return recognise(house_id=house_id, identities=[key], now=at)


def variant(house_id: int, sku: str = "SCARF-1") -> int:
    """The variant of a code."""
    found = boutique.variant_id(house_id=house_id, sku=sku)
    assert found is not None
    return found


def left(house_id: int, location: str, sku: str = "SCARF-1") -> int:
    """Pieces at a location."""
    return boutique.stock_left(variant_id=variant(house_id, sku), location=location)
