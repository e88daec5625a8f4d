"""django-oscar under the rush: its own pages behind gunicorn, on a durable PostgreSQL of its own."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.peers.homes import clean_environment, home, world
from bench.peers.peer import Peer, Shop
from bench.peers.rush import Visitor
from bench.peers.servers import running
from tools.postgres import free_port, private_cluster

WORLD = "bench.peers.oscar_shop.world"
WORKERS = 5
"""Twice the cores and one, as gunicorn's manual advises, on two cores."""


@dataclass(frozen=True)
class _Oscar:
    """The shop on its port, and what its own programs need to run."""

    port: int
    python: Path
    environment: Mapping[str, str]

    def offer(self, pieces: int) -> str:
        """A product with so many in stock; gives its number."""
        return str(world(self.python, WORLD, self.environment, "offer", str(pieces))["piece"])

    def buy(self, piece: str, number: int) -> bool:
        """Into the basket, an address for the receipt, no shipping needed, the order: a guest's four requests."""
        visitor = Visitor(self.port)
        visitor.post(f"/basket/add/{piece}/", {"quantity": "1"})
        form = {"username": f"buyer{number}@example.org", "options": "anonymous"}
        if "/checkout/" not in visitor.post("/checkout/", form).location:
            return False
        visitor.get("/checkout/shipping-method/")
        return "thank-you" in visitor.post("/checkout/preview/", {"action": "place_order"}).location

    def allocated(self, piece: str) -> int:
        """Pieces in the orders that it kept."""
        return int(world(self.python, WORLD, self.environment, "read", piece)["allocated"])


@contextmanager
def _open() -> Iterator[Shop]:
    python = home("oscar")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="seta-oscar-")))
        environment = {
            **clean_environment(),
            "PEER_DATABASE_URL": stack.enter_context(private_cluster(durable=True)),
            "DJANGO_SETTINGS_MODULE": "bench.peers.oscar_shop.settings",
        }
        world(python, WORLD, environment, "make")
        port = free_port()
        command = [str(python), "-m", "gunicorn", "--workers", str(WORKERS), "--timeout", "120"]
        command += ["--bind", f"127.0.0.1:{port}", "--log-level", "error"]
        command += ["django.core.wsgi:get_wsgi_application()"]
        stack.enter_context(running(command, environment=environment, log=folder / "log", port=port))
        yield _Oscar(port, python, environment)


OSCAR = Peer("django-oscar 4.2.1", "a guest's order, 4 requests", _open)
