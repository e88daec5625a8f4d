"""Where a request really comes from: a forwarded address counts only from proxies that the server was told to trust."""

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network


def networks(said: str) -> tuple[Network, ...]:
    """Addresses and networks with commas between them; raises ValueError for what is neither."""
    return tuple(ip_network(each.strip()) for each in said.split(",") if each.strip())


def sender_of(meta: Mapping[str, str], trusted: Sequence[Network]) -> str:
    """The caller's address by a request's `REMOTE_ADDR` and `X-Forwarded-For`.

    From a trusted proxy it is the last address of the header that is no trusted proxy itself: what stands before
    that one was written by the caller, who may write anything. From anybody else the header means nothing.
    """
    peer = meta.get("REMOTE_ADDR", "")
    if not _is_in(peer, trusted):
        return peer
    for hop in reversed(meta.get("HTTP_X_FORWARDED_FOR", "").split(",")):
        if not _is_address(hop.strip()):
            return peer
        peer = hop.strip()
        if not _is_in(peer, trusted):
            break
    return peer


def _is_address(said: str) -> bool:
    try:
        ip_address(said)
    except ValueError:
        return False
    return True


def _is_in(address: str, trusted: Sequence[Network]) -> bool:
    return _is_address(address) and any(ip_address(address) in network for network in trusted)
