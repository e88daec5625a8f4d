"""A witness signs what follows from all it has seen and nothing else; ours are asked through their HTTP door."""

import argparse
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from seta.houses.operations import found_house, hire
from seta.houses.queries import members
from seta.oversight import signing
from seta.oversight.events import LogCheckAsked
from seta.oversight.models import LogCheck, Witness, WitnessedHead, WitnessedLog, WitnessSignature
from seta.oversight.operations import append_audit, heads, witnessing
from seta.oversight.queries import evidence
from seta.oversight.rules.retention import EvidenceRefused
from seta.site.commands.archive import COMMAND
from seta.site.trouble import Trouble
from tests.oversight.evidence_world import NOON

pytestmark = pytest.mark.django_db(transaction=True)
DOOR = "/witness/v1/heads"


@pytest.fixture
def house(transactional_db: None, settings: Settings, tmp_path: Path) -> int:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.VAR_DIR = tmp_path
    house_id = found_house(code="serica", name="Serica", kind="maison")
    hire(house_id=house_id, username="root", password="x" * 12, role="admin", name="root")
    grow(house_id, 3)
    return house_id


def grow(house: int, lines: int, minutes: int = 0) -> None:
    now = NOON + timedelta(minutes=minutes)
    for number in range(lines):
        append_audit(house_id=house, kind="x", details={"n": number}, now=now)
    heads.sign_head(house_id=house, now=now)


def admin(house: int) -> int:
    return members(house)[0].user_id


def add(house: int, address: str, public: str = "", kind: str = "http") -> None:
    public = public or witnessing.witness_key(NOON)
    witnessing.add_witness(
        house_id=house,
        user_id=admin(house),
        name="Lucente",
        kind=kind,
        address=address,
        public=public,
        now=NOON,
    )


def admit(house: int) -> None:
    key = signing.public_keys(house)[0].public
    witnessing.admit_log(origin=signing.origin(house), public=key, now=NOON)


def test_heads_are_signed_by_another_server_as_the_log_grows(house: int, live_server: LiveServer) -> None:
    admit(house)
    add(house, live_server.url)

    first = witnessing.send_heads(NOON)
    grow(house, 5, 2)
    heads.rotate_head_key(house_id=house, user_id=admin(house), now=NOON + timedelta(minutes=3))
    grow(house, 2, 4)
    second = witnessing.send_heads(NOON + timedelta(minutes=5))

    assert (first, second) == (1, 1)
    assert WitnessSignature.objects.filter(house_id=house).count() == 2
    assert Witness.objects.get().problem == ""
    assert witnessing.send_heads(NOON) == 0


def test_a_log_is_admitted_by_a_command_that_tells_our_own_key(
    house: int, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = argparse.ArgumentParser()
    COMMAND.arguments(parser)
    key, origin = signing.public_keys(house)[0].public, signing.origin(house)

    assert COMMAND.run(parser.parse_args(["admit", origin, key])) == 0
    told = json.loads(capsys.readouterr().out)
    with pytest.raises(Trouble):
        COMMAND.run(parser.parse_args(["admit", "another.log", key]))

    assert told == {"witnesses": origin, "own_key": witnessing.witness_key(NOON)}
    assert list(WitnessedLog.objects.values_list("origin", "keys")) == [(origin, [key])]


def test_a_witness_that_has_not_agreed_is_noted_and_asked_again(house: int, live_server: LiveServer) -> None:
    add(house, live_server.url)

    assert witnessing.send_heads(NOON) == 0
    assert "403" in Witness.objects.get().problem
    admit(house)
    assert witnessing.send_heads(NOON) == 1


def test_a_log_that_was_rewritten_is_never_signed(house: int) -> None:
    admit(house)
    client = Client()
    told = witnessing.told_to(house, signed_now(house), 0)
    good = client.post(DOOR, json.dumps(told), content_type="application/json")
    grow(house, 4, 2)
    forged = witnessing.told_to(house, signed_now(house), good.json()["size"])
    forged["proof"] = ["ab" * 32] * len(forged["proof"])

    answer = client.post(DOOR, json.dumps(forged), content_type="application/json")

    assert good.status_code == 200
    assert answer.status_code == 422
    assert "does not follow" in answer.json()["error"]
    assert WitnessedHead.objects.filter(origin=signing.origin(house)).count() == 1


def signed_now(house: int) -> heads.SignedHead:
    signed = heads.sign_head(house_id=house, now=NOON)
    assert signed is not None
    return signed


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"head": 3}', "[" * 5000, '{"head":"{}","keys":[]}'])
def test_the_door_answers_anything_in_words(house: int, body: str) -> None:
    answer = Client().post(DOOR, body, content_type="application/json")

    assert answer.status_code == 400
    assert "error" in answer.json()


def test_the_door_tells_its_key_and_refuses_too_much(house: int) -> None:
    assert len(Client().get(DOOR).json()["public"]) == 64
    assert Client().post(DOOR, "x" * 70_000, content_type="text/plain").status_code == 413


def test_a_file_keeps_heads_that_can_be_compared_later(house: int, tmp_path: Path) -> None:
    add(house, "", kind="file")

    witnessing.send_heads(NOON)
    line = json.loads((tmp_path / "witness" / f"{signing.origin(house)}.jsonl").read_text())

    assert json.loads(line["head"])["size"] == evidence.log_state(house).signed_lines
    assert evidence.paper_fault(house, f"SETA1 {line['signature']} {line['head']}") == ""
    assert evidence.paper_fault(house, f"SETA1 {'0' * 128} {line['head']}") != ""


@pytest.mark.parametrize("address", ["http://example.com", "file:///etc", "", "https://x/" + "y" * 300])
def test_an_address_that_is_no_witness_is_refused(house: int, address: str) -> None:
    with pytest.raises(EvidenceRefused):
        add(house, address)


def test_a_check_finds_every_line_and_every_head_whole(house: int) -> None:
    check = heads.ask_log_check(house_id=house, user_id=admin(house), now=NOON)
    with pytest.raises(EvidenceRefused):
        heads.ask_log_check(house_id=house, user_id=admin(house), now=NOON)

    heads.on_log_check_asked(LogCheckAsked(house_id=house, occurred_at=NOON, check_id=check), NOON)

    row = LogCheck.objects.get(pk=check)
    assert (row.checked, row.fault) == (row.total, "")


def test_the_sweep_signs_after_a_minute_or_a_thousand_lines(house: int) -> None:
    append_audit(house_id=house, kind="x", details={}, now=NOON)

    assert heads.sweep_heads(NOON + timedelta(seconds=30)) == 0
    assert heads.sweep_heads(NOON + timedelta(seconds=61)) == 1
    assert heads.sweep_heads(NOON + timedelta(seconds=200)) == 0
