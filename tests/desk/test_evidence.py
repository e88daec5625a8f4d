"""The evidence page: asked by one, approved by another, checked by anybody, and closed to everyone else."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from seta.houses.operations import hire
from seta.oversight.events import ExportApproved, LogCheckAsked
from seta.oversight.models import ArchivedMessage, ExportRequest, LegalHold, LogCheck, RetentionRule
from seta.oversight.operations import exporting, heads
from seta.oversight.operations.audit import append_audit_many
from seta.oversight.queries import evidence
from seta.oversight.rules import bundle
from seta.oversight.rules.verifying import verify
from tests.desk.conftest import PASSWORD, World

PAGE = "/desk/evidence/"


@pytest.fixture
def desk(world: World, settings: Settings, tmp_path: Path) -> World:
    """Our house with a second supervisor, its one message told to the log."""
    settings.VAR_DIR = tmp_path
    hire(house_id=world.ours.id, username="second", password=PASSWORD, role="supervisor", name="second")
    now = datetime.now(UTC)
    row = ArchivedMessage.objects.filter(house_id=world.ours.id)[0]
    _, told, salt = exporting.evidence_of(row)
    details = {"account": row.account_id, "msgid": row.msgid, "commitment": bundle.commitment(salt, told)}
    told_in = append_audit_many(house_id=world.ours.id, kind="message.archived", details=[details], now=now)
    ArchivedMessage.objects.filter(pk=row.pk).update(log_line=told_in[0])
    heads.sign_head(house_id=world.ours.id, now=now)
    return world


def ask(desk: World, client: Client) -> ExportRequest:
    row = ArchivedMessage.objects.filter(house_id=desk.ours.id)[0]
    answer = client.post(
        f"{PAGE}exports/",
        {"scope": "conversation", "value": row.conversation, "purpose": "legal", "reason": "Court <b>"},
        follow=True,
    )
    assert "A colleague has to approve it" in answer.content.decode()
    return ExportRequest.objects.get()


def test_an_export_is_asked_approved_made_and_taken(desk: World) -> None:
    first, second = desk.sign_in("supervisor"), desk.sign_in("second")
    export = ask(desk, first)

    own = first.post(f"{PAGE}exports/{export.pk}/approve/", follow=True).content.decode()
    second.post(f"{PAGE}exports/{export.pk}/approve/")
    fact = ExportApproved(house_id=desk.ours.id, occurred_at=datetime.now(UTC), export_id=export.pk)
    exporting.on_export_approved(fact, datetime.now(UTC))
    page = first.get(PAGE).content.decode()
    taken = first.post(f"{PAGE}exports/{export.pk}/take/")

    assert "a colleague has to approve it" in own
    assert "Court &lt;b&gt;" in page
    assert "Download" in page
    file = Path(str(exporting.folder_of_bundles())) / "copy.zip"
    file.write_bytes(b"".join(taken.streaming_content))  # type: ignore[attr-defined]
    report = verify(file)
    assert report.faults == []
    assert report.facts["counts"]["messages"] == 1


def test_the_log_is_checked_and_the_page_says_that_it_holds(desk: World) -> None:
    client = desk.sign_in("supervisor")
    client.post(f"{PAGE}check/")
    check = LogCheck.objects.get()
    waiting = client.get(f"{PAGE}check/live/").content.decode()

    fact = LogCheckAsked(house_id=desk.ours.id, occurred_at=datetime.now(UTC), check_id=check.pk)
    heads.on_log_check_asked(fact, datetime.now(UTC))

    assert "hx-get" in waiting
    assert "Everything holds" in client.get(f"{PAGE}check/live/").content.decode()


def test_holds_and_rules_are_set_at_the_desk(desk: World) -> None:
    client = desk.sign_in("supervisor")
    row = ArchivedMessage.objects.filter(house_id=desk.ours.id)[0]
    wanted = {"scope": "conversation", "value": row.conversation, "name": "A matter", "reason": "Counsel"}

    client.post(f"{PAGE}holds/", wanted)
    client.post(f"{PAGE}retention/", {"kind": "", "days": "365"})
    page = client.get(PAGE).content.decode()
    client.post(f"{PAGE}holds/{LegalHold.objects.get().pk}/release/")

    assert "A matter" in page
    assert "365 days" in page
    assert LegalHold.objects.get().released_at is not None
    assert RetentionRule.objects.get().days == 365


def test_a_head_can_be_printed(desk: World) -> None:
    size = evidence.log_state(desk.ours.id).signed_lines

    page = desk.sign_in("supervisor").get(f"{PAGE}heads/{size}/").content.decode()

    assert "SETA1 " in page
    assert "<svg" in page


@pytest.mark.parametrize("who", ["associate", "finance", "marketing"])
def test_nobody_else_opens_the_page(desk: World, who: str) -> None:
    client = desk.sign_in(who)

    assert client.get(PAGE).status_code == 403
    assert client.post(f"{PAGE}check/").status_code == 403


def test_another_houses_supervisor_finds_nothing_of_ours(desk: World) -> None:
    export = ask(desk, desk.sign_in("supervisor"))
    stranger = desk.sign_in("supervisor-lucente")

    answer = stranger.post(f"{PAGE}exports/{export.pk}/approve/", follow=True).content.decode()

    assert "no such thing in this house" in answer
    assert stranger.get(f"{PAGE}heads/1/").status_code == 404
    assert ExportRequest.objects.get().state == "asked"


def test_an_admin_adds_and_removes_a_witness_and_changes_the_key(desk: World) -> None:
    admin = desk.sign_in("admin")
    before = evidence.log_state(desk.ours.id).keys

    admin.post(f"{PAGE}witnesses/", {"name": "Notary", "kind": "file", "address": "", "public": ""})
    page = admin.get(PAGE).content.decode()
    admin.post(f"{PAGE}key/")
    admin.post(f"{PAGE}witnesses/{evidence.witnesses(desk.ours.id)[0].id}/remove/")

    assert "Notary" in page
    assert evidence.witnesses(desk.ours.id) == []
    assert len(evidence.log_state(desk.ours.id).keys) == len(before) + 1
