"""A seeded Seta server beside a real sandbox, each in a process of its own, for tests that want the whole wire."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from seta.site.demo.world import Place, World, free_port


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
    """A fresh world with the demo data on free ports, gone when the block ends."""
    world = World(Place(tmp_path / "world", free_port(), free_port(), database_url))
    try:
        world.start()
        with httpx.Client(trust_env=False, timeout=20) as client:
            yield RunningSeta(world.place.seta_url, world.place.sandbox_url, world.config(), world, client)
    finally:
        world.stop()
