"""Secrets at rest: sealed, rotated while all runs on, changed with an overlap, and never told to anybody."""

import logging
import os
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.test import Client
from django.views.debug import ExceptionReporter

from seta.houses import queries as houses
from seta.houses.models import PlatformAccount
from seta.houses.operations import SecretsMissing, change_keys, connect_account, found_house, rotate_keys
from seta.houses.sealing import Secrets, seal, unseal
from seta.houses.vault import KEYS_MAX, VaultTrouble, new_key, read_lines, vault, write_keys
from seta.platforms.core.errors import PlatformError
from seta.platforms.wechatpay import NotificationKeys
from seta.site.cli import main
from tests.platforms.wechatpay import keys
from tests.sandbox_server import RunningSandbox, sandbox, sandbox_process

__all__ = ["sandbox", "sandbox_process"]

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
SECRETS = {
    "app_private_key": keys.private_pem("merchant"),
    "alipay_public_key": keys.public_pem("alipay"),
    "seller_id": "2088",
}


@pytest.fixture
def house_id(db: None) -> int:
    return found_house(code="serica", name="Serica", kind="maison")


@pytest.fixture
def key_file(tmp_path: Path, settings: Any) -> Path:
    path = tmp_path / "keys"
    settings.KEY_FILE, settings.VAULT = str(path), "key_file"
    return path


def connect(house_id: int, secrets: Mapping[str, str] = SECRETS, base_url: str = "http://127.0.0.1:1") -> int:
    return connect_account(
        house_id=house_id, family="alipay", app_id="2021", base_url=base_url, secrets=secrets, now=NOW
    )


def sealed() -> bytes:
    return bytes(PlatformAccount.objects.get().sealed_secrets)


def test_what_is_kept_cannot_be_read_in_a_dump_and_opens_with_its_key_alone(
    house_id: int, key_file: Path, settings: Any
) -> None:
    write_keys(key_file, [new_key()])
    connect(house_id)

    assert b"PRIVATE KEY" not in sealed()
    assert houses.account(house_id, "alipay").secrets["seller_id"] == "2088"
    write_keys(key_file, [new_key()])
    with pytest.raises(InvalidToken):
        houses.account(house_id, "alipay")


def test_a_rotation_seals_everything_anew_while_readers_go_on_without_a_restart(
    house_id: int, key_file: Path
) -> None:
    first, second = new_key(), new_key()
    write_keys(key_file, [first])
    connect(house_id)
    before = sealed()

    write_keys(key_file, [second, first])
    assert houses.account(house_id, "alipay").secrets["seller_id"] == "2088"
    done = rotate_keys(now=NOW)
    again = rotate_keys(now=NOW)
    write_keys(key_file, [second])

    assert (done.resealed, done.current, again.resealed, again.current) == (1, 0, 0, 1)
    assert sealed() != before
    assert Fernet(second).decrypt(sealed())
    found = houses.account(house_id, "alipay")
    assert found.secrets["app_private_key"] == SECRETS["app_private_key"]
    assert found.changed_at == NOW


def test_a_live_client_stays_live_over_a_rotation_and_is_made_anew_for_new_keys(
    house_id: int, key_file: Path
) -> None:
    write_keys(key_file, [new_key()])
    connect(house_id)
    client = houses.alipay(house_id)
    write_keys(key_file, [new_key(), *read_lines(key_file)])
    rotate_keys(now=NOW)

    assert houses.alipay(house_id) is client
    change_keys(
        house_id=house_id,
        family="alipay",
        secrets={"alipay_public_key": keys.public_pem("alipay-2")},
        overlap=timedelta(hours=1),
        now=NOW + timedelta(minutes=1),
    )
    assert houses.alipay(house_id) is not client


def test_a_server_moves_from_its_own_key_to_a_key_file_and_back_to_nothing_else(
    house_id: int, tmp_path: Path, settings: Any
) -> None:
    connect(house_id)
    settings.KEY_FILE, settings.VAULT = str(tmp_path / "keys"), "key_file"
    write_keys(tmp_path / "keys", [new_key()])

    assert houses.account(house_id, "alipay").secrets["seller_id"] == "2088"
    assert rotate_keys(now=NOW).resealed == 1
    settings.VAULT = "secret_key"
    with pytest.raises(InvalidToken):
        houses.account(house_id, "alipay")


def test_former_keys_are_believed_for_the_overlap_and_forgotten_by_the_next_rotation(
    house_id: int, key_file: Path
) -> None:
    write_keys(key_file, [new_key()])
    connect(house_id)
    change_keys(
        house_id=house_id,
        family="alipay",
        secrets={"seller_id": "2089"},
        overlap=timedelta(hours=24),
        now=NOW,
    )
    found = houses.account(house_id, "alipay")

    assert [one["seller_id"] for one in found.believed(NOW + timedelta(hours=23))] == ["2089", "2088"]
    assert [one["seller_id"] for one in found.believed(NOW + timedelta(hours=24))] == ["2089"]
    write_keys(key_file, [new_key(), *read_lines(key_file)])
    rotate_keys(now=NOW + timedelta(hours=1))
    assert houses.account(house_id, "alipay").former is not None
    rotate_keys(now=NOW + timedelta(hours=25))
    assert houses.account(house_id, "alipay").former is None


def test_a_change_that_leaves_a_secret_empty_is_refused_and_changes_nothing(house_id: int) -> None:
    connect(house_id)
    before = sealed()

    with pytest.raises(SecretsMissing, match="seller_id"):
        change_keys(
            house_id=house_id, family="alipay", secrets={"seller_id": ""}, overlap=timedelta(1), now=NOW
        )

    assert sealed() == before


def test_a_merchant_abroad_must_say_what_its_mode_needs(house_id: int, db: None) -> None:
    secrets = dict.fromkeys(
        ("appid", "apiv3_key", "merchant_serial", "merchant_private_key", "platform_serial"), "x"
    ) | dict.fromkeys(("platform_cert", "public_key_id", "public_key"), "x")
    for said, missing in (
        ({"mode": "moon"}, "mode"),
        ({"mode": "global_direct"}, "category"),
        ({"mode": "global_institution", "category": "5651", "sp_appid": "wx"}, "sp_mchid"),
    ):
        with pytest.raises(SecretsMissing, match=missing):
            connect_account(
                house_id=house_id,
                family="wechatpay",
                app_id="1900",
                base_url="http://127.0.0.1:1",
                secrets=secrets,
                settings=said,
                now=NOW,
            )
    assert not PlatformAccount.objects.exists()


@pytest.mark.parametrize("content", ["", "# only a comment\n", "short\n", "é\n", "\n".join(["x"] * 30)])
def test_a_key_file_that_holds_no_keys_says_so_without_telling_what_it_holds(
    key_file: Path, content: str
) -> None:
    key_file.write_text(content, encoding="utf-8")
    key_file.chmod(0o600)

    with pytest.raises(VaultTrouble) as trouble:
        vault().seal(b"x")

    assert "short" not in str(trouble.value)


def test_a_key_file_that_others_may_read_or_that_is_gone_is_refused(key_file: Path) -> None:
    with pytest.raises(VaultTrouble, match="restore it"):
        vault().seal(b"x")
    write_keys(key_file, [new_key()])
    assert key_file.stat().st_mode & 0o777 == 0o600
    key_file.chmod(0o644)
    os.utime(key_file, (1, 1))
    with pytest.raises(VaultTrouble, match="chmod 600"):
        vault().seal(b"x")


def test_keys_may_come_from_the_environment_newest_first(house_id: int, settings: Any) -> None:
    first, second = new_key().decode(), new_key().decode()
    settings.VAULT, settings.KEYS = "key_file", first
    connect(house_id)
    settings.KEYS = f"{second},{first}"

    assert rotate_keys(now=NOW).resealed == 1
    settings.KEYS = second
    assert houses.account(house_id, "alipay").secrets["seller_id"] == "2088"


def kms(folder: Path) -> str:
    """A program as a KMS's own client would be: it keeps the master key, and the key file holds wrapped ones."""
    program = folder / "kms.py"
    program.write_text(
        "import sys\n"
        "from cryptography.fernet import Fernet\n"
        f"box = Fernet({new_key()!r})\n"
        "given = sys.stdin.buffer.read()\n"
        "verb = {'wrap': box.encrypt, 'unwrap': box.decrypt}[sys.argv[1]]\n"
        "sys.stdout.buffer.write(verb(given))\n"
    )
    return f"{sys.executable} {program}"


def test_a_kms_wraps_the_keys_so_that_the_file_alone_opens_nothing(
    house_id: int, key_file: Path, tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.VAULT, settings.KMS_COMMAND = "kms", kms(tmp_path)
    assert main(["keys", "new"]) == 0
    connect(house_id)
    assert main(["keys", "rotate"]) == 0
    assert houses.account(house_id, "alipay").secrets["seller_id"] == "2088"

    settings.VAULT = "key_file"
    with pytest.raises(VaultTrouble, match="key 1 is not"):
        houses.account(house_id, "alipay")


def test_a_kms_that_fails_says_what_to_do_and_not_what_it_printed(
    key_file: Path, tmp_path: Path, settings: Any
) -> None:
    write_keys(key_file, [b"wrapped-under-another-master-key"])
    settings.VAULT, settings.KMS_COMMAND = "kms", kms(tmp_path)
    for command in (settings.KMS_COMMAND, "/nowhere/kms", ""):
        settings.KMS_COMMAND = command
        with pytest.raises(VaultTrouble, match="SETA_KMS_COMMAND") as trouble:
            vault().seal(b"x")
        assert "wrapped-under" not in str(trouble.value)


def test_a_vault_of_an_unknown_name_is_refused(settings: Any) -> None:
    settings.VAULT = "cellar"
    with pytest.raises(VaultTrouble, match="cellar"):
        vault()


def test_the_shell_makes_rotates_and_forgets_keys_and_prints_none(
    house_id: int, key_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    connect_first = ["keys", "new"]
    assert main(connect_first) == 0
    connect(house_id)
    assert main(connect_first) == 1
    assert main(["keys", "rotate"]) == 0
    held = read_lines(key_file)
    assert main(["keys", "rotate", "--reseal-only", "--forget"]) == 0

    said = "".join(capsys.readouterr())
    assert len(held) == 2
    assert read_lines(key_file) == held[:1]
    assert not [key for key in held if key.decode() in said]
    assert "1 accounts sealed anew" in said
    assert houses.account(house_id, "alipay").secrets["seller_id"] == "2088"


def test_the_shell_stops_before_a_file_holds_too_many_keys(
    key_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_keys(key_file, [new_key() for _ in range(KEYS_MAX)])

    assert main(["keys", "rotate"]) == 1
    assert "--forget" in capsys.readouterr().err


def private_lines() -> list[str]:
    """Every line of the private key's text that tells something."""
    return [line for line in SECRETS["app_private_key"].splitlines() if len(line) == 64]


def test_nothing_that_is_printed_of_an_account_holds_its_secrets(house_id: int) -> None:
    connect(house_id)
    found = houses.account(house_id, "alipay")
    client = houses.alipay(house_id)
    opened = NotificationKeys(apiv3_key="0123456789abcdef0123456789abcdef", verifiers={})

    said = f"{found!r} {found.secrets!r} {found} {client!r} {vars(client)!r} {opened!r} {vault()!r}"

    assert not [line for line in private_lines() if line in said]
    assert "0123456789abcdef" not in said
    assert repr(Secrets({"secret": "x"})) == "<1 secrets>"


def test_an_error_page_and_a_traceback_with_all_locals_show_no_secret(house_id: int, settings: Any) -> None:
    settings.DEBUG = True
    connect(house_id)
    try:
        found = houses.account(house_id, "alipay")
        assert found.secrets
        houses.alipay(house_id).query("st_1")
    except PlatformError:
        page = ExceptionReporter(None, *sys.exc_info()).get_traceback_html()
        text = "".join(traceback.TracebackException(*sys.exc_info(), capture_locals=True).format())

    for said in (page, text):
        assert not [line for line in private_lines() if line in said.replace("\\n", "\n")]


@pytest.mark.django_db
def test_logs_of_a_payment_of_a_bill_and_of_a_failure_hold_no_key_and_no_token(
    house_id: int,
    sandbox: RunningSandbox,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    found = sandbox.config["alipay"]
    plain = {name: str(value) for name, value in found.items()}
    connect_account(
        house_id=house_id,
        family="alipay",
        app_id=found["appid"],
        base_url=sandbox.base_url,
        secrets=plain,
        now=datetime.now(UTC),
    )
    client = houses.alipay(house_id)
    client.precreate(out_trade_no="st_log", subject="Scarf", total=100)
    sandbox.control("pay", provider="alipay", out_trade_no="st_log")
    day = datetime.fromisoformat(sandbox.control("make_bill", provider="alipay")["date"]).date()
    address = client.bill_url(day)
    client.bill(day)
    with pytest.raises(PlatformError):
        client.query("st_unknown")

    said = caplog.text + "".join(capsys.readouterr())
    assert "platform.call" in said
    assert address.partition("?")[2] not in said
    assert "?" not in "".join(word for word in said.split() if word.startswith("path="))
    assert not [line for line in plain["app_private_key"].splitlines() if len(line) == 64 and line in said]


@pytest.mark.django_db
def test_no_page_of_the_desk_can_be_asked_for_a_secret(house_id: int, client: Client) -> None:
    connect(house_id)
    for path in ("/desk/", "/desk/money/", f"/callbacks/alipay/{PlatformAccount.objects.get().pk}"):
        answer = client.get(path)
        assert not [line for line in private_lines() if line in answer.content.decode()]


def test_what_is_sealed_opens_to_what_it_was() -> None:
    assert dict(unseal(seal(SECRETS))) == SECRETS
