"""`seta doctor`: each connection and promise, green or red, and what to do about the red ones."""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from rich.console import Console

from seta.callbacks import queries as callbacks
from seta.events import queries as events
from seta.houses import queries as houses
from seta.oversight.operations import examine_archive
from seta.platforms.core.errors import PlatformError
from seta.site.commands.command import Command, write_json
from seta.site.commands.init import check_account


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `advice` is empty when it is well."""

    what: str
    ok: bool
    found: str
    advice: str = ""


def arguments(parser: argparse.ArgumentParser) -> None:
    """`--json` prints the findings as one object."""
    parser.add_argument("--json", nargs="?", const="-", metavar="FILE", help="write the findings as JSON")


def run(args: argparse.Namespace) -> int:
    """Exit code 1 when anything is red."""
    findings = list(examine())
    ok = all(finding.ok for finding in findings)
    if args.json:
        now = datetime.now(UTC)
        write_json({"ok": ok, "at": now, "findings": [asdict(finding) for finding in findings]}, args.json)
        return 0 if ok else 1
    console = Console()
    for finding in findings:
        mark = "[green]✓[/]" if finding.ok else "[red]✗[/]"
        console.print(f"{mark} {finding.what}: {finding.found}", highlight=False)
        if finding.advice:
            console.print(f"    → {finding.advice}", highlight=False)
    return 0 if ok else 1


def examine() -> Iterator[Finding]:
    """Look at everything, one thing after the other; a red one does not hide the next."""
    yield _look("data folder", _folder)
    database = _look("database", _database)
    yield database
    if not database.ok:
        return
    yield _look("deliveries", _deliveries)
    yield _look("messages waiting for their handler", _unhandled)
    for house in houses.houses():
        try:
            accounts = houses.accounts(house.id)
        except InvalidToken:
            advice = "SETA_SECRET_KEY is not the one the accounts were sealed with: restore it"
            yield Finding(f"{house.code} accounts", False, "their secrets cannot be opened", advice)
            continue
        if not accounts:
            advice = "connect one with `seta init`"
            yield Finding(f"{house.code} accounts", False, "no platform account", advice)
        for account in accounts:
            yield _account(house.id, f"{house.code} {account.family}", account.family)
        if any(account.family == "wecom" for account in accounts):
            yield from _archive(house.id, house.code)


def _look(what: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except (OSError, DatabaseError) as problem:
        return Finding(what, False, f"{type(problem).__name__}: {problem}", "see the server's log")


def _folder() -> Finding:
    probe = settings.VAR_DIR / ".writable"
    probe.touch()
    probe.unlink()
    return Finding("data folder", True, f"{settings.VAR_DIR} can be written")


def _database() -> Finding:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return Finding("database", False, f"{len(waiting)} migrations are waiting", "run `seta migrate`")
    return Finding("database", True, f"{connection.vendor} at this version")


def _deliveries() -> Finding:
    backlog = events.backlog()
    found = f"{backlog.waiting} waiting, {backlog.resting} resting, {backlog.done} done"
    if backlog.resting:
        first = events.resting(1)[0]
        return Finding("deliveries", False, found, f"{first.handler} failed: {first.error[:160]}")
    return Finding("deliveries", True, found)


def _unhandled() -> Finding:
    count = callbacks.unhandled()
    advice = "the worker retries them; the log says why they failed" if count else ""
    return Finding("messages waiting for their handler", count == 0, str(count), advice)


def _account(house_id: int, what: str, family: str) -> Finding:
    try:
        return Finding(what, True, check_account(house_id, family))
    except PlatformError as problem:
        return Finding(what, False, str(problem), _advice(problem))


def _archive(house_id: int, code: str) -> Iterator[Finding]:
    """Each step of the conversation archive, so that one which is silently empty says why."""
    for step in examine_archive(house_id=house_id, now=datetime.now(UTC)):
        yield Finding(f"{code} archive: {step.name}", step.ok, step.found, step.advice)


def _advice(problem: PlatformError) -> str:
    return {
        "auth": "check the account's identifier and secret, and that this server's address is on its allow-list",
        "unreachable": "the platform cannot be reached from here: check the network and the base address",
        "denied": "the platform refuses this call: check the account's permissions in its console",
        "forged": "the answer is not signed by the key we know: check the platform keys of this account",
    }.get(str(problem.kind), "the platform's own words are above")


COMMAND = Command("look at every connection and promise, and say what to do", arguments, run)
