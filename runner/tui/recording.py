"""Keeps what the screen draws, as an asciicast.

The pictures are taken where they leave for the terminal, so a recording is what was seen. What
would switch something on in the terminal of whoever plays it back is left out: mouse, keyboard and
paste modes, questions, the clipboard.
"""

from __future__ import annotations

import re
from pathlib import Path

from textual.app import App
from textual.driver import Driver
from textual.drivers.headless_driver import HeadlessDriver
from textual.drivers.linux_driver import LinuxDriver

from checks.message import msg
from runner.errors import LearnError
from runner.terminal.asciicast import Recorder
from runner.words import tell

LIMIT = 256 * 1024 * 1024
"""Bytes after which a recording stops; hours of use."""
_MODES = r"9|100[0-7]|1015|1016|1004|2004|2031|2048"
_OUTWARD = re.compile(
    rf"\x1b\[\?(?:{_MODES})[hl]"  # mouse, focus, paste, resize and colour reports
    r"|\x1b\[\?\d+\$p"  # asks for a mode
    r"|\x1b\[[<>=?]\d*(?:;\d+)*u"  # the keyboard protocol
    r"|\x1b\](?:52|22|1[0-9]|4);[^\x07\x1b]*(?:\x07|\x1b\\)"  # clipboard, pointer, colours
)


Terminal = LinuxDriver
"""Draws on the terminal around us."""


class Unseen(HeadlessDriver):
    """Draws on no terminal, but draws: what is recorded is what would have been seen."""

    @property
    def is_headless(self) -> bool:
        """Whether nothing need be drawn: no."""
        return False

    def start_application_mode(self) -> None:
        """Begin as on a terminal: a screen of its own, without a cursor."""
        super().start_application_mode()
        self.write("\x1b[?1049h\x1b[?25l")

    def stop_application_mode(self) -> None:
        """Leave it as it was."""
        super().stop_application_mode()
        self.write("\x1b[?1049l\x1b[?25h")


def recorded(base: type[Driver], path: Path, title: str = "") -> type[Driver]:
    """Give a driver that draws as `base` does and keeps it in a new file.

    The file is made at once: raises LearnError where it is there already or cannot be made.
    """
    try:
        path.touch(mode=0o600, exist_ok=False)
    except OSError as error:
        raise LearnError(
            msg("{path} cannot be recorded to: {why}", path=str(path), why=error.strerror or ""),
            remedy=msg("Name a file that is not there yet."),
        ) from error

    class Recording(base):  # type: ignore[misc, valid-type]
        """Writes everything twice."""

        def __init__(self, app: App[object], **options: object) -> None:
            super().__init__(app, **options)
            self._recorder: Recorder | None = None
            self._recorded = (0, 0)
            self._left = LIMIT

        def write(self, data: str) -> None:
            """Draw, and keep it."""
            super().write(data)
            seen = _OUTWARD.sub("", data)
            if seen and self._left > 0:
                self._left -= len(seen)
                self._keep(seen)

        def close(self) -> None:
            """End the file too."""
            super().close()
            if self._recorder is not None:
                self._recorder.close()
                self._left = 0

        def _keep(self, seen: str) -> None:
            columns, rows = self._app.size
            try:
                self._note(seen, columns, rows)
            except OSError as error:  # a full disk must not end the lesson
                self._left = 0
                why = msg("The recording ends here: {why}", why=error.strerror or "")
                self._app.notify(tell(why), severity="warning")

        def _note(self, seen: str, columns: int, rows: int) -> None:
            if self._recorder is None:
                self._recorder = Recorder(path, rows=rows, columns=columns, title=title)
            elif self._recorded != (columns, rows):
                self._recorder.resize(rows, columns)
            self._recorded = (columns, rows)
            self._recorder.output(seen.encode("utf-8", "replace"))

    return Recording
