"""The screen in a real browser: loaded, typed into, and green; with a real lab behind it.

`LDN_PICTURES=DIR` keeps what the page looked like.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from runner.lab import lab as labs
from tests.web.chromium import browser

pytestmark = [pytest.mark.live, pytest.mark.browser]

OWNER = "test-browser"
SOLUTION = "docker run -d --name centos01 localhost/box sleep infinity\n"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve lesson 2 and give the address; the lab ends afterwards."""
    labs.down_all(OWNER)
    serve = subprocess.Popen(
        [sys.executable, "-m", "runner.cli.main", "--yes", "--lang", "en", "serve", "lesson-02"],
        stdout=subprocess.PIPE,
        text=True,
        env={
            **os.environ,
            "LEARN_DOCKER_NET_OWNER": OWNER,
            "LEARN_DOCKER_NET_HOME": str(tmp_path_factory.mktemp("home")),
        },
    )
    try:
        assert serve.stdout is not None
        yield serve.stdout.readline().strip()
        serve.send_signal(signal.SIGINT)
        assert serve.wait(20) == 0
    finally:
        serve.kill()
        serve.wait()
        labs.down_all(OWNER)


async def test_a_page_is_loaded_typed_into_and_turns_green(address: str, tmp_path: Path) -> None:
    pictures = Path(os.environ.get("LDN_PICTURES") or tmp_path)
    root = address.partition("?")[0]
    async with browser(tmp_path / "profile", size=(1440, 860)) as page:
        await page.open(address)
        await page.sees("[root@docker ~]#", "○ centos01 runs on the network bridge", "0/2")
        await page.type(SOLUTION)
        await page.sees("✓ centos01 runs on the network bridge", "✓ centos01 got the lowest")
        await page.evaluate("document.fonts.ready.then(() => true)")
        await page.picture(pictures / "browser.png")

        ours = (root, root.replace("http:", "ws:"), "data:")
        assert page.requested
        assert [url for url in page.requested if not url.startswith(ours)] == []
        assert [said for said in page.said if "WebGL" not in said] == []
        assert await page.evaluate("location.href") == root
        assert await page.evaluate("document.cookie") == ""
        fonts = "[...document.fonts].map((font) => font.status)"
        assert "loaded" in await page.evaluate(fonts)


async def test_without_the_token_the_browser_gets_nothing(address: str, tmp_path: Path) -> None:
    root = address.partition("?")[0]
    async with browser(tmp_path / "profile") as page:
        await page.open(root)
        await page.until(lambda: any("403" in said for said in page.said), "refused")
        # A page of another origin cannot open the websocket, not even beside one that may.
        await page.open(address)
        await page.sees("[root@docker ~]#")
        await page.open("data:text/html,<title>elsewhere</title>")
        await page.until(lambda: page.requested[-1].startswith("data:"))
        tried = await page.evaluate(
            f"new Promise((done) => {{ const socket = new WebSocket({root!r}"
            '.replace("http", "ws") + "ws");'
            ' socket.onopen = () => done("open"); socket.onerror = () => done("refused"); })'
        )
        assert tried == "refused"
