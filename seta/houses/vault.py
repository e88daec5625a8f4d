"""What keeps secrets at rest: sealed under a key file, under the server's own key, or by a KMS."""

import base64
import os
import shlex
import stat
import subprocess
import tempfile
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from seta.kit.signing import subkey

KEYS_MAX = 20
KMS_SECONDS_MAX = 20
OWNER_ONLY = stat.S_IRWXG | stat.S_IRWXO


class VaultTrouble(RuntimeError):
    """The vault cannot be used as it is set up; the message says what to do and holds no key."""


class Vault(Protocol):
    """Seals and opens what must not be read in a dump of the database.

    `unseal` raises cryptography's InvalidToken for what it has not sealed; `is_current` says whether the newest key
    sealed it, so that a rotation knows what is left to do.
    """

    def seal(self, plain: bytes) -> bytes:
        """Encrypt and authenticate under the newest key."""

    def unseal(self, sealed: bytes) -> bytes:
        """What `seal` took, under any key that is still held."""

    def is_current(self, sealed: bytes) -> bool:
        """Whether the newest key sealed this."""


class KeyRing:
    """Fernet keys, newest first: the first seals, all open."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        assert keys
        self._newest = Fernet(keys[0])
        self._all = MultiFernet([Fernet(key) for key in keys])

    def __repr__(self) -> str:
        return "<KeyRing>"

    def seal(self, plain: bytes) -> bytes:
        """See Vault."""
        return self._newest.encrypt(plain)

    def unseal(self, sealed: bytes) -> bytes:
        """See Vault."""
        return self._all.decrypt(sealed)

    def is_current(self, sealed: bytes) -> bool:
        """See Vault."""
        try:
            self._newest.decrypt(sealed)
        except InvalidToken:
            return False
        return True


class SecretKeyVault(KeyRing):
    """For the demo and for one machine: the key is made from SECRET_KEY, so that nothing has to be kept beside it."""

    def __init__(self) -> None:
        super().__init__([_own_key()])


class KeyFileVault:
    """A file of one key a line, newest first, read again whenever it changes: rotation needs no restart.

    With a KMS the lines are wrapped keys: `command wrap` and `command unwrap` turn one into the other, from standard
    input to standard output, once a process and key. What SECRET_KEY sealed before the file was there can still be
    opened, until a rotation has sealed it anew.
    """

    def __init__(self, path: Path, *, command: str = "") -> None:
        self._path = path
        self._command = command

    def __repr__(self) -> str:
        return f"<KeyFileVault {self._path}>"

    def seal(self, plain: bytes) -> bytes:
        """See Vault."""
        return self._ring().seal(plain)

    def unseal(self, sealed: bytes) -> bytes:
        """See Vault."""
        return self._ring().unseal(sealed)

    def is_current(self, sealed: bytes) -> bool:
        """See Vault."""
        return self._ring().is_current(sealed)

    def _ring(self) -> KeyRing:
        try:
            found = self._path.stat()
        except OSError as problem:
            raise VaultTrouble(
                f"the key file {self._path} cannot be read: restore it from your backup, or make the first one "
                "with `seta keys new`"
            ) from problem
        return _ring_of(str(self._path), self._command, found.st_mtime_ns, found.st_size, found.st_ino)


@lru_cache(maxsize=4)
def _ring_of(path: str, command: str, _changed_ns: int, _size: int, _inode: int) -> KeyRing:
    lines = read_lines(Path(path))
    keys = [_run(command, "unwrap", line) for line in lines] if command else lines
    return KeyRing([*_checked(keys, path), _own_key()])


def vault() -> Vault:
    """The vault that the settings choose: `key_file`, `kms` or `secret_key`. Raises VaultTrouble."""
    chosen: str = settings.VAULT
    if chosen == "secret_key":
        return SecretKeyVault()
    if chosen not in ("key_file", "kms"):
        raise VaultTrouble(f"SETA_VAULT is {chosen!r}: choose key_file, kms or secret_key")
    if chosen == "key_file" and settings.KEYS:
        return _ring_of_texts(settings.KEYS)
    if not settings.KEY_FILE:
        raise VaultTrouble("set SETA_KEY_FILE to the file of keys, or SETA_KEYS to the keys")
    return KeyFileVault(Path(settings.KEY_FILE), command=_kms_command())


@lru_cache(maxsize=2)
def _ring_of_texts(text: str) -> KeyRing:
    return KeyRing([*_checked(_lines(text.replace(",", "\n"), "SETA_KEYS"), "SETA_KEYS"), _own_key()])


def new_line() -> bytes:
    """A fresh key as the key file keeps it: in the clear, or wrapped by the KMS."""
    command = _kms_command()
    return _run(command, "wrap", new_key()) if command else new_key()


def read_lines(path: Path) -> list[bytes]:
    """The lines of a key file, newest key first; VaultTrouble when it may be read by others or holds none."""
    try:
        mode, text = path.stat().st_mode, path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as problem:
        raise VaultTrouble(f"the key file {path} cannot be read") from problem
    if mode & OWNER_ONLY:
        raise VaultTrouble(f"the key file {path} can be read by others: chmod 600 {path}")
    return _lines(text, str(path))


def write_keys(path: Path, keys: Sequence[bytes]) -> None:
    """Put a file of keys in place of the one that stands there, in one step and readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "wb") as file:
        file.write(b"".join(key + b"\n" for key in keys))
        file.flush()
        os.fsync(file.fileno())
    Path(temporary).replace(path)


def new_key() -> bytes:
    """A fresh key."""
    return Fernet.generate_key()


def _kms_command() -> str:
    command: str = settings.KMS_COMMAND
    if settings.VAULT != "kms":
        return ""
    if not command:
        raise VaultTrouble("set SETA_KMS_COMMAND to the program that wraps and unwraps keys")
    return command


def _run(command: str, verb: str, given: bytes) -> bytes:
    """What the KMS's program answers; its output may hold keys and is never told."""
    try:
        done = subprocess.run(
            [*shlex.split(command), verb],
            input=given,
            capture_output=True,
            timeout=KMS_SECONDS_MAX,
            check=True,
        )
    except (OSError, ValueError, subprocess.SubprocessError) as problem:
        kind = type(problem).__name__
        raise VaultTrouble(
            f"SETA_KMS_COMMAND could not {verb} a key ({kind}): run it by hand to see why"
        ) from None
    return done.stdout.strip()


def _lines(text: str, where: str) -> list[bytes]:
    lines = [line.strip() for line in text.splitlines()]
    keys = [line.encode() for line in lines if line and not line.startswith("#")]
    if not 1 <= len(keys) <= KEYS_MAX:
        raise VaultTrouble(f"{where} must hold 1 to {KEYS_MAX} keys, one a line")
    return keys


def _checked(keys: Sequence[bytes], where: str) -> Sequence[bytes]:
    for number, key in enumerate(keys, start=1):
        try:
            Fernet(key)
        except ValueError:
            raise VaultTrouble(f"{where}: key {number} is not 32 bytes in URL-safe base64") from None
    return keys


def _own_key() -> bytes:
    return base64.urlsafe_b64encode(subkey(settings.SECRET_KEY, "houses.secrets"))
