"""A process that runs the real payment operations one after the other, as told on its input, until it is killed.

A line in is a JSON object (`do`, `args`, `now`, `stop`), a line out its outcome. With `stop` the process says so and
stands still for ever when it reaches that point: after a statement of SQL, before a request leaves, or when an answer
has come. Django and httpx offer these as hooks to whoever runs them; the operations know nothing of it.

Started once, it forks a process for each connection to its socket, so that a new one costs no second start of Django:
a hand, or, when that is the first line in, the real server (granian, with everything it imports loaded already).
"""

import importlib
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

os.environ.setdefault("SETA_LOG_LEVEL", "ERROR")

from seta.site.boot import boot

boot()

import structlog  # noqa: E402  Django is ready only now
from django.conf import settings  # noqa: E402
from django.db import connection, connections  # noqa: E402
from granian import Granian  # noqa: E402
from granian.constants import Interfaces  # noqa: E402
from granian.log import LogLevels  # noqa: E402

from seta.events.operations import deliver_due  # noqa: E402
from seta.houses import queries as houses  # noqa: E402
from seta.houses.operations import connect_account, found_house  # noqa: E402
from seta.payments import operations as pay  # noqa: E402
from seta.payments.rules.refusals import PaymentRefused  # noqa: E402
from seta.people.operations import recognise  # noqa: E402
from seta.people.rules import IdentityKey  # noqa: E402
from seta.platforms.core.errors import PlatformError  # noqa: E402
from seta.platforms.core.http import shared_client  # noqa: E402
from seta.site.preparing import prepare as migrate  # noqa: E402
from tests.storm import audit  # noqa: E402

Outcome = dict[str, Any]
ACCOUNTS = (
    ("wechatpay", "wechat", "mchid"),
    ("alipay", "alipay", "appid"),
    ("antom", "antom", "client_id"),
)
"""Family, the section of the sandbox's config, and what an account is called there."""


def found(now: datetime, *, config: dict[str, Any], base_url: str, code: str = "storm", **terms: Any) -> int:
    """A house with the sandbox's accounts, a fixed rate for the euro and its terms; returns its id."""
    house_id = found_house(code=code, name="Storm", kind="maison")
    for family, section, name in ACCOUNTS:
        mine = config[section]
        connect_account(
            house_id=house_id,
            family=family,
            app_id=mine[name],
            base_url=base_url,
            secrets={key: str(value) for key, value in mine.items()},
            settings={"merchant_id": mine["merchant_id"]} if family == "antom" else {},
            now=now,
        )
    return _with_terms(house_id, now, **terms)


def found_abroad(now: datetime, *, config: dict[str, Any], base_url: str) -> int:
    """A house that an institution outside China serves: WeChat Pay's cross-border endpoints and nothing else."""
    mine = config["wechat"]
    house_id = found_house(code="abroad", name="Storm abroad", kind="maison")
    connect_account(
        house_id=house_id,
        family="wechatpay",
        app_id=mine["sub_mchid"],
        base_url=base_url,
        secrets={key: str(value) for key, value in mine.items()},
        settings={
            "mode": "global_institution",
            "category": "5651",
            "sp_mchid": mine["mchid"],
            "sp_appid": mine["appid"],
        },
        now=now,
    )
    return _with_terms(house_id, now)


def _with_terms(house_id: int, now: datetime, **terms: Any) -> int:
    pay.set_rate(house_id=house_id, currency="EUR", scaled=12_782_072, now=now)
    pay.set_terms(house_id=house_id, now=now, second_person_above=10**9, **terms)
    return house_id


def run_sql(now: datetime, *, statement: str) -> list[Any]:
    """Rows of a statement, for what a test wants to see and no query tells."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [list(row) for row in cursor.fetchall()] if cursor.description else []


def deliver(now: datetime) -> int:
    """Deliver everything that is due."""
    total = 0
    while taken := deliver_due(now=now):
        total += taken
    return total


def many(now: datetime, *, steps: list[dict[str, Any]]) -> list[Outcome]:
    """Several steps, each with its own outcome."""
    return [attempt(step) for step in steps]


ACTIONS: dict[str, Callable[..., Any]] = {
    "migrate": lambda now: migrate(),
    "found": found,
    "found_abroad": found_abroad,
    "recognise": lambda now, house_id, app, openid: recognise(
        house_id=house_id, identities=[IdentityKey("openid", app, openid)], now=now
    ),
    "make_static_code": lambda now, **args: pay.make_static_code(now=now, settle_currency="EUR", **args),
    "open_at_code": lambda now, **args: pay.open_at_code(now=now, **args),
    "sql": run_sql,
    "deliver": deliver,
    "many": many,
    "books": audit.books,
    "payments": audit.payments,
    "open_intent": lambda now, **args: pay.open_intent(now=now, **args),
    "prepay": lambda now, **args: pay.prepay(now=now, **args),
    "show_qr": lambda now, **args: pay.show_qr(now=now, **args),
    "pay_barcode": lambda now, **args: pay.pay_barcode(now=now, **args),
    "poll_barcode": lambda now, **args: pay.poll_barcode(now=now, **args),
    "refresh": lambda now, **args: pay.refresh(now=now, **args),
    "cancel": lambda now, **args: pay.cancel(now=now, **args),
    "refund": lambda now, **args: pay.refund(now=now, **args),
    "resend_refund": lambda now, **args: pay.resend_refund(now=now, **args),
    "query_unknown": lambda now: pay.query_unknown(now),
    "close_day": lambda now, day, **args: pay.close_day(now=now, day=date.fromisoformat(day), **args),
    "reconcile_bill": lambda now, day, content, **args: pay.reconcile_bill(
        now=now, day=date.fromisoformat(day), content=bytes.fromhex(content), **args
    ),
    "book_conversion": lambda now, day, **args: pay.book_conversion(
        now=now, day=date.fromisoformat(day), **args
    ),
    "settle": lambda now, day, **args: pay.settle(now=now, day=date.fromisoformat(day), **args),
    "resolve_break": lambda now, **args: pay.resolve_break(now=now, **args),
    "confirm_settlement": lambda now, **args: pay.confirm_settlement(now=now, **args),
    "set_rate": lambda now, **args: pay.set_rate(now=now, **args),
    "set_terms": lambda now, **args: pay.set_terms(now=now, **args),
    "account_id": lambda now, house_id, family: houses.account(house_id, family).id,
}


def stand_still(point: str) -> None:
    """Say where this process is, and wait to be killed."""
    say({"stopped": point})
    while True:
        signal.pause()


@contextmanager
def stopping(stop: dict[str, str] | None, base_url: str) -> Iterator[None]:
    """Stand still at `stop`, which has one key, and a part of the text or address that is meant.

    `before_sql` and `sql` are a statement about to run and one just run, `request` and `response` a call's two ends.
    """
    if stop is None:
        yield
        return

    def after(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if stop.get("before_sql", sql + "?") in sql:
            stand_still(f"before_sql {stop['before_sql']}")
        done = execute(sql, params, many, context)
        if stop.get("sql", sql + "?") in sql:
            stand_still(f"sql {stop['sql']}")
        return done

    def heard(message: Any) -> None:
        request = getattr(message, "request", message)
        kind = "request" if request is message else "response"
        if kind in stop and stop[kind] in str(request.url):
            stand_still(f"{kind} {stop[kind]}")

    client = shared_client(base_url)
    before = client.event_hooks
    client.event_hooks = {"request": [heard], "response": [heard]}
    try:
        if "sql" in stop or "before_sql" in stop:
            with connection.execute_wrapper(after):
                yield
        else:
            yield
    finally:
        client.event_hooks = before


def attempt(step: dict[str, Any]) -> Outcome:
    """Run one step and say what came of it; what nobody expects is told with its traceback's last line."""
    now = datetime.fromisoformat(step["now"]) if step.get("now") else datetime.now(UTC)
    try:
        with stopping(step.get("stop"), "http://127.0.0.1"):
            result = ACTIONS[step["do"]](now, **step.get("args", {}))
    except PaymentRefused as refusal:
        return {"refused": refusal.code.value, "detail": refusal.detail}
    except PlatformError as problem:
        return {"platform": problem.kind.value, "code": problem.code}
    except Exception as problem:
        return {"failed": f"{type(problem).__name__}: {problem}"}
    return {"done": plain(result)}


def plain(value: Any) -> Any:
    """Cards as objects, instants as text."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return value


def say(outcome: Outcome) -> None:
    """Write one line to whoever gives the orders."""
    print(json.dumps(outcome, default=str), flush=True)


def work() -> None:
    """Do what the lines of the input say until it ends."""
    say({"done": os.getpid()})
    for line in sys.stdin:
        order = json.loads(line)
        if order["do"] == "serve":
            serve(**order["args"])
        say(attempt(order))


def serve(*, app: str, port: int, log: str, has_worker: bool) -> None:
    """Become the server: a process group of its own, whose death its socket tells; never returns."""
    os.setsid()
    with Path(log).open("ab") as out:
        os.dup2(out.fileno(), 1)
        os.dup2(out.fileno(), 2)
    settings.EMBEDDED_WORKER = has_worker
    connections.close_all()
    say({"done": os.getpid()})
    sys.stdout = sys.stderr = Path(log).open("a", buffering=1)  # noqa: SIM115  until the process ends
    Granian(
        app,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.ASGI,
        workers=1,
        log_access=False,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve()
    os._exit(0)


def main() -> None:
    """Fork a hand for each connection to the Unix socket at `sys.argv[1]`, until killed."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    # What a server would import at its start and at its first request.
    for name in ("seta.callbacks.doors", "seta.site.urls"):
        importlib.import_module(name)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(sys.argv[1])
        door.listen(16)
        while True:
            line, _ = door.accept()
            if os.fork() == 0:
                door.close()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                with line.makefile("r") as orders, line.makefile("w") as words:
                    sys.stdin, sys.stdout = orders, words
                    work()
                os._exit(0)
            line.close()


if __name__ == "__main__":
    main()
