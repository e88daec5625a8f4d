"""What a person at the shell sees when something is missing: one clear line, exit code 1, no stack trace."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from seta.site.demo.world import free_port
from tests.templates import copy_tables

ROOT = Path(__file__).resolve().parent.parent.parent


def plain(var: Path) -> dict[str, str]:
    """The environment of a new installation in a folder, on SQLite."""
    base = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return {**base, "SETA_VAR": str(var)}


def children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def seta(*arguments: str, var: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "seta.site.cli", *arguments],
        cwd=ROOT,
        env={**plain(var), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_a_busy_port_is_one_clear_line(tmp_path: Path) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]

        done = seta("serve", "--port", str(port), var=tmp_path)

    assert done.returncode == 1
    assert done.stderr.strip().count("\n") == 0
    assert f"port {port}" in done.stderr


@pytest.mark.parametrize(("forking", "importing"), [(0.5, 0), (0, 0.1)])
def test_a_server_that_is_told_to_stop_while_it_starts_stops(
    tmp_path: Path, forking: float, importing: float
) -> None:
    start = f"import os, time; os.register_at_fork(after_in_child=lambda: time.sleep({forking}))"
    serve = f"from seta.site.cli import main; raise SystemExit(main(['serve', '--port', '{free_port()}']))"
    command = [sys.executable, "-c", f"{start}; {serve}"]
    server = subprocess.Popen(command, cwd=ROOT, env=plain(tmp_path), start_new_session=True)
    try:
        # The process that will serve has been forked, takes its time over that, and then imports the application.
        while not children(server.pid):
            assert server.poll() is None
            time.sleep(0.01)
        time.sleep(importing)
        server.terminate()
        assert server.wait(30) == 0
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def test_the_demo_says_which_port_it_cannot_have(tmp_path: Path) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]

        done = seta("demo", "--once", "--port", str(port), var=tmp_path)

    assert done.returncode == 1
    assert f"port {port} is in use" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unwritable_folder_is_one_clear_line(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")

    done = seta("migrate", var=in_the_way / "var", SETA_SECRET_KEY="x" * 50)

    assert done.returncode == 1
    assert "cannot write" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_node_is_one_clear_line(tmp_path: Path) -> None:
    bare = tmp_path / "bin"
    bare.mkdir()
    for tool in ("bash", "env"):
        (bare / tool).symlink_to(f"/usr/bin/{tool}")

    done = subprocess.run(
        ["bash", str(ROOT / "tools" / "need.sh"), "node"],
        env={"PATH": str(bare)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stdout.startswith("seta: Node.js 20 or newer with npm is missing")


def test_more_workers_than_one_need_postgresql(tmp_path: Path) -> None:
    done = seta("serve", "--workers", "2", "--port", "1", var=tmp_path)

    assert done.returncode == 1
    assert "PostgreSQL" in done.stderr


@pytest.mark.slow
def test_the_doctor_says_what_to_do_about_an_empty_database_and_is_green_after(tmp_path: Path) -> None:
    sick = seta("doctor", "--json", var=tmp_path)
    seta("migrate", var=tmp_path)
    well = seta("doctor", "--json", var=tmp_path)

    red = [finding for finding in json.loads(sick.stdout)["findings"] if not finding["ok"]]
    assert sick.returncode == 1
    assert "seta migrate" in red[0]["advice"]
    assert (well.returncode, json.loads(well.stdout)["ok"]) == (0, True)


@pytest.mark.slow
def test_a_first_house_needs_readable_and_whole_credentials(tmp_path: Path) -> None:
    copy_tables(tmp_path / "seta.sqlite3")
    file = tmp_path / "credentials.json"

    file.write_text('{"official_account": {"appid": "wx1", "secret": "s"}}')
    incomplete = seta("init", "--house", "Una", "--kind", "maison", "--credentials", str(file), var=tmp_path)
    file.write_text("{}")
    bare = seta("init", "--house", "Una", "--kind", "maison", "--credentials", str(file), var=tmp_path)

    assert "still needs: aes_key, original_id, token" in incomplete.stderr
    assert (bare.returncode, "house una" in bare.stdout) == (0, True)


def test_a_file_of_messages_is_judged_line_by_line(tmp_path: Path) -> None:
    lines = tmp_path / "talk.jsonl"
    lines.write_text(
        '{"id":"a","text":"您直接微信转账到我个人账户","sender":"sa","channel":"wecom_1to1"}\n'
        '{"id":"b","text":"请您通过小程序付款","sender":"sa","channel":"wecom_1to1"}\n',
        encoding="utf-8",
    )

    done = seta("policy", "scan", str(lines), "--json", str(tmp_path / "out.json"), var=tmp_path)

    results = json.loads((tmp_path / "out.json").read_text())["results"]
    assert done.returncode == 0
    assert [(row["id"], bool(row["hits"])) for row in results] == [("a", True), ("b", False)]
