"""Draws for a browser: what the server's pages show."""

from __future__ import annotations

import contextlib

from textual import messages
from textual.drivers.web_driver import WebDriver


class ServedDriver(WebDriver):
    """Ends the app when the server has gone, which it notices by the end of its input."""

    def write(self, data: str) -> None:
        """Draw; nobody sees what comes after the server has gone."""
        with contextlib.suppress(BrokenPipeError):
            super().write(data)

    def write_meta(self, data: dict[str, object]) -> None:
        """Tell the server something that is not drawn."""
        with contextlib.suppress(BrokenPipeError):
            super().write_meta(data)

    def run_input_thread(self) -> None:
        """Read until there is nothing more to come."""
        super().run_input_thread()
        if not self.exit_event.is_set():
            self._app.post_message(messages.ExitApp())
