"""Somebody else's archive SDK, strict about every field, understands each kind of message of the sandbox."""

import base64
import hashlib
from pathlib import Path

import pytest

from seta_sandbox.wecom.archive_messages import KINDS
from seta_sandbox.wecom.finance_library import build, compiler
from tests.judges.environment import environment, run
from tests.sandbox_server import RunningSandbox

PINS = ("pywecomarchive==0.1.0", "cryptography==43.0.3")

pytestmark = [
    pytest.mark.judge,
    pytest.mark.slow,
    pytest.mark.skipif(compiler() is None, reason="no C compiler for the Finance SDK's stand-in"),
]


def test_pywecomarchive_understands_every_kind(sandbox: RunningSandbox, tmp_path: Path) -> None:
    content = bytes(range(256)) * 3000
    encoded = base64.b64encode(content).decode()
    for kind in KINDS:
        given = {"content": "您好"} if kind == "text" else {}
        sandbox.control("wecom_message", msgtype=kind, **given)
    said = sandbox.control("wecom_message", msgtype="file", data=encoded)
    recall = {"action": "recall", "pre_msgid": said["msgid"]}
    sandbox.client.post(f"{sandbox.base_url}/_control/wecom_message", json=recall).raise_for_status()
    sandbox.control("archive_switch")

    arguments = {"config": sandbox.config, "base_url": sandbox.base_url, "library": str(build(tmp_path))}
    script = Path(__file__).with_name("pywecomarchive_calls.py")
    found = run(environment("pywecomarchive", PINS), script, arguments)

    assert found["understood"] == [*KINDS, "file", "revoke", "switch"]
    assert found["md5"] == hashlib.md5(content).hexdigest()
