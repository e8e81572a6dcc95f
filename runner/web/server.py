"""The server: one page, its websocket, and the files that they need; all of it on this machine."""

from __future__ import annotations

import asyncio
import html
import socket
import string
from collections.abc import Sequence
from pathlib import Path

import textual_serve
from aiohttp import WSCloseCode, web
from textual_serve.server import Server, to_int

from checks.message import msg
from runner import words
from runner.errors import LearnError
from runner.web.guard import ADDRESS, Guard
from runner.web.service import Service
from runner.words import translate

HERE = Path(__file__).parent
THEIRS = Path(textual_serve.__file__).parent / "static"
"""textual-serve's terminal for the browser (xterm.js) and its font."""
PAGES = 8
"""Screens at a time: each is a program of its own."""
PIXELS = 16
"""The font's size, where the address names none (`?fontsize=20`)."""
HEARTBEAT = 15.0
"""Seconds after which a browser that does not answer any more is gone."""
SHUTDOWN = 10.0


class LearnServer(Server):
    """Serves the screen that `argv` draws, to whom the guard lets in."""

    def __init__(self, argv: Sequence[str], guard: Guard) -> None:
        """Take the program to run for each page, and who is let in."""
        super().__init__(argv[0], host=ADDRESS, port=guard.port, title="learn-docker-net")
        self.guard = guard
        self._argv = argv
        self._pages: set[web.WebSocketResponse] = set()
        self._template = string.Template((HERE / "page.html").read_text(encoding="utf-8"))

    def application(self) -> web.Application:
        """Give what aiohttp serves."""
        app = web.Application(middlewares=[self.guard.middleware()])
        app.add_routes(
            [
                web.get("/", self.page),
                web.get("/ws", self.handle_websocket),
                web.static("/static", HERE / "static"),
                web.static("/textual", THEIRS),
            ]
        )
        app.on_response_prepare.append(self.guard.harden)
        app.on_shutdown.append(self.on_shutdown)
        return app

    async def page(self, request: web.Request) -> web.Response:
        """Give the page."""
        pixels = max(6, min(72, to_int(request.query.get("fontsize", ""), PIXELS)))
        values = {
            "language": words.language(),
            "pixels": pixels,
            "socket": f"ws://{request.host}/ws",
            "connecting": translate("The screen comes up …"),
            "ended": translate("This screen has ended; the lab stays."),
            "again": translate("Open it again"),
            "script": translate("This page needs JavaScript."),
        }
        safe = {name: html.escape(str(value)) for name, value in values.items()}
        return web.Response(text=self._template.substitute(safe), content_type="text/html")

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Run a screen for a page until either is closed."""
        if len(self._pages) >= PAGES:
            raise web.HTTPTooManyRequests(text=f"{PAGES}\n")
        page = web.WebSocketResponse(heartbeat=HEARTBEAT)
        self._pages.add(page)
        service = Service(
            self._argv,
            write_bytes=page.send_bytes,
            write_str=page.send_str,
            close=page.close,
            downloads=self.download_manager,
        )
        try:
            await page.prepare(request)
            width, height = (
                to_int(request.query.get(name, ""), 80) for name in ("width", "height")
            )
            await service.start(width, height)
            await self._process_messages(page, service)
        except (ValueError, LookupError, TypeError, AssertionError):
            await page.close(code=WSCloseCode.UNSUPPORTED_DATA)  # no message of our page
        finally:
            self._pages.discard(page)
            await service.stop()
        return page

    async def on_shutdown(self, app: web.Application) -> None:
        """Close every page; their programs end with them."""
        closing = [page.close(code=WSCloseCode.GOING_AWAY) for page in self._pages]
        await asyncio.gather(*closing, return_exceptions=True)

    def run(self, listening: socket.socket) -> None:
        """Serve until Ctrl+C or a TERM signal."""
        # No access log: it would show the token.
        web.run_app(
            self.application(),
            sock=listening,
            access_log=None,
            print=None,
            shutdown_timeout=SHUTDOWN,
        )


def listen(port: int) -> socket.socket:
    """Take a port of 127.0.0.1, a free one for 0; LearnError where it cannot be had."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((ADDRESS, port))
        listening.listen()  # whoever sees the address can have it at once
    except (OSError, OverflowError) as error:
        listening.close()
        raise LearnError(
            msg("Port {port} of 127.0.0.1 cannot be had: {why}", port=port, why=str(error)),
            remedy=msg("Leave --port out, then a free one is taken."),
        ) from error
    return listening
