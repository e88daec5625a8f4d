"""Gates in processes that give out pieces and say which are answered, until somebody kills them."""

import json
import os
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count

from seta.site.boot import boot

OPENS = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
PIECES = 60
ASKERS = 12
GATES = 2


def main() -> None:
    """`python -m tests.drops.buyers make|rush|read`.

    `rush DROP HOUSE FIRST`: each line read starts two gates that ask for people from number FIRST on, each person
    once. A line of theirs is `ready PID`, or `PERSON PLACE` when a reservation is answered; `dead` follows when
    both are.
    """
    boot()
    if sys.argv[1] == "make":
        print(json.dumps(make(int(sys.argv[2]))))
    elif sys.argv[1] == "read":
        print(json.dumps(read(int(sys.argv[2]))))
    else:
        start_gates(*map(int, sys.argv[2:]))


def make(people: int) -> dict[str, int]:
    """A house with so many people and an open drop; reservations last half a minute."""
    from tests.boutique.shop import make_house  # noqa: PLC0415  Django is ready only now
    from tests.drops.release import make_drop, make_people  # noqa: PLC0415

    house_id = make_house()
    return {
        "house": house_id,
        "drop": make_drop(house_id, pieces=PIECES, hold_seconds=30),
        "first": min(make_people(house_id, people)),
    }


def start_gates(drop_id: int, house_id: int, first: int) -> None:
    from django.db import connection  # noqa: PLC0415

    connection.close()
    for line in iter(sys.stdin.readline, ""):
        round_number = int(line)
        children = []
        for gate in range(GATES):
            child = os.fork()
            if child == 0:
                try:
                    give_until_killed(
                        drop_id, house_id, first + (round_number * GATES + gate) * 400, round_number
                    )
                finally:
                    os._exit(1)
            children.append(child)
        for child in children:
            os.waitpid(child, 0)
        told("dead")


def told(*lines: str) -> None:
    """One write, so that nothing is cut in half: a pipe takes up to 4,096 bytes whole."""
    os.write(1, "".join(f"{line}\n" for line in lines).encode())


def give_until_killed(drop_id: int, house_id: int, first: int, round_number: int) -> None:
    """Batch after batch, the clock a little later each time; who was given a piece earlier lets it lapse."""
    from seta.drops.operations import Asker, join_line, lapse, reserve_many  # noqa: PLC0415
    from seta.drops.rules import DropRefused, Holding  # noqa: PLC0415

    told(f"ready {os.getpid()}")
    for number in count():
        now = OPENS + timedelta(seconds=60 * round_number + 5 * number)
        start = first + number % 16 * ASKERS
        askers = [Asker(house_id, person) for person in range(start, start + ASKERS)]
        batch = reserve_many(drop_id=drop_id, askers=askers, now=now)
        given = [one for one in batch.outcomes if isinstance(one, Holding)]
        told(*[f"{one.person_id} {one.seq}" for one in given])
        if len(given) < len(askers):
            with suppress(DropRefused):
                told(f"{start} {join_line(house_id=house_id, drop_id=drop_id, person_id=start, now=now)}")
        if number % 2:
            lapse(now)


def read(drop_id: int) -> dict[str, object]:
    """Who has which place, what every unpaid piece became, and whether the pieces and the stock add up."""
    from seta.boutique import queries as boutique  # noqa: PLC0415
    from seta.drops import queries  # noqa: PLC0415
    from seta.drops.models import Drop, Lapse, Reservation  # noqa: PLC0415
    from seta.drops.operations import lapse  # noqa: PLC0415

    lapse(OPENS + timedelta(minutes=59))
    drop = Drop.objects.get(pk=drop_id)
    rows = Reservation.objects.filter(drop=drop)
    expired = set(rows.filter(state="expired").values_list("seq", flat=True))
    figures = queries.counts(drop_id=drop_id)
    assert figures is not None
    location = f"drop-{drop_id}"
    return {
        "places": {str(row.person_id): row.seq for row in rows},
        "lapsed": dict(Lapse.objects.filter(drop=drop).values_list("seq", "reserved_at__minute")),
        "left": drop.left,
        "off": drop.left + figures.reserved + figures.paid + drop.returned - drop.pieces,
        "untold": len(expired - set(Lapse.objects.filter(drop=drop).values_list("seq", flat=True))),
        "beyond": rows.filter(seq__gte=drop.next_seq).count(),
        "stock_off": boutique.stock_left(variant_id=drop.variant_id, location=location) - drop.pieces,
        "stock_breaks": len(boutique.stock_breaks(house_id=drop.house_id)),
    }


if __name__ == "__main__":
    main()
