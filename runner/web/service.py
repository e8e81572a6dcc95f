"""One screen in one browser page: the program that draws it, started with the page and ended with
it.
"""

from __future__ import annotations

import asyncio
import contextlib
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable, Sequence

from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

DRIVER = "runner.tui.served:ServedDriver"
"""What draws in the program: it speaks textual-serve's packets on stdout."""
PATIENCE = 5.0
"""Seconds that the program has for ending by itself."""
LEAST, MOST = 20, 1000
"""Columns or rows; a page that asks for more or fewer gets these."""


class Service(AppService):
    """Runs `argv` without a shell in between, and closes the page when it has ended."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        write_bytes: Callable[[bytes], Awaitable[None]],
        write_str: Callable[[str], Awaitable[None]],
        close: Callable[[], Awaitable[object]],
        downloads: DownloadManager,
    ) -> None:
        """Take the program's words and the page's socket."""

        async def close_page() -> None:
            with contextlib.suppress(ConnectionError):
                await close()

        super().__init__(
            argv[0],
            write_bytes=write_bytes,
            write_str=write_str,
            close=close_page,
            download_manager=downloads,
        )
        self._argv = argv

    async def set_terminal_size(self, width: int, height: int) -> None:
        """Tell the program the size of its page."""
        await super().set_terminal_size(within(width), within(height))

    async def run(self) -> None:
        """Carry what the program draws to the page until either has ended."""
        try:
            await super().run()
        finally:
            await self.remote_close()

    async def stop(self) -> None:
        """End the program; one that does not end by itself is killed."""
        try:
            await asyncio.wait_for(super().stop(), PATIENCE)
        except TimeoutError:
            self._task = None
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), PATIENCE)
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        environment = self._build_environment(within(width), within(height))
        self._process = await asyncio.create_subprocess_exec(
            *self._argv,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env={**environment, "TEXTUAL_DRIVER": DRIVER},
        )
        self._stdin = self._process.stdin
        return self._process


def within(measure: int) -> int:
    """Keep columns or rows within reason."""
    return max(LEAST, min(MOST, int(measure)))
