"""A program on a terminal, as a widget: started, typed to, drawn, hung up.

What the program prints goes to the engine alone: nothing of it reaches the terminal around us but
as cells of the grid. It is drawn at most sixty times a second, twenty during a flood.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

from textual import events
from textual.message import Message

from checks.message import Message as Words
from checks.message import msg
from runner.errors import LearnError
from runner.terminal import keys
from runner.terminal.engine import Mark, MarkKind
from runner.terminal.shell import ShellProcess
from runner.tui import alt_keys
from runner.tui.commands import IN_SHELL
from runner.tui.terminal_grid import GridView
from runner.tui.terminal_wire import Wire
from runner.words import tell

FLOOD = 16 * 1024
"""Bytes at once from which on drawing waits for the next frame."""
FRAME = 0.05
"""Seconds between pictures during a flood, and the longest wait for a picture's end (2026)."""
SILENCE = 2.0
"""Seconds after which what waits is typed to a program that has said nothing yet."""
SETTLE = 0.06
"""Seconds for which a size must stand before the program is told: a dragged edge moves often."""
_TO_PROGRAM = IN_SHELL
"""Function keys that a full-screen program gets; at a prompt they are the app's."""
_TO_APP = _TO_PROGRAM | {"f11", "f12"}
_QUIET = b"\x1b[?1049l\x1b[?1000;1002;1003;1004;1006;2004l\x1b[!p\x1b[?25l\x1b[0m"
"""Takes back what an ended program may have left switched on."""

alt_keys.teach()


class TerminalView(GridView):
    """One program on a terminal. It starts when the widget first has a size."""

    class _Said(Message):
        """Something about one terminal."""

        def __init__(self, view: TerminalView) -> None:
            self.view = view
            super().__init__()

        @property
        def control(self) -> TerminalView:
            """The terminal."""
            return self.view

    class CommandEnded(_Said):
        """A command typed at the shell's prompt has ended."""

        def __init__(self, view: TerminalView, status: int) -> None:
            super().__init__(view)
            self.status = status

    class Opened(_Said):
        """The program has been started."""

    class Ended(_Said):
        """The program has ended."""

    class LeaveWanted(_Said):
        """Ctrl+D was pressed on a shell that has ended."""

    def __init__(
        self,
        argv: Callable[[], Sequence[str]],
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002  (Textual's name)
        classes: str | None = None,
        history: int = 10_000,
    ) -> None:
        """Keep what gives the program's words; it may take its time and raise LearnError."""
        super().__init__(name=name, id=id, classes=classes, history=history)
        self.reserved: frozenset[str] = frozenset()
        """Keys that are left to whoever the terminal stands in."""
        self._argv = argv
        self._wire: Wire | None = None
        self._waiting: list[str | events.Key | events.Paste] = []
        """What was typed to a shell that is not ready, in its order."""
        self._started = self._opening = self._spoken = False
        self._output_from: int | None = None
        self._last_output: tuple[int, int] | None = None
        """The line on which the last ended command's output begins, and the one after it."""
        self._frame: asyncio.TimerHandle | None = None
        self._settling: asyncio.TimerHandle | None = None
        self._silence: asyncio.TimerHandle | None = None

    @property
    def running(self) -> bool:
        """A program is there to type to."""
        return self._wire is not None

    def send(self, data: bytes) -> None:
        """Give the program bytes."""
        if self._wire is not None and data:
            self._wire.write(data)

    def type_text(self, text: str) -> None:
        """Type as if by hand: a last newline is Enter, text with inner ones is pasted.

        A shell that is not ready yet gets it when it is, and one that has ended is opened again.
        """
        if not self._ready:
            self._type_later(text)
            return
        self.action_follow()
        body = text.removesuffix("\n")
        modes = self._engine.modes
        if not {"\n", "\t"} & set(body):  # what readline would act on comes in one piece
            modes = replace(modes, bracketed_paste=False)
        self.send(keys.paste(body, modes))
        if body != text:
            self.send(b"\r")

    def copy_output(self) -> int:
        """Copy what the last command has printed; give the number of lines, 0 where none are."""
        if self._last_output is None:
            return 0
        first, after = self._last_output
        text = self._engine.text(first, 0, after - 1, self._engine.columns) if after > first else ""
        if text:
            self.app.copy_to_clipboard(text)
        return len(text.splitlines())

    def restart(self) -> None:
        """Hang up, if need be, and start the program anew."""
        self.close()
        self.clear(*self._rows_columns())
        self._started = self._opening = True
        self._spoken = False
        self._last_output = self._output_from = None
        self.refresh()
        self.run_worker(self._open(), exclusive=True, group="open", exit_on_error=False)

    def close(self) -> None:
        """Hang up and come back at once."""
        for handle in (self._frame, self._settling, self._silence):
            if handle is not None:
                handle.cancel()
        self._frame = self._settling = self._silence = None
        if self._opening:
            self.workers.cancel_group(self, "open")
            self._opening = False
        if self._wire is not None:
            self._wire.close()
            self._wire = None

    # The program

    async def _open(self) -> None:
        try:
            argv = await asyncio.to_thread(self._argv)
            rows, columns = self._rows_columns()
            self._engine.resize(rows, columns)
            process = ShellProcess(argv, rows=rows, columns=columns)
        except LearnError as error:
            self._failed(error.message, *([error.remedy] if error.remedy else []))
        except OSError as error:
            self._failed(msg("No shell can be started: {words}.", words=str(error)))
        else:
            self._opening = False
            self._wire = Wire(process, take=self._take, ended=self._over)
            self._silence = asyncio.get_running_loop().call_later(SILENCE, self._type_waiting)
            self.post_message(self.Opened(self))

    def _take(self, data: bytes) -> None:
        engine = self._engine
        engine.feed(data)
        self.send(engine.take_replies())
        for told in engine.take_marks():
            self._heed(told)
        if not self._spoken:
            self._type_waiting()
        if len(data) >= FLOOD or engine.modes.synchronized:
            self._paint_later()
        elif self._frame is None:
            self.paint()

    def _heed(self, told: Mark) -> None:
        if told.kind is MarkKind.OUTPUT:
            self._output_from = told.line
        # The first count is the first prompt: no command has ended then.
        elif told.kind is MarkKind.DONE and told.count != 1:
            if self._output_from is not None:
                self._last_output, self._output_from = (self._output_from, told.line), None
            self.post_message(self.CommandEnded(self, told.status or 0))

    @property
    def _ready(self) -> bool:
        """What is typed can go to the program: it has begun to speak, or keeps its silence."""
        return self.running and self._spoken

    def _type_later(self, typed: str | events.Key | events.Paste) -> None:
        if self._started and not self.running and not self._opening:
            self._waiting.clear()  # it was for a shell that could not be opened
            self.restart()
        self._waiting.append(typed)

    def _type_waiting(self) -> None:
        self._spoken = True
        waiting, self._waiting = self._waiting, []
        for typed in waiting:
            if isinstance(typed, str):
                self.type_text(typed)
            elif isinstance(typed, events.Key):
                self._press(typed)
            else:
                self._paste(typed)

    def _over(self, status: int | None) -> None:
        ended = msg("The shell has ended.")
        if status:
            ended = msg("The shell has ended with status {status}.", status=status)
        self._failed(ended)

    def _failed(self, *words: Words) -> None:
        """Say why there is no program, and how there is one again."""
        self._wire, self._opening = None, False
        if self._silence is not None:
            self._silence.cancel()
        self._waiting = [one for one in self._waiting if not isinstance(one, events.Key)]
        self._engine.feed(_QUIET)
        start = b"\r\n" if self._engine.cursor.x else b""
        told = [tell(word) for word in (*words, msg("Press Enter to open it again."))]
        self._engine.feed(start + "".join(f"\x1b[1m{text}\x1b[m\r\n" for text in told).encode())
        self.paint()
        self.post_message(self.Ended(self))

    def _paint_later(self) -> None:
        if self._frame is None:
            self._frame = asyncio.get_running_loop().call_later(FRAME, self._paint_frame)

    def _paint_frame(self) -> None:
        self._frame = None
        self.paint()

    # Size

    def _rows_columns(self) -> tuple[int, int]:
        return max(1, self.size.height), max(2, self.size.width)

    def _on_resize(self, event: events.Resize) -> None:
        if not self.size.height or not self.size.width:
            return  # hidden: the program keeps its size
        if not self._started:
            self.restart()
            return
        if self._settling is not None:
            self._settling.cancel()
        self._settling = asyncio.get_running_loop().call_later(SETTLE, self._settle)

    def _settle(self) -> None:
        self._settling = None
        rows, columns = self._rows_columns()
        if not self.size or (rows, columns) == (self._engine.rows, self._engine.columns):
            return
        self._engine.resize(rows, columns)
        if self._wire is not None:
            self._wire.resize(rows, columns)
        self._last_output = self._output_from = None  # lines are numbered anew
        self._pointer.forget()
        self._view.forget()
        self._view.follow()
        self.paint()

    def _on_unmount(self) -> None:
        self.close()

    # Keys

    async def _on_key(self, event: events.Key) -> None:
        if self._is_for_app(event.key):
            return
        event.stop()
        event.prevent_default()
        if self._opening or not self._started or (self.running and self._waiting):
            self._type_later(event)
        elif self.running:
            self._press(event)
        else:
            self._key_when_ended(event.key)

    def _press(self, event: events.Key) -> None:
        character = event.character or alt_keys.character(event.key)
        if data := keys.key(event.key, character, self._engine.modes):
            if self._pointer.forget():
                self.refresh()
            self.action_follow()
            self.send(data)

    def _is_for_app(self, key: str) -> bool:
        alternate = self._engine.modes.alternate_screen and self.running
        if key in _TO_APP:
            return not (alternate and key in _TO_PROGRAM)
        if key in self.reserved:
            return True
        if key not in self._bindings.key_to_bindings:
            return False
        # Without a scrollback the scrolling keys are the program's.
        return not alternate or not key.startswith("shift+")

    def _key_when_ended(self, key: str) -> None:
        if key == "enter" and self._started:
            self.restart()
        elif key == "ctrl+d":
            self.post_message(self.LeaveWanted(self))

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        if self.running and not self._waiting:
            self._paste(event)
        else:
            self._type_later(event)

    def _paste(self, event: events.Paste) -> None:
        self.action_follow()
        self.send(keys.paste(event.text, self._engine.modes))

    def _on_focus(self, event: events.Focus) -> None:
        self._focus_told(True)

    def _on_blur(self, event: events.Blur) -> None:
        self._focus_told(False)

    def _focus_told(self, gained: bool) -> None:
        self.send(keys.focus(gained, self._engine.modes))
        self.refresh()
