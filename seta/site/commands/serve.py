"""`seta serve`: web pages, API, gate and callback doors, with the worker in the embedded default."""

import argparse
import os
import signal
import socket

from django.conf import settings
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from seta.site.commands.command import Command
from seta.site.trouble import Trouble

STOPPING = (signal.SIGINT, signal.SIGTERM)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen, and with how many processes."""
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8800)
    parser.add_argument("--workers", type=int, default=1, help="server processes (PostgreSQL only above 1)")


def run(args: argparse.Namespace) -> int:
    """Serve until told to stop."""
    refuse_busy_port(args.host, args.port)
    if args.workers > 1:
        if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
            raise Trouble(
                "SQLite has one writer: use --workers 1, or set DATABASE_URL to a PostgreSQL database"
            )
        os.environ["SETA_EMBEDDED_WORKER"] = "0"
    os.register_at_fork(before=_hold_signals, after_in_parent=_let_signals, after_in_child=_end_when_told)
    server = Granian(
        "seta.site.asgi:app",
        address=args.host,
        port=args.port,
        interface=Interfaces.ASGI,
        workers=args.workers,
        log_access=False,
        websockets=False,
        log_level=LogLevels.warning,
    )
    server.serve()
    return 0


def _end_when_told() -> None:
    """Let a server process that still imports end at a signal: it would only note it for granian, whose fork it is."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_DFL)
    _let_signals()


def _hold_signals() -> None:
    """Keep a signal waiting while the process forks: its fork forgets one that comes before it has its own handlers."""
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)


def _let_signals() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)


def refuse_busy_port(host: str, port: int) -> None:
    """Say so when another process listens there: two servers would share the port unseen."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        if probe.connect_ex((host, port)) == 0:
            raise Trouble(f"port {port} on {host} is in use: stop what listens there or give another --port")


COMMAND = Command("serve web pages, API, gate and callback doors (and the worker)", arguments, run)
