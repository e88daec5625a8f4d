"""Makes the drop bench's world in its own database, and reads back what is true there afterwards."""

import json
import sys
from datetime import UTC, datetime, timedelta

from django.core.management import call_command
from django.db.models import Count, Sum

from seta.site.boot import boot

boot()

from seta.boutique import queries as boutique  # noqa: E402  Django is ready only now
from seta.boutique.operations import import_catalogue  # noqa: E402
from seta.drops.events import PiecesReserved  # noqa: E402  Django is ready only now
from seta.drops.models import Drop, Reservation  # noqa: E402
from seta.drops.operations import open_drop, plan_drop, tell_pieces  # noqa: E402
from seta.events.models import Event  # noqa: E402
from seta.events.rules import restored  # noqa: E402
from seta.houses.operations import found_house  # noqa: E402
from seta.people.models import Person  # noqa: E402
from seta.people.operations import open_session  # noqa: E402


def make(buyers: int, sizes: list[int]) -> dict[str, object]:
    """A house, its buyers' session tokens, and one open drop a size."""
    call_command("migrate", verbosity=0)
    now = datetime.now(UTC)
    house_id = found_house(code="bench", name="Bench", kind="maison")
    people = Person.objects.bulk_create(
        (Person(house_id=house_id, created_at=now) for _ in range(buyers)), batch_size=5_000
    )
    tokens = [open_session(house_id=house_id, person_id=person.pk, now=now) for person in people]
    return {
        "tokens": tokens,
        "drops": [_drop(house_id, number, size, now) for number, size in enumerate(sizes)],
    }


def _drop(house_id: int, number: int, pieces: int, now: datetime) -> int:
    row = {
        "code": f"piece-{number}",
        "sku": f"PIECE-{number}",
        "name_zh": "件",
        "name_en": "Piece",
        "name_it": "Pezzo",
        "price_cny": "8888",
        "stock:online": pieces,
    }
    report = import_catalogue(house_id=house_id, rows=[row], now=now)
    assert not report.problems, report.problems
    variant_id = boutique.variant_id(house_id=house_id, sku=f"PIECE-{number}")
    assert variant_id is not None
    drop_id = plan_drop(
        house_id=house_id,
        code=f"bench-{number}",
        variant_id=variant_id,
        pieces=pieces,
        opens_at=now - timedelta(seconds=1),
        closes_at=now + timedelta(hours=1),
        now=now,
    )
    open_drop(drop_id=drop_id, now=now)
    return drop_id


def read(drop_id: int) -> dict[str, object]:
    """Who holds which place, how often somebody has two, and how far the drop is below zero."""
    drop = Drop.objects.get(pk=drop_id)
    rows = Reservation.objects.filter(drop_id=drop_id)
    twice = rows.values("person_id").annotate(rows=Count("pk")).filter(rows__gt=1).aggregate(sum=Sum("rows"))
    # The gate's own hearer only: who else hears of a piece writes a row a client, which is not the gate's work.
    for told in Event.objects.filter(name=PiecesReserved.name, body__drop_id=drop_id):
        tell_pieces(restored(PiecesReserved, told.body), datetime.now(UTC))
    events = Event.objects.filter(name="drops.piece.reserved", body__drop_id=drop_id).count()
    return {
        "pieces": drop.pieces,
        "left": drop.left,
        "seqs": list(rows.values_list("seq", flat=True)),
        "doubled": twice["sum"] or 0,
        "events": events,
    }


if __name__ == "__main__":
    if sys.argv[1] == "make":
        print(json.dumps(make(int(sys.argv[2]), [int(size) for size in sys.argv[3:]])))
    else:
        print(json.dumps({"drops": [read(int(drop_id)) for drop_id in sys.argv[2:]]}))
