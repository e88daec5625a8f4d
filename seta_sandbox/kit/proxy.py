"""An HTTP CONNECT proxy that leads the providers' host names to this sandbox's TLS port and nothing else."""

import asyncio
import contextlib

from seta_sandbox.kit.tls import HOSTS

HEAD_BYTES_MAX = 16 << 10
HEAD_SECONDS_MAX = 10.0


async def serve_proxy(host: str, port: int, tls_port: int) -> asyncio.Server:
    """Listen on `port`; a CONNECT to a known host is piped to `tls_port`, any other request is refused."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(
            OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError
        ):
            await _connect(reader, writer, host, tls_port)
        with contextlib.suppress(OSError):
            writer.close()

    return await asyncio.start_server(handle, host, port, limit=HEAD_BYTES_MAX)


async def _connect(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, tls_port: int
) -> None:
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), HEAD_SECONDS_MAX)
    method, _, rest = head.decode("latin-1").partition(" ")
    target = rest.split(" ")[0].rsplit(":", 1)[0]
    if method != "CONNECT" or target not in HOSTS:
        writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        return
    there_reader, there_writer = await asyncio.open_connection(host, tls_port)
    writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
    await writer.drain()
    await asyncio.gather(_pipe(reader, there_writer), _pipe(there_reader, writer))


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while chunk := await reader.read(64 << 10):
            writer.write(chunk)
            await writer.drain()
    with contextlib.suppress(OSError):
        writer.close()
