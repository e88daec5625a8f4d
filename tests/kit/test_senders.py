"""A caller's address is taken from a proxy that is trusted, and never from what the caller writes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seta.kit.senders import networks, sender_of

PROXIES = networks("10.0.0.0/8, 127.0.0.1, fd00::/8")


@pytest.mark.parametrize(
    ("peer", "header", "found"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "192.0.2.99, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "192.0.2.99, 198.51.100.1, 10.1.2.3", "198.51.100.1"),
        ("127.0.0.1", "10.1.2.3, 10.1.2.4", "10.1.2.3"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("127.0.0.1", "nonsense, 10.1.2.3", "10.1.2.3"),
        ("fd00::1", "2001:db8::7", "2001:db8::7"),
        ("", "198.51.100.1", ""),
    ],
)
def test_the_last_address_that_is_no_trusted_proxy_is_the_callers(peer: str, header: str, found: str) -> None:
    assert sender_of({"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": header}, PROXIES) == found


@given(st.text(max_size=60))
def test_without_trusted_proxies_nothing_that_is_written_counts(written: str) -> None:
    assert sender_of({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": written}, ()) == "127.0.0.1"


@given(st.text(max_size=60))
def test_what_stands_before_the_proxys_own_entry_never_counts(written: str) -> None:
    meta = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": f"{written}, 198.51.100.1"}

    assert sender_of(meta, PROXIES) == "198.51.100.1"


def test_what_is_no_network_stops_the_server_before_it_starts() -> None:
    assert networks("") == ()
    with pytest.raises(ValueError, match="nowhere"):
        networks("nowhere")
