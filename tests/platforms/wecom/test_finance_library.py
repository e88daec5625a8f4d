"""The Finance SDK adapter against the sandbox, through a shared library with Tencent's exported names.

The library is the sandbox's own and is compiled here; a machine without a C compiler skips these aloud.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from seta.platforms.core.errors import ErrorKind, PlatformError
from seta.platforms.wecom import ArchiveRecord, FinanceSdk, SandboxArchive
from seta_sandbox.wecom.archive_messages import KINDS
from seta_sandbox.wecom.finance_library import build, compiler
from tests.sandbox_server import RunningSandbox

pytestmark = pytest.mark.skipif(compiler() is None, reason="no C compiler for the Finance SDK's stand-in")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("finance-library"))


def through(library: Path, sandbox: RunningSandbox, secret: str = "") -> FinanceSdk:
    corp = sandbox.config["wecom"]
    return FinanceSdk(
        path=library,
        corpid=corp["corpid"],
        secret=secret or corp["archive_secret"],
        private_keys={corp["archive_publickey_ver"]: corp["archive_private_key"]},
        # The stand-in takes the way out for the way to the sandbox.
        proxy=sandbox.base_url,
    )


@pytest.fixture
def sdk(library: Path, sandbox: RunningSandbox) -> Iterator[FinanceSdk]:
    made = through(library, sandbox)
    yield made
    made.close()


def test_every_kind_of_message_is_fetched_and_opened(sandbox: RunningSandbox, sdk: FinanceSdk) -> None:
    for kind in KINDS:
        sandbox.control("wecom_message", msgtype=kind, content="有没有丝巾？" if kind == "text" else None)

    records = sdk.get_chat_data(0)
    messages = [sdk.open(record) for record in records]

    assert [message["msgtype"] for message in messages] == list(KINDS)
    assert messages[0]["text"]["content"] == "有没有丝巾？"
    assert [record.seq for record in sdk.get_chat_data(3, limit=2)] == [4, 5]
    assert sdk.get_chat_data(records[-1].seq) == ()


def test_the_library_and_python_open_the_same(sandbox: RunningSandbox, sdk: FinanceSdk) -> None:
    corp = sandbox.config["wecom"]
    plain = SandboxArchive(
        base_url=sandbox.base_url,
        corpid=corp["corpid"],
        secret=corp["archive_secret"],
        private_keys={corp["archive_publickey_ver"]: corp["archive_private_key"]},
    )
    for characters in (1, 15, 16, 17, 63, 64, 3000):
        sandbox.control("wecom_message", content="丝" * characters)

    records = sdk.get_chat_data(0)

    assert records == plain.get_chat_data(0)
    assert [sdk.open(record) for record in records] == [plain.open(record) for record in records]


def test_a_file_comes_in_chunks_and_whole(sandbox: RunningSandbox, sdk: FinanceSdk) -> None:
    size = (512 << 10) * 2 + 77
    sandbox.control("wecom_message", msgtype="file", bytes=size)
    (record,) = sdk.get_chat_data(0)
    described = sdk.open(record)["file"]

    content = sdk.media(described["sdkfileid"])

    chunks = [one for one in sandbox.journal(family="wecom") if "mediadata" in one["path"]]
    assert (len(content), hashlib.md5(content).hexdigest()) == (size, described["md5sum"])
    assert len(chunks) == 3


def test_the_codes_of_the_sdk_come_through(sandbox: RunningSandbox, library: Path, sdk: FinanceSdk) -> None:
    sandbox.control("wecom_message", content="旧消息")
    sandbox.control("wecom_message", msgtype="image")
    text, image = sdk.get_chat_data(0)
    fileid = sdk.open(image)["image"]["sdkfileid"]
    stranger = through(library, sandbox, secret="not the archive's")
    broken = ArchiveRecord(text.seq, text.msgid, 1, text.encrypt_random_key, image.encrypt_chat_msg)
    sandbox.control("advance", seconds=5 * 86_400 + 1)

    codes = []
    for call in (
        lambda: sdk.get_chat_data(0),
        lambda: sdk.media(fileid),
        lambda: sdk.media("unknown"),
        lambda: sdk.open(broken),
        lambda: stranger.get_chat_data(0),
    ):
        with pytest.raises(PlatformError) as refused:
            call()
        codes.append(refused.value.code)
    stranger.close()

    assert codes == ["10010", "10010", "10005", "10006", "40001"]


def test_a_sandbox_that_is_not_there_is_a_network_error(library: Path, sandbox: RunningSandbox) -> None:
    corp = sandbox.config["wecom"]
    sdk = FinanceSdk(
        path=library,
        corpid=corp["corpid"],
        secret=corp["archive_secret"],
        private_keys={},
        proxy="http://127.0.0.1:1",
    )

    with pytest.raises(PlatformError) as refused:
        sdk.get_chat_data(0)
    sdk.close()

    assert (refused.value.code, refused.value.kind) == ("10001", ErrorKind.BUSY)
