"""An echo server in one way: `echo.py "asyncio streams"`. Prints its port; ends when its input does."""

from __future__ import annotations

import asyncio
import socket
import sys

from shared import listener, run, tell

BYTES = 64 * 1024


async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while piece := await reader.read(BYTES):
            writer.write(piece)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


async def streams() -> None:
    made = listener()
    server = await asyncio.start_server(converse, sock=made)
    tell(made.getsockname()[1])
    await server.serve_forever()


class Echo(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(data)


async def protocol() -> None:
    made = listener()
    server = await asyncio.get_running_loop().create_server(Echo, sock=made)
    tell(made.getsockname()[1])
    await server.serve_forever()


async def sock_recv() -> None:
    loop = asyncio.get_running_loop()
    made = listener()
    tell(made.getsockname()[1])
    tasks = set()

    async def talk(one: socket.socket) -> None:
        with one:
            try:
                while piece := await loop.sock_recv(one, BYTES):
                    await loop.sock_sendall(one, piece)
            except ConnectionError:
                pass

    while True:
        one, _ = await loop.sock_accept(made)
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        tasks.add(asyncio.create_task(talk(one)))


async def tornado() -> None:
    from tornado.iostream import IOStream, StreamClosedError
    from tornado.tcpserver import TCPServer

    class Server(TCPServer):
        async def handle_stream(self, stream: IOStream, address: object) -> None:
            stream.set_nodelay(True)
            try:
                while True:
                    await stream.write(await stream.read_bytes(BYTES, partial=True))
            except StreamClosedError:
                pass

    made = listener()
    Server().add_socket(made)
    tell(made.getsockname()[1])
    await asyncio.Event().wait()


def gevent() -> None:
    from gevent import socket as green
    from gevent.server import StreamServer

    def talk(one: green.socket, address: object) -> None:
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            while piece := one.recv(BYTES):
                one.sendall(piece)
        except ConnectionError:
            pass

    made = green.socket()
    made.bind(("127.0.0.1", 0))
    made.listen(65_535)
    tell(made.getsockname()[1])
    StreamServer(made, talk).serve_forever()


WAYS = {
    "asyncio streams": lambda: run(streams()),
    "asyncio Protocol": lambda: run(protocol()),
    "asyncio sock_recv": lambda: run(sock_recv()),
    "uvloop streams": lambda: run(streams(), uvloop=True),
    "uvloop Protocol": lambda: run(protocol(), uvloop=True),
    "tornado": lambda: run(tornado()),
    "gevent": gevent,
}
WAYS[sys.argv[1]]()
