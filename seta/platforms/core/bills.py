"""What provider bills have in common: exact decimals, control totals, and refusal of the whole file."""

import io
import zipfile
import zlib
from datetime import UTC, datetime, timedelta, timezone

BILL_BYTES_MAX = 1024 * 1024 * 1024
_POWERS = (1, 10, 100, 1_000, 10_000, 100_000)
BEIJING = timezone(timedelta(hours=8), "CST")


class BillRefused(ValueError):
    """A bill that is cut short, malformed or contradicts its own totals: none of its rows may be used."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(f"line {line}: {reason}" if line else reason)
        self.line = line


def scaled(text: str, digits: int, line: int = 0) -> int:
    """Read a decimal as an integer of 10^-digits, exactly: fen with 2, a hundred-thousandth with 5."""
    # By hand rather than by pattern: a bill of a million rows has eight million amounts.
    amount = text.strip()
    whole, point, fraction = amount.removeprefix("-").partition(".")
    plain = amount.isascii() and whole.isdecimal() and (fraction.isdecimal() or not point)
    if not plain or len(amount) > 22:
        raise BillRefused(f"{text[:40]!r} is not an amount", line)
    fraction = fraction.rstrip("0")
    if len(fraction) > digits:
        raise BillRefused(f"{text[:40]!r} has more than {digits} decimals", line)
    value: int = int(whole) * _POWERS[digits] + int(fraction.ljust(digits, "0") or "0")
    return -value if amount[0] == "-" else value


def beijing_time(text: str, line: int = 0) -> datetime:
    """Read `YYYY-MM-DD HH:MM:SS` of Beijing as an aware UTC instant."""
    stamp = text.strip()
    try:
        if len(stamp) == len("YYYY-MM-DD HH:MM:SS"):
            return datetime.fromisoformat(stamp).replace(tzinfo=BEIJING).astimezone(UTC)
    except ValueError:
        pass
    raise BillRefused(f"{text[:40]!r} is not a time", line)


def unzipped(content: bytes) -> bytes:
    """Undo gzip if the content is gzip, within the size limit."""
    if not content.startswith(b"\x1f\x8b"):
        return content
    inflater = zlib.decompressobj(wbits=31)
    try:
        plain = inflater.decompress(content, BILL_BYTES_MAX)
    except zlib.error as error:
        raise BillRefused(f"the gzip file is broken: {error}") from error
    if not inflater.eof:
        raise BillRefused("the gzip file is cut short or too large")
    return plain


def zip_members(content: bytes) -> list[tuple[str, bytes]]:
    """Return names and contents of a zip whose names may be GBK, within the size limit."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            if sum(info.file_size for info in infos) > BILL_BYTES_MAX:
                raise BillRefused("the zip file is too large")
            return [(member_name(info), archive.read(info)) for info in infos]
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError) as error:
        raise BillRefused(f"the zip file is broken: {error}") from error


def require_total(name: str, written: int, counted: int) -> None:
    """Refuse the file when a control total is not the sum of its rows."""
    if written != counted:
        raise BillRefused(f"{name} says {written}, the rows make {counted}")


def member_name(info: zipfile.ZipInfo) -> str:
    """The name of a member of a zip, which is GBK unless it says that it is UTF-8."""
    utf8_flag = 0x800
    if info.flag_bits & utf8_flag:
        return info.filename
    return info.filename.encode("cp437").decode("gbk", "replace")
