"""Search at the desk: a purpose first, pseudonyms, marks in the writer's own text, words in no address, all logged."""

from datetime import UTC, datetime

from django.test import Client

from seta.oversight.models import ArchiveSearch, AuditEvent
from tests.desk.conftest import World
from tests.oversight.archived import Said, keep

SEARCH = "/desk/review/search/"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def reader(world: World) -> Client:
    """A supervisor who has named a purpose."""
    client = world.sign_in("supervisor")
    client.post("/desk/review/purpose/", {"purpose": "complaint", "note": "no 7", "next": SEARCH})
    return client


def asked(client: Client, **form: str) -> str:
    answer = client.post(SEARCH, form)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_purpose_is_asked_for_before_anything_is_searched(world: World) -> None:
    page = asked(world.sign_in("supervisor"), q="你好")
    assert 'name="purpose"' in page and 'name="kind"' not in page
    assert not ArchiveSearch.objects.exists()


def test_found_words_are_marked_people_are_masked_and_the_question_is_logged(world: World) -> None:
    keep(world.ours.id, [Said("請加我的微 信號", userid="secretuser", client="wmsecret")], at=NOON)
    page = asked(reader(world), q="微信号")
    assert "<mark>微 信號</mark>" in page
    assert "secretuser" not in page and "wmsecret" not in page
    assert ArchiveSearch.objects.get().purpose == "complaint"
    assert AuditEvent.objects.filter(kind="archive.searched").count() == 1


def test_what_was_said_cannot_run_script(world: World) -> None:
    keep(world.ours.id, ["<script>alert(1)</script>你好"], at=NOON)
    page = asked(reader(world), q="你好")
    assert "<script>alert(1)" not in page and "&lt;script&gt;" in page


def test_nothing_found_bad_words_and_bad_filters_are_told_or_ignored(world: World) -> None:
    client = reader(world)
    assert "Nothing in the archive holds all these words." in asked(
        client, q="从来没有人说过", since="yesterday"
    )
    assert "Write at least one letter" in asked(client, q="，。")
    assert "at most 200 characters" in asked(client, q="字" * 300)
    assert 'name="kind"' in client.get(SEARCH).content.decode()


def test_older_messages_are_a_button_away(world: World) -> None:
    kept = keep(world.ours.id, [f"第{number}号独特" for number in range(60)], at=NOON)
    client = reader(world)
    first = asked(client, q="号独特")
    assert f'name="before" value="{kept[10]}"' in first
    older = asked(client, q="号独特", before=str(kept[10]))
    assert "第9号" in older.replace("<mark>", "").replace("</mark>", "") and 'name="before"' not in older


def test_an_associate_is_turned_away_and_that_is_logged(world: World) -> None:
    answer = world.sign_in("associate").get(SEARCH)
    assert answer.status_code == 403
    assert AuditEvent.objects.filter(kind="access.refused").exists()
