"""The sandbox fixture for these tests."""

from tests.sandbox_server import sandbox, sandbox_process

__all__ = ["sandbox", "sandbox_process"]
