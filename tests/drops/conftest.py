"""The sandbox, for the tests of drops that talk to platforms."""

from tests.sandbox_server import sandbox, sandbox_process

__all__ = ["sandbox", "sandbox_process"]
