"""Hold a provider's bill against the books: whole or not at all, and twice the same as once."""

import tempfile
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from seta.houses.queries import AccountMissing
from seta.payments import cashiers
from seta.payments.models import Bill, ReconRun
from seta.payments.operations.recon import breaks, confirming, extracting, files, payouts
from seta.payments.operations.recon.breaks import assign_break, resolve_break
from seta.payments.operations.recon.chaining import Balances
from seta.payments.operations.recon.levels import hold_funds
from seta.payments.rules.matching import PROPOSALS, Category, Difference, Matching, classify
from seta.payments.rules.refusals import PaymentRefused, Refusal
from seta.payments.rules.states import ALIPAY, ANTOM, WECHATPAY
from seta.platforms.antom import settlement_table
from seta.platforms.core.bills import BillRefused
from seta.platforms.core.errors import Forged, PlatformError
from seta.platforms.core.tables import Engine, Loaded, engine

__all__ = [
    "BreakCard",
    "ReconCard",
    "assign_break",
    "close_day",
    "reconcile_bill",
    "reconcile_file",
    "resolve_break",
]

PROVIDER_NAMES = {"wechat": WECHATPAY, WECHATPAY: WECHATPAY, ALIPAY: ALIPAY, ANTOM: ANTOM}


@dataclass(frozen=True)
class BreakCard:
    """A difference found in a bill; amounts in fen, `gap` in minor units of `gap_currency`."""

    key: str
    category: str
    our_amount: int | None
    their_amount: int | None
    detail: str
    proposal: str
    gap: int = 0
    gap_currency: str = "CNY"
    their_fee: int | None = None


@dataclass(frozen=True)
class ReconCard:
    """One bill held against the books; `is_new` is false when this very file had been before.

    `funds` is the same day's fund bill held beside it, `funds_problem` why there is none although there should be.
    """

    run_id: int
    provider: str
    bill_on: date
    sha256: str
    rows: int
    counts: dict[str, int]
    breaks: tuple[BreakCard, ...]
    is_new: bool
    kind: str = "trade"
    funds: "ReconCard | None" = None
    funds_problem: str = ""

    def as_json(self) -> dict[str, Any]:
        """The form that `seta payments reconcile` writes."""
        return {
            "provider": self.provider,
            "kind": self.kind,
            "date": self.bill_on.isoformat(),
            "sha256": self.sha256,
            "rows": self.rows,
            "categories": self.counts,
            "breaks": [asdict(one) for one in self.breaks],
            "new": self.is_new,
        }


def close_day(*, house_id: int, provider: str, day: date, now: datetime) -> ReconCard:
    """Fetch a provider's trade bill of a Beijing day, and its fund bill where it has one, and reconcile them.

    Ready from 10:00 the day after. Raises PlatformError when there is no bill yet, PaymentRefused: BAD_BILL when it
    does not hold, BILL_BY_HAND where somebody has to bring the file and nobody has.
    """
    name = PROVIDER_NAMES[provider]
    desk = cashiers.cashier(house_id, name)
    try:
        content = desk.fetch_bill(day)
    except cashiers.BillByHand as problem:
        return _brought(house_id, name, day, str(problem))
    except (BillRefused, Forged) as problem:
        _refuse_unread(house_id, name, day, str(problem), now)
        raise PaymentRefused(Refusal.BAD_BILL, str(problem)) from problem
    card = reconcile_bill(house_id=house_id, provider=provider, day=day, content=content, now=now)
    return _with_funds(card, desk, house_id, name, day, now)


def _with_funds(
    card: ReconCard, desk: cashiers.Cashier, house_id: int, provider: str, day: date, now: datetime
) -> ReconCard:
    """The trade bill stands whatever becomes of the fund bill, which is told beside it."""
    try:
        content = desk.fetch_funds(day)
    except (BillRefused, Forged) as problem:
        _refuse_unread(house_id, provider, day, str(problem), now)
        return replace(card, funds_problem=str(problem))
    except PlatformError as problem:
        return replace(card, funds_problem=str(problem))
    if content is None:
        return card
    try:
        funds = reconcile_bill(house_id=house_id, provider=provider, day=day, content=content, now=now)
    except PaymentRefused as refusal:
        return replace(card, funds_problem=refusal.detail)
    return replace(card, funds=funds)


def _brought(house_id: int, provider: str, day: date, reason: str) -> ReconCard:
    """What came of the file that somebody has uploaded for a day."""
    rows = Bill.objects.filter(house_id=house_id, provider=provider, bill_on=day).select_related("run")
    found = rows.order_by("-id").first()
    if found is None:
        raise PaymentRefused(Refusal.BILL_BY_HAND, reason)
    return _card(found.run, is_new=False)


@transaction.atomic
def _refuse_unread(house_id: int, provider: str, day: date, reason: str, now: datetime) -> None:
    """A file that never came in whole, so that there is none to keep: a break of its day."""
    key = f"FILE:{provider}:{day}"
    category = Category.FILE_ERROR
    found = Difference(key, category, None, None, reason, PROPOSALS[category])
    breaks.open_breaks(
        house_id=house_id, provider=provider, found_on=day, differences=[found], run=None, now=now
    )


def reconcile_bill(*, house_id: int, provider: str, day: date, content: bytes, now: datetime) -> ReconCard:
    """Check, keep and match one bill in one transaction; the same file again changes nothing.

    A file that does not hold is kept, opens a break of its own, and raises PaymentRefused(BAD_BILL).
    """
    with files.as_file(content) as path:
        return _reconcile(house_id, PROVIDER_NAMES[provider], path, day, now)


def reconcile_file(
    *, house_id: int, provider: str, path: Path, now: datetime, day: date | None = None
) -> dict[str, Any]:
    """Reconcile a bill that somebody has as a file; its day is the one most of its lines are of, unless given."""
    return _reconcile(house_id, PROVIDER_NAMES[provider], path, day, now).as_json()


def refused_json(provider: str, reason: str) -> dict[str, Any]:
    """What `seta payments reconcile` writes of a file that was refused whole."""
    detail = Difference("FILE", Category.FILE_ERROR, None, None, reason, PROPOSALS[Category.FILE_ERROR])
    return {
        "provider": PROVIDER_NAMES[provider],
        "rows": 0,
        "categories": {Category.FILE_ERROR.value: 1},
        "breaks": [asdict(detail)],
        "refused": reason,
    }


def _reconcile(house_id: int, provider: str, path: Path, day: date | None, now: datetime) -> ReconCard:
    try:
        with tempfile.TemporaryDirectory(prefix="seta-recon-") as name, engine(Path(name)) as made:
            return _hold(made, Path(name), house_id, provider, path, day, now)
    except BillRefused as problem:
        _refuse(house_id, provider, path, str(problem), day, now)
        raise PaymentRefused(Refusal.BAD_BILL, str(problem)) from problem


def _standing(house_id: int, provider: str, sha256: str, day: date | None) -> ReconCard | None:
    known = Bill.objects.filter(house_id=house_id, provider=provider, sha256=sha256)
    found = (known if day is None else known.filter(bill_on=day)).select_related("run").first()
    return None if found is None else _card(found.run, is_new=False)


def _hold(
    made: Engine,
    folder: Path,
    house_id: int,
    provider: str,
    path: Path,
    day: date | None,
    now: datetime,
) -> ReconCard:
    kind, balances = files.kind_of(provider, path, folder), Balances(None, None)
    # In a thread beside this one, which takes the books from the database: the file is read, packed and digested.
    with ThreadPoolExecutor(1) as beside:
        reading = beside.submit(files.load, kind, made.cursor(), provider, path, folder)
        packed, digest = beside.submit(files.packed, path), beside.submit(files.digest, path)
        if kind == files.FUND:
            loaded = reading.result()
            found, on, balances = hold_funds(made, house_id=house_id, provider=provider, day=day)
        else:
            loaded, on = _beside_books(made, reading, house_id, provider, path, day)
            found = classify(made, _merchants(made, house_id, provider))
        (content, packing), sha256 = packed.result(), digest.result()
    standing = _standing(house_id, provider, sha256, day)
    if standing is not None:
        return standing
    with transaction.atomic():
        bill = Bill.objects.create(
            house_id=house_id,
            provider=provider,
            kind=loaded.kind,
            bill_on=on,
            sha256=sha256,
            content=content,
            packing=packing,
            row_count=loaded.rows,
            opening=balances.opening,
            closing=balances.closing,
            received_at=now,
        )
        run = _keep(bill, found, now)
        if provider == ANTOM:
            payouts.keep_payouts(house_id=house_id, provider=provider, told=_net_of(made, on), now=now)
            payouts.hold_banked(house_id=house_id, now=now)
        if kind != files.FUND:
            confirming.confirm(made, run)
        confirming.close_explained(made, house_id=house_id, provider=provider, now=now)
    return _card(run, is_new=True)


def _net_of(made: Engine, on: date) -> list[cashiers.PaidOut]:
    """What Antom pays out for the loaded settlement file."""
    return [
        cashiers.PaidOut(reference=batch, currency=currency, amount=amount, settled_on=on)
        for (batch, currency), amount in settlement_table.net(made).items()
    ]


def _keep(bill: Bill, found: Matching, now: datetime) -> ReconRun:
    run = ReconRun.objects.create(
        bill=bill, counts=found.counts, differences=[asdict(one) for one in found.differences], ran_at=now
    )
    breaks.open_breaks(
        house_id=bill.house_id,
        provider=bill.provider,
        found_on=bill.bill_on,
        differences=found.differences,
        run=run,
        now=now,
    )
    return run


def _beside_books(
    made: Engine, reading: Future[Loaded], house_id: int, provider: str, path: Path, day: date | None
) -> tuple[Loaded, date]:
    """The books of the file's day, or of the day it begins with, taken while the file is read."""
    guess = day or files.first_day(path)
    if guess is not None:
        extracting.extract(made, house_id=house_id, provider=provider, day=guess)
    loaded = reading.result()
    on = day or files.main_day(made)
    if on is None:
        raise BillRefused("an empty bill does not say its day: give it")
    if on != guess:
        extracting.extract(made, house_id=house_id, provider=provider, day=on)
    return loaded, on


def _merchants(made: Engine, house_id: int, provider: str) -> frozenset[str]:
    """The numbers under which lines are the house's; whatever the file names where the house says no number."""
    try:
        known = cashiers.merchants_in_bill(house_id, provider)
    except AccountMissing:
        known = frozenset({""})
    if known != {""}:
        return known
    return frozenset(row[0] for row in made.execute("SELECT DISTINCT merchant FROM bill").fetchall())


@transaction.atomic
def _refuse(house_id: int, provider: str, path: Path, reason: str, day: date | None, now: datetime) -> None:
    row, is_new = files.keep_refused(
        house_id=house_id, provider=provider, path=path, reason=reason, day=day, now=now
    )
    if is_new:
        assert row.bill_on is not None
        difference = Difference(
            f"FILE:{row.sha256[:40]}", Category.FILE_ERROR, None, None, reason, PROPOSALS[Category.FILE_ERROR]
        )
        breaks.open_breaks(
            house_id=house_id,
            provider=provider,
            found_on=row.bill_on,
            differences=[difference],
            run=None,
            now=now,
        )


def _card(run: ReconRun, *, is_new: bool) -> ReconCard:
    bill = run.bill
    known = BreakCard.__dataclass_fields__
    told: list[Mapping[str, Any]] = run.differences
    return ReconCard(
        run_id=run.pk,
        provider=bill.provider,
        bill_on=bill.bill_on,
        sha256=bill.sha256,
        rows=bill.row_count,
        counts=dict(run.counts),
        breaks=tuple(BreakCard(**{name: one[name] for name in known if name in one}) for one in told),
        is_new=is_new,
        kind=bill.kind,
    )
