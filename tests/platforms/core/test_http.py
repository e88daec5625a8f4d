"""The request core over a real wire: bounded repeats, told-apart failures, journalled without secrets."""

import socket

import pytest
from structlog.testing import capture_logs

from seta.platforms.core.errors import ErrorKind, PlatformError
from seta.platforms.core.http import ATTEMPTS_MAX, Reply, Request, Transport, base_address
from seta.platforms.core.json_api import read_json
from tests.platforms.wire import Said, scripted, serving

OUTAGE = Said(502, b"bad gateway", {"Content-Type": "text/html"})
BUSY = Said(body=b'{"errcode":-1,"errmsg":"system error rid: 6172f2d7-3c8a2e10-0f6e6c1a"}')
GOOD = Said(body=b'{"errcode":0,"errmsg":"ok"}')


def transport(base_url: str, pauses: list[float] | None = None) -> Transport:
    slept: list[float] = [] if pauses is None else pauses
    return Transport(platform="wechat", base_url=base_url, pause=slept.append)


def read(reply: Reply) -> dict[str, object]:
    return read_json(reply, platform="wechat")


@pytest.mark.parametrize("trouble", [OUTAGE, BUSY, Said(cut=True)], ids=["outage", "busy", "cut"])
def test_idempotent_call_is_repeated_until_it_succeeds(trouble: Said) -> None:
    pauses: list[float] = []
    with serving(scripted(trouble, trouble, GOOD)) as wire:
        answer = transport(wire.base_url, pauses).call(Request("GET", "/x"), read, idempotent=True)

    assert answer["errmsg"] == "ok"
    assert pauses == [0.2, 0.8]


@pytest.mark.parametrize("trouble", [OUTAGE, BUSY, Said(cut=True)], ids=["outage", "busy", "cut"])
def test_repeats_are_bounded(trouble: Said) -> None:
    with serving(scripted(trouble)) as wire:
        with pytest.raises(PlatformError):
            transport(wire.base_url).call(Request("GET", "/x"), read, idempotent=True)
        asked = len(wire.asked)

    assert asked == ATTEMPTS_MAX


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (OUTAGE, ErrorKind.UNKNOWN_OUTCOME),
        (BUSY, ErrorKind.BUSY),
        (Said(cut=True), ErrorKind.UNKNOWN_OUTCOME),
        (Said(body=b"<html>"), ErrorKind.UNKNOWN_OUTCOME),
        (Said(body=b"[]"), ErrorKind.UNKNOWN_OUTCOME),
        (Said(404, b"no"), ErrorKind.INVALID),
    ],
    ids=["outage", "busy", "cut", "html", "array", "missing"],
)
def test_call_that_acts_is_sent_once_and_its_outcome_is_named(trouble: Said, kind: ErrorKind) -> None:
    with serving(scripted(trouble)) as wire:
        with pytest.raises(PlatformError) as failed:
            transport(wire.base_url).call(Request("POST", "/x", body=b"{}"), read, idempotent=False)
        asked = len(wire.asked)

    assert asked == 1
    assert failed.value.kind is kind
    assert failed.value.retryable is (kind is ErrorKind.BUSY)


def test_nobody_listening_is_unreachable_and_may_be_repeated() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{probe.getsockname()[1]}"
    pauses: list[float] = []

    with pytest.raises(PlatformError) as failed:
        transport(address, pauses).call(Request("POST", "/x"), read, idempotent=False)

    assert failed.value.kind is ErrorKind.UNREACHABLE
    assert failed.value.retryable
    assert len(pauses) == ATTEMPTS_MAX - 1


def test_journal_has_the_request_id_and_no_secret(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    request = Request("GET", "/cgi-bin/token", (("secret", "s3cr3t"),))
    with serving(scripted(BUSY)) as wire, capture_logs() as lines, pytest.raises(PlatformError):
        transport(wire.base_url).call(request, read, idempotent=False)

    assert lines[0]["request_id"] == "6172f2d7-3c8a2e10-0f6e6c1a"
    assert lines[0]["path"] == "/cgi-bin/token"
    assert lines[0]["code"] == "-1"
    assert "s3cr3t" not in str(lines) + caplog.text


def test_errors_say_which_field_is_missing() -> None:
    with serving(scripted(GOOD)) as wire:
        answer = transport(wire.base_url).call(Request("GET", "/x"), read, idempotent=True)

    with pytest.raises(PlatformError, match="ticket"):
        answer["ticket"]


@pytest.mark.parametrize("address", ["", "api.weixin.qq.com", "ftp://x", "file:///etc/passwd", "https://"])
def test_base_url_must_be_an_http_address(address: str) -> None:
    with pytest.raises(ValueError, match="http"):
        base_address(address)
