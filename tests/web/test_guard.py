"""Who gets a page, asked over real connections: token, cookie, Host, Origin, and what is said to
the browser about the rest.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from runner.web.guard import Guard
from runner.web.server import PAGES, LearnServer, listen

ECHO = """
import json, os, sys
out = sys.stdout.buffer
def packet(kind, data):
    out.write(kind + len(data).to_bytes(4, "big") + data)
    out.flush()
out.write(b"__GANGLION__\\n")
packet(b"D", f"{os.environ['COLUMNS']}x{os.environ['ROWS']}".encode())
while head := sys.stdin.buffer.read(5):
    data = sys.stdin.buffer.read(int.from_bytes(head[1:], "big"))
    if head[:1] == b"D":
        packet(b"D", data.upper())
    elif json.loads(data)["type"] == "quit":
        break
"""
"""Draws what it is sent in capitals; a screen as the server sees it."""


class Site:
    """A server that runs, and the ways to come to it."""

    def __init__(self, server: LearnServer, session: aiohttp.ClientSession) -> None:
        self.guard = server.guard
        self.port = server.guard.port
        self.session = session
        self.root = f"http://127.0.0.1:{self.port}"

    async def get(
        self, path: str, *, knows: bool = False, **headers: str
    ) -> tuple[int, str, aiohttp.ClientResponse]:
        """Ask for a path; `knows` with the cookie. Header names have `_` for `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if knows:
            named["Cookie"] = f"{self.guard.cookie}={self.guard.session}"
        async with self.session.get(self.root + path, headers=named) as answer:
            return answer.status, await answer.text(), answer

    @contextlib.asynccontextmanager
    async def socket(
        self, *, knows: bool = True, query: str = "", **headers: str
    ) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        """Open the websocket as our page does, but for what is said otherwise."""
        named = {"Origin": self.root, **headers}
        if knows:
            named["Cookie"] = f"{self.guard.cookie}={self.guard.session}"
        sent = {name: value for name, value in named.items() if value}
        url = f"{self.root}/ws?{query}"
        async with self.session.ws_connect(url, headers=sent) as opened:
            yield opened


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    program = tmp_path / "echo.py"
    program.write_text(ECHO, encoding="utf-8")
    with listen(0) as listening:
        server = LearnServer([sys.executable, str(program)], Guard(listening.getsockname()[1]))
        runner = web.AppRunner(server.application(), access_log=None, shutdown_timeout=5)
        await runner.setup()
        await web.SockSite(runner, listening).start()
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
            yield Site(server, session)
        await runner.cleanup()


async def test_the_token_gives_the_page_and_a_cookie_that_scripts_do_not_see(site: Site) -> None:
    status, page, answer = await site.get(f"/?token={site.guard.token}")
    assert (status, "textual-terminal" in page) == (200, True)
    cookie = answer.cookies[site.guard.cookie]
    assert cookie.value == site.guard.session
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/")
    assert site.guard.token not in page
    assert site.guard.session not in page
    assert (await site.get("/", knows=True))[0] == 200


@pytest.mark.parametrize(
    "path", ["/", "/?token=", "/?token=wrong", "/static/page.js", "/textual/js/textual.js", "/no"]
)
async def test_nothing_is_given_without_the_token(site: Site, path: str) -> None:
    status, _, answer = await site.get(path)
    assert status == 403
    assert "Set-Cookie" not in answer.headers


async def test_the_token_opens_the_page_alone(site: Site) -> None:
    for path in ("/static/page.js", "/textual/js/textual.js", "/ws"):
        status, _, _ = await site.get(f"{path}?token={site.guard.token}", Origin=site.root)
        assert status == 403


async def test_a_wrong_cookie_is_no_cookie(site: Site) -> None:
    for value in ("", "wrong", site.guard.token, site.guard.session[:-1], "\udcff"):
        cookie = f"{site.guard.cookie}={value}"
        assert (await site.get("/", Cookie=cookie))[0] == 403


@pytest.mark.parametrize("name", ["evil.example", "127.0.0.1.evil.example", "[::1]", "0.0.0.0"])
async def test_a_foreign_name_for_this_machine_is_refused(site: Site, name: str) -> None:
    for host in (name, f"{name}:{site.port}", "127.0.0.1:1", "127.0.0.1"):
        assert (await site.get(f"/?token={site.guard.token}", Host=host))[0] == 403
        assert (await site.get("/", knows=True, Host=host))[0] == 403


async def test_localhost_is_this_machine_too(site: Site) -> None:
    host = f"localhost:{site.port}"
    status, page, _ = await site.get("/", knows=True, Host=host)
    assert (status, f"ws://{host}/ws" in page) == (200, True)


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1:{port}", ""]
)
async def test_a_websocket_of_another_page_is_refused(site: Site, origin: str) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        async with site.socket(Origin=origin.format(port=site.port)):
            pass
    assert refused.value.status == 403


async def test_a_websocket_without_the_cookie_is_refused(site: Site) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        async with site.socket(knows=False):
            pass
    assert refused.value.status == 403


async def test_a_page_on_another_port_cannot_use_the_cookie(site: Site) -> None:
    for kind in ("cross-site", "same-site"):
        assert (await site.get("/", knows=True, Sec_Fetch_Site=kind))[0] == 403
    assert (await site.get("/", knows=True, Origin="http://127.0.0.1:1"))[0] == 403
    for kind in ("none", "same-origin"):
        assert (await site.get("/", knows=True, Sec_Fetch_Site=kind))[0] == 200


async def test_the_page_needs_nothing_from_elsewhere(site: Site) -> None:
    for path in ("/", "/static/page.css", "/static/page.js"):
        _, text, answer = await site.get(path, knows=True)
        assert "https://" not in text
        assert "http://" not in text.replace(f"http://127.0.0.1:{site.port}", "")
        rules = answer.headers["Content-Security-Policy"]
        assert rules.startswith("default-src 'self';")
        assert "script-src" not in rules  # so the default holds: no inline script, no eval
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Cache-Control"] == "no-store"


async def test_every_file_that_the_page_names_is_there(site: Site) -> None:
    for path in (
        "/static/page.css",
        "/static/page.js",
        "/textual/css/xterm.css",
        "/textual/js/textual.js",
    ):
        assert (await site.get(path, knows=True))[0] == 200
    for font in ("RobotoMono-VariableFont_wght", "RobotoMono-Italic-VariableFont_wght"):
        answer = (await site.get("/static/page.css", knows=True))[1]
        assert f"/textual/fonts/{font}.ttf" in answer
        path = f"{site.root}/textual/fonts/{font}.ttf"
        cookie = {"Cookie": f"{site.guard.cookie}={site.guard.session}"}
        async with site.session.get(path, headers=cookie) as file:
            assert file.status == 200


async def test_folders_are_not_listed_and_nothing_above_them_is_given(site: Site) -> None:
    for path in ("/static/", "/textual/", "/static/../page.html", "/static/%2e%2e/page.html"):
        assert (await site.get(path, knows=True))[0] in (403, 404)


async def test_keys_go_in_and_pictures_come_out(site: Site) -> None:
    async with site.socket(query="width=99&height=33") as page:
        assert await page.receive_bytes(timeout=20) == b"99x33"
        await page.send_json(["stdin", "quiet"])
        assert await page.receive_bytes(timeout=20) == b"QUIET"


async def test_a_size_beyond_reason_is_cut(site: Site) -> None:
    async with site.socket(query="width=999999999&height=-1") as page:
        assert await page.receive_bytes(timeout=20) == b"1000x20"


@pytest.mark.parametrize("words", ["no json", "{}", '"a"', "[]", '["resize", 3]', '["stdin"]'])
async def test_what_is_no_message_of_our_page_closes_it(site: Site, words: str) -> None:
    async with site.socket() as page:
        await page.receive_bytes(timeout=20)
        await page.send_str(words)
        closed = await page.receive(timeout=20)
        assert closed.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
    assert (await site.get("/", knows=True))[0] == 200


async def test_there_are_only_so_many_pages(site: Site) -> None:
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(PAGES):
            await stack.enter_async_context(site.socket())
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await stack.enter_async_context(site.socket())
        assert refused.value.status == 429


async def test_a_page_that_is_closed_ends_its_program(site: Site, tmp_path: Path) -> None:
    ended = tmp_path / "ended"
    program = tmp_path / "echo.py"
    program.write_text(f"{ECHO}\nopen({json.dumps(str(ended))}, 'w').close()\n", encoding="utf-8")
    async with site.socket() as page:
        await page.receive_bytes(timeout=20)
    async with asyncio.timeout(20):
        while not ended.exists():
            await asyncio.sleep(0.02)


async def test_a_program_that_ends_closes_its_page(site: Site, tmp_path: Path) -> None:
    (tmp_path / "echo.py").write_text("raise SystemExit(3)\n", encoding="utf-8")
    async with site.socket() as page:
        closed = await page.receive(timeout=20)
        assert closed.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
