"""The console script `seta-sandbox`: serves the emulated providers and the phone on one port."""

import argparse
import asyncio
import signal
import socket
import sys
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from granian.constants import Interfaces, SSLProtocols
from granian.log import LogLevels
from granian.server.embed import Server
from starlette.applications import Starlette

from seta_sandbox import export
from seta_sandbox.app import create_app
from seta_sandbox.kit.keys import Keyring
from seta_sandbox.kit.proxy import serve_proxy
from seta_sandbox.kit.tls import certificates


def main(argv: list[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    arguments = parser().parse_args(argv)
    if arguments.proxy_port and not arguments.tls_port:
        print("seta-sandbox: --proxy-port needs --tls-port, where it leads to", file=sys.stderr)
        return 2
    for port in (arguments.port, arguments.tls_port, arguments.proxy_port):
        if port and not port_is_free(arguments.host, port):
            print(f"seta-sandbox: port {port} is in use; choose another", file=sys.stderr)
            return 2
    try:
        return asyncio.run(serve(arguments))
    except OSError as error:
        print(f"seta-sandbox: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0


def parser() -> argparse.ArgumentParser:
    """The arguments of `seta-sandbox`."""
    root = argparse.ArgumentParser(prog="seta-sandbox", description=__doc__)
    commands = root.add_subparsers(dest="command", required=True)
    command = commands.add_parser("serve", help="serve until Ctrl-C")
    command.add_argument("--host", default="127.0.0.1")
    command.add_argument("--port", type=int, default=8801)
    command.add_argument(
        "--tls-port", type=int, help="serve the same over TLS under the providers' host names"
    )
    command.add_argument(
        "--proxy-port", type=int, help="an HTTP CONNECT proxy that leads those names to --tls-port"
    )
    command.add_argument("--seed", type=int, default=1)
    command.add_argument("--export", type=Path, help="write config.json and PEM files to this folder")
    command.add_argument("--miniprogram", type=Path, help="folder of the mini program's browser build")
    return root


async def serve(arguments: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM. The export is complete before the port opens."""
    keyring_path = arguments.export / "keyring.json" if arguments.export else None
    keys = Keyring(arguments.seed, keyring_path)
    base_url = f"http://{arguments.host}:{arguments.port}"
    app = create_app(seed=arguments.seed, base_url=base_url, miniprogram_dir=arguments.miniprogram, keys=keys)
    tls = certificates(keys) if arguments.tls_port or arguments.export else {}
    if arguments.export:
        export.write(app.state.world, arguments.export, {"tls": tls})
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="seta-sandbox-")))
        servers = _servers(app, arguments, tls, folder)
        if arguments.proxy_port:
            await stack.enter_async_context(
                await serve_proxy(arguments.host, arguments.proxy_port, arguments.tls_port)
            )
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, _stop, servers)
        print(f"sandbox and phone on {base_url}", flush=True)
        await asyncio.gather(*(server.serve() for server in servers))
    return 0


def _servers(
    app: Starlette, arguments: argparse.Namespace, tls: dict[str, str], folder: Path
) -> list[Server]:
    """The plain server and, with --tls-port, a second one over the same app and event loop."""
    plain = Server(
        app,
        address=arguments.host,
        port=arguments.port,
        interface=Interfaces.ASGI,
        log_level=LogLevels.error,
        log_access=False,
    )
    if not arguments.tls_port:
        return [plain]
    (folder / "cert.pem").write_text(tls["cert"])
    (folder / "key.pem").touch(mode=0o600)
    (folder / "key.pem").write_text(tls["key"])
    secure = Server(
        app,
        address=arguments.host,
        port=arguments.tls_port,
        interface=Interfaces.ASGI,
        log_level=LogLevels.error,
        log_access=False,
        ssl_cert=folder / "cert.pem",
        ssl_key=folder / "key.pem",
        ssl_protocol_min=SSLProtocols.tls12,
    )
    return [plain, secure]


def _stop(servers: Sequence[Any]) -> None:
    for server in servers:
        server.stop()


def port_is_free(host: str, port: int) -> bool:
    """Whether the port can be bound right now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


if __name__ == "__main__":
    sys.exit(main())
