"""A delay server in one way: `delay.py aiohttp`. Prints its port; ends when its input does."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import Callable

from shared import BACKLOG, listener, run, tell


async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            request = await reader.readuntil(b"\r\n\r\n")
            found = re.search(rb"delay=([\d.]+)", request)
            delay = float(found[1]) if found else 0.0
            await asyncio.sleep(delay)
            body = json.dumps({"delay": delay})
            head = f"content-type: application/json\r\ncontent-length: {len(body)}"
            writer.write(f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n{body}".encode())
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def streams() -> None:
    made = listener()
    server = await asyncio.start_server(converse, sock=made, backlog=BACKLOG)
    tell(made.getsockname()[1])
    await server.serve_forever()


async def aiohttp() -> None:
    from aiohttp import web

    async def aio(request: web.Request) -> web.Response:
        delay = float(request.query["delay"])
        await asyncio.sleep(delay)
        return web.json_response({"delay": delay})

    app = web.Application()
    app.router.add_get("/aio", aio)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    made = listener()
    await web.SockSite(runner, made, backlog=BACKLOG).start()
    tell(made.getsockname()[1])
    await asyncio.Event().wait()


async def tornado() -> None:
    from tornado import web
    from tornado.httpserver import HTTPServer

    class Aio(web.RequestHandler):
        async def get(self) -> None:
            delay = float(self.get_argument("delay"))
            await asyncio.sleep(delay)
            self.write({"delay": delay})

    made = listener()
    HTTPServer(web.Application([("/aio", Aio)], log_function=lambda handler: None)).add_socket(made)
    tell(made.getsockname()[1])
    await asyncio.Event().wait()


def gevent() -> None:
    from gevent import sleep, socket
    from gevent.pywsgi import WSGIServer

    def app(environ: dict[str, str], start: Callable[..., object]) -> list[bytes]:
        delay = float(environ["QUERY_STRING"].partition("delay=")[2])
        sleep(delay)
        body = json.dumps({"delay": delay}).encode()
        start("200 OK", [("content-type", "application/json"), ("content-length", str(len(body)))])
        return [body]

    made = socket.socket()
    made.bind(("127.0.0.1", 0))
    made.listen(BACKLOG)
    tell(made.getsockname()[1])
    WSGIServer(made, app, log=None).serve_forever()


WAYS = {
    "asyncio streams": lambda: run(streams()),
    "uvloop streams": lambda: run(streams(), uvloop=True),
    "aiohttp": lambda: run(aiohttp()),
    "aiohttp on uvloop": lambda: run(aiohttp(), uvloop=True),
    "tornado": lambda: run(tornado()),
    "gevent": gevent,
}
WAYS[sys.argv[1]]()
