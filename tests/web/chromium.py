"""A headless Chromium, told what to do over its DevTools protocol, and what its page was sent.

The page's terminal draws on a canvas, so its text cannot be read off the page; what came over its
websocket is fed to our own terminal engine, which gives the same screen as text.
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp

from runner.terminal.terminal import Terminal

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
PATIENCE = 60.0
"""Seconds that a test waits for something to come true."""
KEYS = {"Enter": (13, "\r"), "F2": (113, ""), "F8": (119, ""), "Escape": (27, "")}
"""Key codes and the text that comes with them."""


def find() -> str:
    """Name the browser of this machine; AssertionError where there is none."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    assert found is not None, f"no browser: none of {', '.join(NAMES)} is installed"
    return found


class Browser:
    """One page of a browser."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, size: tuple[int, int]) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._size = size
        self._terminal = Terminal(1, 1)
        self.requested: list[str] = []
        """The addresses of everything that the page has loaded or tried to."""
        self.said: list[str] = []
        """What the browser says is wrong with the page: errors, what its rules forbid."""
        self.sockets = 0

    async def read(self) -> None:
        """Take in what the browser tells, until it ends."""
        async for message in self._socket:
            told = json.loads(message.data)
            if "id" in told:
                self._answers.pop(told["id"]).set_result(told)
            else:
                self._heard(told["method"], told["params"])

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Have the browser do something."""
        number = next(self._numbers)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        told = await asyncio.wait_for(answer, PATIENCE)
        assert "error" not in told, (method, told)
        result: dict[str, Any] = told["result"]
        return result

    async def begin(self) -> None:
        """Listen to what the page does."""
        for domain in ("Page", "Network", "Runtime", "Log"):
            await self.call(f"{domain}.enable")
        width, height = self._size
        await self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    async def open(self, url: str) -> None:
        await self.call("Page.navigate", url=url)

    async def evaluate(self, script: str) -> Any:
        """Run a script in the page; its promise is waited for."""
        told = await self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    async def type(self, text: str) -> None:
        """Press the keys of a text; a newline is Enter."""
        for character in text:
            if character == "\n":
                await self.press("Enter")
                continue
            await self.call("Input.dispatchKeyEvent", type="keyDown", text=character, key=character)
            await self.call("Input.dispatchKeyEvent", type="keyUp", key=character)

    async def press(self, key: str) -> None:
        """Press a key of `KEYS`."""
        code, text = KEYS[key]
        named = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        text_of = {"text": text} if text else {}
        kind = "keyDown" if text else "rawKeyDown"
        await self.call("Input.dispatchKeyEvent", type=kind, **named, **text_of)
        await self.call("Input.dispatchKeyEvent", type="keyUp", **named)

    async def click(self, x: float, y: float) -> None:
        """Click a place of the page, in pixels."""
        for kind in ("mousePressed", "mouseReleased"):
            await self.call(
                "Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1
            )

    async def picture(self, path: Path) -> None:
        """Save what the page looks like, as PNG."""
        shot = await self.call("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(shot["data"]))

    def text(self) -> str:
        """Give what the terminal shows, line by line."""
        return "\n".join(self._terminal.row(y).text for y in range(self._terminal.rows))

    async def sees(self, *wanted: str, seconds: float = PATIENCE) -> None:
        """Wait until the terminal shows these words."""
        await self.until(lambda: all(one in self.text() for one in wanted), repr(wanted), seconds)

    async def until(
        self, holds: Callable[[], bool], what: str = "", seconds: float = PATIENCE
    ) -> None:
        """Wait until something holds; the terminal is shown where it never does."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while not holds():
            if loop.time() > end:
                raise AssertionError(f"never came true: {what}\n{self.text()}\n{self.said}")
            await asyncio.sleep(0.02)

    def _heard(self, method: str, told: dict[str, Any]) -> None:
        if method == "Network.webSocketFrameReceived":
            frame = told["response"]
            if frame["opcode"] == 2:
                self._terminal.feed(base64.b64decode(frame["payloadData"]))
        elif method == "Network.webSocketFrameSent":
            self._sized(told["response"]["payloadData"])
        elif method == "Network.webSocketCreated":
            self.sockets += 1
            self.requested.append(told["url"])
        elif method == "Network.requestWillBeSent":
            self.requested.append(told["request"]["url"])
        elif method == "Log.entryAdded":
            self.said.append(f"{told['entry']['text']} {told['entry'].get('url', '')}")
        elif method == "Runtime.exceptionThrown":
            self.said.append(str(told["exceptionDetails"]))

    def _sized(self, payload: str) -> None:
        with suppress(ValueError):
            told = json.loads(payload)
            if told[0] == "resize":
                self._terminal.resize(told[1]["height"], told[1]["width"])


@asynccontextmanager
async def browser(profile: Path, size: tuple[int, int] = (1280, 800)) -> AsyncIterator[Browser]:
    """Start a browser with nothing in it, give its page, and end it."""
    profile.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(
        [
            *(find(), "--headless=new", "--remote-debugging-port=0", f"--user-data-dir={profile}"),
            *("--no-first-run", "--disable-gpu", "--disable-dev-shm-usage", "--mute-audio"),
            *("--disable-background-networking", "--disable-component-update"),
            *(["--no-sandbox"] if os.geteuid() == 0 else []),
            "about:blank",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        port = await _port(profile / "DevToolsActivePort", process)
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{port}/json/list") as listed:
                pages = [one for one in await listed.json() if one["type"] == "page"]
            url = pages[0]["webSocketDebuggerUrl"]
            async with session.ws_connect(url, max_msg_size=0) as socket:
                page = Browser(socket, size)
                reading = asyncio.create_task(page.read())
                try:
                    await page.begin()
                    yield page
                finally:
                    reading.cancel()
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


async def _port(path: Path, process: subprocess.Popen[bytes]) -> int:
    """Wait for the file in which the browser says where it listens."""
    loop = asyncio.get_running_loop()
    end = loop.time() + PATIENCE
    while loop.time() < end:
        assert process.poll() is None, f"the browser ended with {process.returncode}"
        with suppress(OSError, ValueError, IndexError):
            return int(path.read_text(encoding="ascii").splitlines()[0])
        await asyncio.sleep(0.05)
    sys.exit("the browser does not say where it listens")
