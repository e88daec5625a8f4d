"""What signs for an address: under the vault, changed while messages flow, its public half for anybody."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.test import Client
from pytest_django import Settings

from seta.houses.vault import new_key, read_lines, write_keys
from seta.oversight import signing as evidence
from seta.oversight.models import HeadKey
from seta.oversight.rules import heads
from seta.site.cli import main
from seta.webhooks.models import Endpoint
from seta.webhooks.operations import rotate_secret
from tests.webhooks.conftest import Bring, hear, paid, tell
from tests.webhooks.receiver import Arrived, Receiver
from tests.webhooks.test_sending import NOW


@pytest.fixture
def key_file(tmp_path: Path, settings: Settings) -> Path:
    """A key file of one key."""
    path = tmp_path / "keys"
    settings.KEY_FILE, settings.VAULT = str(path), "key_file"
    write_keys(path, [new_key()])
    return path


def published(client: Client, endpoint_id: int) -> list[dict[str, str]]:
    """The keys that anybody may fetch."""
    answer = client.get(f"/webhooks/v1/keys/{endpoint_id}")
    assert answer.status_code == 200
    found: list[dict[str, str]] = json.loads(answer.content)["keys"]
    return found


def believes(key: dict[str, str], one: Arrived) -> bool:
    """Whether a receiver that knows only this public key takes the message; written from the specification."""
    public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(key["x"] + "="))
    signed = f"{one.headers['webhook-id']}.{one.headers['webhook-timestamp']}.".encode() + one.body
    for version, _, signature in (word.partition(",") for word in one.headers["webhook-signature"].split()):
        try:
            if version == "v1a":
                public.verify(base64.b64decode(signature), signed)
                return True
        except InvalidSignature:
            continue
    return False


def test_a_receiver_that_shares_no_secret_verifies_by_the_published_key(
    house_id: int, receiver: Receiver, bring: Bring, client: Client
) -> None:
    endpoint_id = hear(house_id, receiver, NOW)
    tell(paid(house_id, NOW))
    bring(NOW)

    [key] = published(client, endpoint_id)
    [one] = receiver.arrived
    assert one.is_genuine
    assert believes(key, one)
    assert not believes(key, Arrived(one.code, one.body + b" ", one.headers, True))
    assert key["whpk"] == "whpk_" + base64.b64encode(base64.urlsafe_b64decode(key["x"] + "=")).decode()
    assert (key["kty"], key["crv"]) == ("OKP", "Ed25519")


def test_each_address_signs_with_a_key_of_its_own(
    house_id: int, receiver: Receiver, bring: Bring, client: Client
) -> None:
    other = Receiver().start()
    first, second = hear(house_id, receiver, NOW), hear(house_id, other, NOW)
    tell(paid(house_id, NOW))
    bring(NOW)
    other.stop()

    assert not believes(published(client, first)[0], other.arrived[0])
    assert believes(published(client, second)[0], other.arrived[0])


def test_while_keys_change_both_are_published_and_both_sign(
    house_id: int, receiver: Receiver, bring: Bring, client: Client
) -> None:
    endpoint_id = hear(house_id, receiver, NOW)
    [old] = published(client, endpoint_id)
    rotate_secret(endpoint_id=endpoint_id, house_id=house_id, now=NOW)
    tell(paid(house_id, NOW))
    bring(NOW)

    row = Endpoint.objects.get(pk=endpoint_id)
    assert row.previous_public_key == old["whpk"] != row.public_key
    assert believes(old, receiver.arrived[0])
    assert len(receiver.arrived[0].headers["webhook-signature"].split()) == 4


def test_no_key_is_published_for_an_address_that_is_not_there(client: Client, db: None) -> None:
    assert client.get("/webhooks/v1/keys/999").status_code == 404
    assert client.post("/webhooks/v1/keys/999").status_code == 405


def test_one_rotation_covers_webhooks_and_the_logs_keys_while_messages_flow(
    house_id: int,
    receiver: Receiver,
    bring: Bring,
    key_file: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    endpoint_id = hear(house_id, receiver, NOW)
    witness = evidence.live_key(None, NOW)
    of_house = evidence.live_key(house_id, NOW)
    tell(paid(house_id, NOW, 1))
    bring(NOW)

    assert main(["keys", "rotate"]) == 0
    tell(paid(house_id, NOW, 2))
    bring(NOW)
    assert main(["keys", "rotate", "--reseal-only", "--forget"]) == 0
    tell(paid(house_id, NOW, 3))
    bring(NOW)

    said = capsys.readouterr().out
    assert "1 webhook addresses sealed anew" in said
    assert "2 signing keys sealed anew" in said
    assert [one.is_genuine for one in receiver.arrived] == [True, True, True]
    [only] = read_lines(key_file)
    row = Endpoint.objects.get(pk=endpoint_id)
    for sealed in (row.sealed_secret, row.sealed_key, *HeadKey.objects.values_list("sealed", flat=True)):
        assert Fernet(only).decrypt(bytes(sealed))
    for key in (witness, of_house):
        key.refresh_from_db()
        assert heads.verifies(key.public, evidence.sign(key, heads.HEAD, "x"), heads.HEAD, "x")


def test_what_no_key_opens_stops_the_rotation_and_takes_no_key_out(
    house_id: int, receiver: Receiver, key_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    endpoint_id = hear(house_id, receiver, NOW)
    Endpoint.objects.filter(pk=endpoint_id).update(sealed_key=Fernet(new_key()).encrypt(b"x"))

    assert main(["keys", "rotate", "--forget"]) == 1

    assert len(read_lines(key_file)) == 2
    assert "opens with none of the keys held" in capsys.readouterr().err


def test_a_secret_in_another_keys_place_signs_nothing(house_id: int) -> None:
    mine, other = evidence.live_key(house_id, NOW), evidence.live_key(None, NOW)
    HeadKey.objects.filter(pk=mine.pk).update(sealed=bytes(other.sealed))
    mine.refresh_from_db()

    with pytest.raises(InvalidToken):
        evidence.sign(mine, heads.HEAD, "x")


def test_a_dump_holds_no_secret_of_an_address(house_id: int, receiver: Receiver, settings: Any) -> None:
    endpoint_id = hear(house_id, receiver, NOW)
    row = Endpoint.objects.values().get(pk=endpoint_id)

    kept = b" ".join(bytes(value) for value in row.values() if isinstance(value, bytes | memoryview))
    assert receiver.secret.encode() not in kept
    assert base64.b64decode(receiver.secret.removeprefix("whsec_")) not in kept
