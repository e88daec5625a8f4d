"""A provider's file on its way in: read as a table, or refused whole with a sentence; kept as it came either way."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa

from seta.kit.clock import beijing_day
from seta.payments.models import Bill, RefusedBill
from seta.payments.rules.matching import gather
from seta.payments.rules.states import ALIPAY, ANTOM, WECHATPAY
from seta.platforms.alipay import bill_table as alipay
from seta.platforms.antom import settlement_table as antom
from seta.platforms.core.bills import BillRefused
from seta.platforms.core.tables import Engine, Loaded, edges, first, plain
from seta.platforms.wechatpay import bill_table as wechatpay

# Up to here a file is kept as plain bytes, which any tool opens; a larger one is packed.
PLAIN_BYTES_MAX = 1 << 20
ZSTD = "zstd"
FUND = "fund"


@contextmanager
def as_file(content: bytes) -> Iterator[Path]:
    """Content as a file for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="seta-bill-") as folder:
        path = Path(folder) / "bill"
        path.write_bytes(content)
        yield path


def kind_of(provider: str, path: Path, folder: Path) -> str:
    """Which of the provider's files this is; BillRefused for one that is none of them."""
    if path.stat().st_size == 0:
        raise BillRefused("the file is empty")
    if provider != WECHATPAY:
        return "trade" if provider == ALIPAY else "settlement"
    return wechatpay.kind_of(plain(path, folder))


def load(kind: str, engine: Engine, provider: str, path: Path, folder: Path) -> Loaded:
    """Leave the tables `bill` and `twice`, or `fund` of a fund bill; BillRefused when anything is off."""
    if kind == FUND:
        return wechatpay.load_fund(engine, plain(path, folder))
    loaded = _load(engine, provider, path, folder)
    gather(engine)
    return loaded


def _load(engine: Engine, provider: str, path: Path, folder: Path) -> Loaded:
    if provider == ALIPAY:
        return alipay.load(engine, path, folder)
    if provider == ANTOM:
        return antom.load(engine, plain(path, folder), folder, name=path.name)
    return wechatpay.load(engine, plain(path, folder))


def first_day(path: Path) -> date | None:
    """The day of the first line of a plain file, to guess by; None when it does not say."""
    lines = edges(path)[0].split(b"\n", 2)
    try:
        return date.fromisoformat(lines[1][1:11].decode())
    except (IndexError, ValueError):
        return None


def main_day(engine: Engine) -> date | None:
    """The day that most lines of the loaded table are of."""
    found = first(engine, "SELECT CAST(mode(CAST(happened_at AS DATE)) AS VARCHAR) FROM bill")
    return date.fromisoformat(found[0]) if found and found[0] else None


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def packed(path: Path) -> tuple[bytes, str]:
    """What of a file is kept, and how it is packed."""
    if path.stat().st_size <= PLAIN_BYTES_MAX:
        return path.read_bytes(), ""
    with pa.memory_map(str(path)) as source:
        content: bytes = pa.Codec(ZSTD, compression_level=1).compress(source.read_buffer(), asbytes=True)
    return content, ZSTD


def unpacked(bill: Bill | RefusedBill, size: int) -> bytes:
    """The file as it came; `size` in bytes is what it may have."""
    content = bytes(bill.content)
    if bill.packing != ZSTD:
        return content
    with pa.CompressedInputStream(pa.BufferReader(content), ZSTD) as source:
        found: bytes = source.read(size)
    return found


def keep_refused(
    *, house_id: int, provider: str, path: Path, reason: str, day: date | None, now: datetime
) -> tuple[RefusedBill, bool]:
    """Keep a refused file once, inside the caller's transaction; says whether it is new."""
    sha256 = digest(path)
    standing = RefusedBill.objects.filter(house_id=house_id, provider=provider, sha256=sha256).first()
    if standing is not None:
        return standing, False
    content, packing = packed(path)
    row = RefusedBill.objects.create(
        house_id=house_id,
        provider=provider,
        bill_on=day or beijing_day(now),
        sha256=sha256,
        content=content,
        packing=packing,
        reason=reason[:300],
        received_at=now,
    )
    return row, True
