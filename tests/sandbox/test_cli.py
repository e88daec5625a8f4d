"""The command line of the sandbox: what it refuses, in one clear line."""

import socket
from pathlib import Path

import pytest

from seta_sandbox.cli import main
from tests.sandbox_server import free_port


def test_a_busy_port_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        code = main(["serve", "--port", str(port)])

    assert code == 2
    assert capsys.readouterr().err == f"seta-sandbox: port {port} is in use; choose another\n"


def test_a_proxy_without_a_tls_port_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--port", str(free_port()), "--proxy-port", str(free_port())]) == 2
    assert "--tls-port" in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("in the way")

    code = main(["serve", "--port", str(free_port()), "--export", str(tmp_path / "file" / "export")])

    assert code == 2
    assert str(tmp_path / "file") in capsys.readouterr().err
