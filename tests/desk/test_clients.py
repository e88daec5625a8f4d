"""The client book at the desk: kept by its associate, closed to the others, and supervised."""

from datetime import UTC, datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from seta.clienteling import queries
from seta.clienteling.models import Associate, ClientNote, ClientSize, Handover
from seta.clienteling.operations.book import add_entry
from seta.oversight.models import AuditEvent
from seta.people.models import Consent
from seta.people.operations import recognise, record_consent
from seta.people.queries import has_agreed
from seta.people.rules import IdentityKey
from tests.desk.conftest import World, enrol

TABS = ("overview", "timeline", "wardrobe", "wishes", "notes", "consent")
LEARNT = {
    "piece": {"name": "Silk coat", "size": "40"},
    "size": {"category": "women_clothing", "value": "IT:40"},
    "preference": {"kind": "colour", "value": "墨绿"},
    "date": {"kind": "birthday", "day": "1990-05-20"},
    "wish": {"product_code": "scarf"},
    "note": {"text": "喜欢安静的试衣间", "visibility": "private"},
    "consent": {"purpose": "messages", "granted": "yes", "how": "in the boutique"},
    "remark": {"remark": "陈太", "phone_tail": "1234"},
}


def test_every_page_opens_for_those_it_is_for(world: World) -> None:
    tabs = [f"{world.ours.client}/?tab={tab}" for tab in TABS]
    shared = ["", "?q=cx&tier=prospect", "tasks/", "plays/", "commission/", *tabs]
    asked = {"associate": [*shared, "import/", "export/book.csv"], "supervisor": [*shared, "handovers/"]}

    for who, paths in asked.items():
        page = world.sign_in(who)
        for path in paths:
            answer = page.get(f"/desk/clients/{path}")
            assert answer.status_code == 200, (who, path)
            assert path.endswith(".csv") or "<script>alert" not in answer.content.decode()


def test_an_associate_keeps_what_they_learn(world: World) -> None:
    page = world.sign_in("associate")
    address = f"/desk/clients/{world.ours.client}"
    for what, fields in LEARNT.items():
        done = page.post(f"{address}/keep/{what}/", fields, follow=True)
        assert "Kept." in done.content.decode(), what
    refused = page.post(f"{address}/keep/size/", {"category": "ring", "value": "IT:3"}, follow=True)

    own = queries.associate_by_code(house_id=world.ours.id, code="associate")
    found = queries.profile(
        house_id=world.ours.id, person_id=world.ours.client, reader=own, now=datetime.now(UTC)
    )
    assert "not in the chart" in refused.content.decode()
    assert ClientSize.objects.count() == 1
    assert [piece.name for piece in found.pieces] == ["Silk coat"]
    assert found.sizes[0].systems["CN"] == "160/84A"
    assert [wish.product_code for wish in found.wishes] == ["scarf"]
    assert [note.visibility for note in found.notes] == ["private"]


def test_a_colleague_is_refused_and_the_attempt_is_logged(world: World) -> None:
    enrol(world.ours.id, "colleague")
    page = world.sign_in("colleague")

    assert page.get(f"/desk/clients/{world.ours.client}/").status_code == 403
    page.post(f"/desk/clients/{world.ours.client}/keep/note/", {"text": "x", "visibility": "house"})

    assert AuditEvent.objects.filter(house_id=world.ours.id, kind="client.refused").count() == 1
    assert not ClientNote.objects.exists()
    assert page.get(f"/desk/clients/{world.theirs.client}/").status_code == 404


def test_a_file_is_tried_before_it_is_kept(world: World) -> None:
    page = world.sign_in("associate")
    rows = "name,phone,birthday\n王芳,+8613800001234,05-20\nAnna,123,99-99\n".encode()
    tried = page.post("/desk/clients/import/", {"file": SimpleUploadedFile("a.csv", rows), "choice": "try"})
    before = len(queries.client_book(world.ours.id))
    page.post("/desk/clients/import/", {"file": SimpleUploadedFile("a.csv", rows), "choice": "keep"})

    assert "1990-05-20" in tried.content.decode()
    assert "country code" in tried.content.decode()
    assert before == 1
    assert [row.name for row in queries.client_book(world.ours.id, search="wangf")] == ["王芳"]


def test_a_file_never_turns_a_clients_no_into_a_yes_and_says_so_by_the_row(world: World) -> None:
    page, now = world.sign_in("associate"), datetime.now(UTC)
    said_no, asked_nothing = (
        recognise(
            house_id=world.ours.id,
            identities=[IdentityKey("phone", "", phone)],
            now=now,
            display_name=name,
        )
        for phone, name in (("+8613800007001", "周岚"), ("+8613800007002", "王芳"))
    )
    record_consent(
        house_id=world.ours.id,
        person_id=said_no,
        purpose="messages",
        granted=False,
        source="mini_program",
        now=now,
    )
    rows = "name,phone,consent_messages\n周岚,+8613800007001,yes\n王芳,+8613800007002,yes\n".encode()

    for _ in "twice":
        told = page.post(
            "/desk/clients/import/", {"file": SimpleUploadedFile("a.csv", rows), "choice": "keep"}
        )

    assert "This client has said no to messages" in told.content.decode()
    assert not has_agreed(said_no, "messages")
    assert [row.name for row in queries.client_book(world.ours.id, search="zhoulan")] == []
    assert has_agreed(asked_nothing, "messages")
    assert Consent.objects.filter(person_id=asked_nothing).count() == 1


def test_a_supervisor_hands_over_in_three_steps_and_an_associate_never(world: World) -> None:
    giver = queries.associate_by_code(house_id=world.ours.id, code="associate")
    taker = enrol(world.ours.id, "colleague")
    now = datetime.now(UTC)
    key = IdentityKey("phone", "", "+8613800009999")
    guest = recognise(house_id=world.ours.id, identities=[key], now=now, display_name="周岚")
    assert giver is not None
    add_entry(Associate.objects.get(pk=giver.id), guest, external_userid="", way=None, now=now)
    page = world.sign_in("supervisor")

    chosen = page.get(f"/desk/clients/handovers/?giver={giver.id}&taker={taker.pk}&kind=in_service")
    fields = {"giver": giver.id, "taker": taker.pk, "kind": "in_service", "person": guest, "reason": "leave"}
    done = page.post("/desk/clients/handovers/start/", fields, follow=True)

    assert "周岚" in chosen.content.decode()
    assert "Taken over" in done.content.decode()
    assert Handover.objects.get().finished_at is not None
    outsider = world.sign_in("associate")
    assert outsider.get("/desk/clients/handovers/").status_code == 403
    assert outsider.post("/desk/clients/handovers/start/", {}).status_code == 403


def test_a_play_is_changed_by_a_supervisor_only(world: World) -> None:
    fields = {"name": "Welcome", "days": ["-3", "+0"], "title": ["Write", ""], "is_active": "on"}
    world.sign_in("supervisor").post("/desk/clients/plays/arrival/", fields)

    assert world.sign_in("associate").post("/desk/clients/plays/arrival/", fields).status_code == 403
    play = next(one for one in queries.playbooks(world.ours.id) if one.trigger == "arrival")
    assert [(step.days, step.title) for step in play.steps] == [(-3, "Write")]


def test_next_best_action_waits_for_consent(world: World) -> None:
    page = world.sign_in("associate")
    address = f"/desk/clients/{world.ours.client}/"
    before = page.get(address).content.decode()
    record_consent(
        house_id=world.ours.id,
        person_id=world.ours.client,
        purpose="messages",
        granted=True,
        source="test",
        now=datetime.now(UTC),
    )
    after = page.get(address).content.decode()

    assert "has not agreed to messages" in before
    assert "has not agreed to messages" not in after


def test_statements_of_others_are_closed(world: World) -> None:
    colleague = enrol(world.ours.id, "colleague")
    page = world.sign_in("associate")

    assert page.get(f"/desk/clients/commission/?adviser={colleague.pk}").status_code == 403
    assert page.get(f"/desk/clients/commission/statement.csv?adviser={colleague.pk}").status_code == 403
    assert page.get("/desk/clients/commission/statement.csv").status_code == 200
