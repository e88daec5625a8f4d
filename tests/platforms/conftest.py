"""A sandbox for the tests that hold the clients to a platform written apart from them."""

from tests.sandbox_server import sandbox, sandbox_process

__all__ = ["sandbox", "sandbox_process"]
