"""A seeded Seta server beside a real sandbox, each in a process of its own, for tests that want the whole wire."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from seta.site.demo.world import World
from tests.templates import demo_place


@dataclass
class RunningSeta:
    """`base_url` answers for Seta, `sandbox_url` for the platforms and the phone; `config` is the sandbox's."""

    base_url: str
    sandbox_url: str
    config: dict[str, Any]
    world: World
    client: httpx.Client

    def control(self, action: str, **body: Any) -> dict[str, Any]:
        """Run a control action of the sandbox."""
        response = self.client.post(f"{self.sandbox_url}/_control/{action}", json=body)
        assert response.status_code == 200, f"{action}: {response.status_code} {response.text}"
        answer: dict[str, Any] = response.json()
        return answer


@contextmanager
def running_seta(tmp_path: Path, *, database_url: str = "") -> Iterator[RunningSeta]:
    """A copy of the seeded demo world, connected, on free ports, gone when the block ends.

    With `database_url`, its records are in a database of its own on that PostgreSQL server.
    """
    with demo_place(tmp_path / "world", cluster_url=database_url) as place:
        world = World(place)
        try:
            world.start_sandbox(seed=1)
            world.start_server()
            world.run("seed", "--sandbox", str(place.config_path), "--connect", place.seta_url)
            with httpx.Client(trust_env=False, timeout=20) as client:
                yield RunningSeta(place.seta_url, place.sandbox_url, world.config(), world, client)
        finally:
            world.stop()
