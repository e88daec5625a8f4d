"""Sandboxes for the judges."""

from tests.sandbox_server import sandbox, sandbox_process, tls_sandbox

__all__ = ["sandbox", "sandbox_process", "tls_sandbox"]
