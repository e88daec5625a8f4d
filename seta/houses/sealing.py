"""Secrets at rest and in memory: sealed by the vault, and silent when anybody prints them."""

from collections.abc import Iterator, Mapping

import msgspec

from seta.houses.vault import vault


class Secrets(Mapping[str, str]):
    """An account's opened secrets; a traceback, a log line or an error page shows only how many there are."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"<{len(self)} secrets>"


def seal(secrets: Mapping[str, str]) -> bytes:
    """Encrypt and authenticate an account's secrets under the newest key."""
    return vault().seal(msgspec.json.encode(dict(secrets)))


def unseal(sealed: bytes) -> Secrets:
    """The secrets that `seal` took; raises cryptography's InvalidToken when none of the keys held opens them."""
    return Secrets(msgspec.json.decode(vault().unseal(sealed), type=dict[str, str]))
