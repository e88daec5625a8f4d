"""The public page of a release: its rule before the end, the whole report after it, and a draw found and redone."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from seta.drops import operations
from seta.drops.models import Drop
from seta.drops.operations import Asker
from seta.drops.rules import Kind, Terms, draw
from seta.houses.queries import house
from tests.boutique.shop import make_house
from tests.drops.release import make_drop, make_people

pytestmark = pytest.mark.django_db


def address(drop_id: int, page: str = "fairness") -> str:
    """The public address of a release's page."""
    row = Drop.objects.get(pk=drop_id)
    return f"/drops/{house(row.house_id).code}/{row.code}/{page}"


def drawn() -> tuple[int, list[str]]:
    """A draw for two pieces with five entries, made; and the codes in the order that was drawn."""
    now = datetime.now(UTC)
    owner = make_house()
    release = make_drop(owner, pieces=2, is_open=False)
    row = Drop.objects.get(pk=release)
    operations.plan_drop(
        house_id=owner,
        code=row.code,
        variant_id=row.variant_id,
        pieces=2,
        opens_at=now - timedelta(hours=2),
        closes_at=now + timedelta(hours=2),
        terms=Terms(kind=Kind.DRAW, turns_at=now - timedelta(hours=1)),
        now=now - timedelta(hours=3),
    )
    operations.open_drop(drop_id=release, now=now - timedelta(hours=3))
    for person in make_people(owner, 5):
        entered = now - timedelta(minutes=90)
        operations.enter_draw(house_id=owner, drop_id=release, person_id=person, now=entered)
    operations.run_draw(drop_id=release, now=now - timedelta(minutes=59))
    codes = Drop.objects.get(pk=release).entries.order_by("rank").values_list("code", flat=True)
    return release, list(codes)


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-hans", "单品如何分配"), ("en", "How the pieces"), ("it", "Come si assegnano")],
)
def test_anybody_reads_the_rule_before_the_end_in_their_language(language: str, words: str) -> None:
    release = make_drop(make_house())

    answer = Client().get(address(release), {"lang": language})

    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert "verdict" not in answer.content.decode()


def test_after_the_end_the_page_accounts_for_every_piece_and_names_nobody() -> None:
    owner = make_house()
    release = make_drop(owner, pieces=3)
    row, (chen,) = Drop.objects.get(pk=release), make_people(owner, 1)
    operations.reserve_many(drop_id=release, askers=[Asker(owner, chen)], now=row.opens_at)
    operations.close_drop(drop_id=release, now=row.closes_at)
    operations.lapse(row.closes_at)

    told = Client().get(address(release), {"lang": "en"}).content.decode()

    assert "0 paid + 0 reserved + 0 left + 3 returned = 3" in told
    assert "Place 1" in told
    assert 'class="bad"' not in told


def test_somebody_finds_their_entry_and_the_record_is_the_one_that_can_be_redone() -> None:
    release, codes = drawn()
    client = Client()

    first = client.get(address(release), {"lang": "en", "code": codes[0].upper()}).content.decode()
    last = client.get(address(release), {"lang": "en", "code": codes[4]}).content.decode()
    strange = client.get(address(release), {"lang": "en", "code": "<script>"}).content.decode()
    record = draw.read(client.get(address(release, "draw.json")).content.decode())

    assert "Place 1 of 5" in first
    assert "put aside for this entry" in first
    assert "Place 5 of 5" in last
    assert "waited for a piece" in last
    assert "No entry of this draw" in strange
    assert "<script>" not in strange
    assert draw.faults(record) == []
    assert list(record.order) == codes


def test_a_draft_a_strange_house_and_a_draw_not_made_yet_are_not_found() -> None:
    draft = make_drop(make_house(), is_open=False)
    opened = make_drop(make_house("other"))
    client = Client()

    answers = [
        client.get(address(draft)),
        client.get("/drops/nobody/nothing/fairness"),
        client.get(address(opened, "draw.json")),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
