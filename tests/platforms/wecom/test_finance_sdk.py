"""The Finance SDK adapter drives a library with Tencent's exported symbols."""

import base64
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import padding

from seta.platforms.core.errors import ErrorKind, PlatformError
from seta.platforms.wecom import FinanceSdk
from tests.platforms.wechatpay import keys

COMPILER = shutil.which("cc")
pytestmark = pytest.mark.skipif(COMPILER is None, reason="no C compiler")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    built = tmp_path_factory.mktemp("finance") / "libfinance.so"
    wrapped = keys.private("archive").public_key().encrypt(b"random-key", padding.PKCS1v15())
    row = {
        "seq": 4294967300,
        "msgid": "m1",
        "publickey_ver": 3,
        "encrypt_random_key": base64.b64encode(wrapped).decode(),
        "encrypt_chat_msg": "c2VhbGVk",
    }
    chat = json.dumps(json.dumps({"errcode": 0, "errmsg": "ok", "chatdata": [row]}))
    header = built.with_suffix(".h")
    header.write_text(f"#define CHAT_DATA {chat}\n")
    source = Path(__file__).with_name("finance_stub.c")
    command = [str(COMPILER), "-shared", "-fPIC", "-include", str(header), "-o", str(built), str(source)]
    subprocess.run(command, check=True)
    return built


def source(library: Path, secret: str = "secret") -> FinanceSdk:
    pem = keys.private_pem("archive")
    return FinanceSdk(path=library, corpid="ww1", secret=secret, private_keys={3: pem})


def test_records_are_fetched_and_opened_through_the_library(library: Path) -> None:
    sdk = source(library)

    (record,) = sdk.get_chat_data(4294967299, limit=7)

    assert (record.seq, record.publickey_ver) == (4294967300, 3)
    assert sdk.open(record) == {"key": "random-key", "sealed": "c2VhbGVk"}
    sdk.close()
    with pytest.raises(PlatformError, match="closed"):
        sdk.get_chat_data(0, limit=7)


def test_media_is_joined_from_its_chunks_with_their_zero_bytes(library: Path) -> None:
    sdk = source(library)

    assert sdk.media("file") == b"A\x00BCD\x00EF"
    sdk.close()


def test_codes_of_the_library_become_errors(library: Path) -> None:
    sdk = source(library)
    with pytest.raises(PlatformError) as expired:
        sdk.get_chat_data(5_000_000_000, limit=7)
    with pytest.raises(PlatformError) as refused:
        source(library, secret="wrong")
    sdk.close()

    assert (expired.value.code, expired.value.kind) == ("10010", ErrorKind.STATE)
    assert (refused.value.code, refused.value.kind) == ("10009", ErrorKind.AUTH)
