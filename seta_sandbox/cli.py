"""The console script `seta-sandbox`: serves the emulated providers and the phone on one port."""

import argparse
import asyncio
import signal
import socket
import sys
from pathlib import Path

from granian.constants import Interfaces
from granian.server.embed import Server

from seta_sandbox import export
from seta_sandbox.app import create_app
from seta_sandbox.kit.keys import Keyring


def main(argv: list[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    arguments = parser().parse_args(argv)
    if not port_is_free(arguments.host, arguments.port):
        print(f"seta-sandbox: port {arguments.port} is in use; choose another with --port", file=sys.stderr)
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
    command.add_argument("--seed", type=int, default=1)
    command.add_argument("--export", type=Path, help="write config.json and PEM files to this folder")
    command.add_argument("--miniprogram", type=Path, help="folder of the mini program's browser build")
    return root


async def serve(arguments: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM. The export is complete before the port opens."""
    keyring_path = arguments.export / "keyring.json" if arguments.export else None
    base_url = f"http://{arguments.host}:{arguments.port}"
    app = create_app(
        seed=arguments.seed,
        base_url=base_url,
        miniprogram_dir=arguments.miniprogram,
        keys=Keyring(arguments.seed, keyring_path),
    )
    if arguments.export:
        export.write(app.state.world, arguments.export)
    server = Server(
        app, address=arguments.host, port=arguments.port, interface=Interfaces.ASGI, log_access=False
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, server.stop)
    print(f"sandbox and phone on {base_url}", flush=True)
    await server.serve()
    return 0


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
