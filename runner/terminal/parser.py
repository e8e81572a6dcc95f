"""From bytes to what they ask for: text, controls, CSI, ESC and OSC.

One regular expression takes whole tokens; where a token is cut off or odd, a small state machine
goes on character by character and carries over to the next piece, so that the pieces' borders
never matter. Every string has a bound: what is longer is swallowed and forgotten. DCS, APC, PM
and SOS are swallowed whole.
"""

from __future__ import annotations

import codecs
import re
from enum import Enum, auto
from typing import Protocol

LONGEST_STRING = 4096
"""Code points of an OSC that is still listened to."""
_LONGEST_CSI = 256

_NUMBERS = rf"[0-9:;]{{0,{_LONGEST_CSI}}}"
_CSI_BODY = rf"([<-?]?)({_NUMBERS})([ -/]{{0,2}})"
_OSC_BODY = rf"[^\x07\x18\x1a\x1b\x9c]{{0,{LONGEST_STRING}}}"
_TOKEN = re.compile(
    r"([ -~]+)"  # 1 ASCII
    r"|(\r\n)"  # 2
    rf"|\x1b\[({_NUMBERS})m"  # 3 SGR
    rf"|\x1b\[{_CSI_BODY}([@-~])"  # 4 5 6 7 CSI
    r"|([^\x00-\x1f\x7f-\x9f]+)"  # 8 text
    r"|([\x00-\x1a\x1c-\x1f])"  # 9 control
    r"|\x1b([ -/]{0,2})([0-OQ-WYZ\\`-~])"  # 10 11 ESC
    rf"|\x1b\]({_OSC_BODY})(?:\x07|\x1b\\|\x9c)"  # 12 OSC
    r"|([\x1b\x7f-\x9f])"  # 13 all else begins here
)
_LINES = re.compile(r"(?:[ -~]*+\r\n)++")
_FLOOD = 4
"""Lines at a time that are worth the flood's way."""
_CSI = re.compile(_CSI_BODY)
_STRING_END = re.compile(r"[\x07\x18\x1a\x1b\x9c]")
_STRING_END_NO_BELL = re.compile(r"[\x18\x1a\x1b\x9c]")


class Handler(Protocol):
    """Who does what the parser understood."""

    def ascii(self, text: str) -> None:
        """Print ASCII characters."""

    def text_run(self, text: str) -> None:
        """Print characters of any kind."""

    def lines(self, text: str) -> None:
        """Print ASCII lines, each ended by CR LF."""

    def new_line(self) -> None:
        """Do CR LF."""

    def control(self, character: str) -> None:
        """Do a C0 control."""

    def sgr(self, parameters: str) -> None:
        """Change the style."""

    def csi(self, prefix: str, parameters: str, between: str, final: str) -> None:
        """Do any other control sequence."""

    def escape(self, between: str, final: str) -> None:
        """Do an escape sequence; C1 controls come here too, as their ESC forms."""

    def osc(self, text: str) -> None:
        """Take an operating system command that ended properly."""


class _State(Enum):
    GROUND = auto()
    ESCAPE = auto()
    CSI = auto()
    STRING = auto()


class Parser:
    """A stream's tokeniser. `feed` never raises, whatever comes."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._state = _State.GROUND
        self._seen = ""
        """The open sequence so far; one character over its bound means too long."""
        self._osc = False

    def feed(self, data: bytes) -> None:
        """Take the next piece of the stream."""
        text = self._decode(data)
        at = 0
        while at < len(text):
            at = self._ground(text, at) if self._state is _State.GROUND else self._go_on(text, at)

    def _ground(self, text: str, at: int) -> int:
        """Take tokens up to where the state machine has to look; say where that is."""
        handler = self._handler
        looked = -1
        while at < len(text):
            if at >= looked and (found := _LINES.match(text, at)):
                looked = found.end()
                if text.count("\n", at, looked) >= _FLOOD:
                    handler.lines(found[0])
                    at = looked
                    continue
            for token in _TOKEN.finditer(text, at):
                kind = token.lastindex
                if kind == 1:
                    handler.ascii(token[1])
                elif kind == 2:
                    handler.new_line()
                    at = token.end()
                    if at >= looked:
                        break
                elif kind == 3:
                    handler.sgr(token[3])
                elif kind == 13:
                    self._open(token[13])
                    return token.end()
                else:
                    self._rare(token)
            else:
                return len(text)
        return at

    def _rare(self, token: re.Match[str]) -> None:
        handler = self._handler
        kind = token.lastindex
        if kind == 7:
            handler.csi(token[4], token[5], token[6], token[7])
        elif kind == 8:
            handler.text_run(token[8])
        elif kind == 9:
            handler.control(token[9])
        elif kind == 11:
            handler.escape(token[10], token[11])
        else:
            handler.osc(token[12])

    # One character after the other

    def _open(self, character: str) -> None:
        """Begin a sequence that no token matched, or do a lone C1 control."""
        if character == "\x1b":
            self._state, self._seen = _State.ESCAPE, ""
        elif character != "\x7f":
            self._end_escape(chr(ord(character) - 0x40))

    def _go_on(self, text: str, at: int) -> int:
        if self._state is _State.STRING:
            return self._string(text, at)
        character = text[at]
        if character == "\x1b" or "\x80" <= character <= "\x9f":
            self._state = _State.GROUND
            self._open(character)
        elif character in "\x18\x1a":
            self._state = _State.GROUND
        elif character < " ":
            self._handler.control(character)
        elif character > "~":
            if character != "\x7f":  # DEL is passed over
                self._state = _State.GROUND
                return at
        elif self._state is _State.ESCAPE:
            self._escape(character)
        else:
            self._control_sequence(character)
        return at + 1

    def _escape(self, character: str) -> None:
        if character < "0":
            self._seen = (self._seen + character)[:3]
        elif self._seen:
            self._state = _State.GROUND
            if len(self._seen) < 3:
                self._handler.escape(self._seen, character)
        else:
            self._end_escape(character)

    def _end_escape(self, character: str) -> None:
        """Do ESC and `character`, which may open something longer."""
        self._seen = ""
        if character == "[":
            self._state = _State.CSI
        elif character in "]PX^_":
            self._state, self._osc = _State.STRING, character == "]"
        else:
            self._state = _State.GROUND
            self._handler.escape("", character)

    def _control_sequence(self, character: str) -> None:
        if character < "@":
            if len(self._seen) <= _LONGEST_CSI + 3:
                self._seen += character
            return
        self._state = _State.GROUND
        body = _CSI.fullmatch(self._seen)
        if body is None:
            return
        if character == "m" and not body[1] and not body[3]:
            self._handler.sgr(body[2])
        else:
            self._handler.csi(body[1], body[2], body[3], character)

    def _string(self, text: str, at: int) -> int:
        end = (_STRING_END if self._osc else _STRING_END_NO_BELL).search(text, at)
        upto = end.start() if end else len(text)
        if self._osc and len(self._seen) <= LONGEST_STRING:
            self._seen += text[at : min(upto, at + LONGEST_STRING + 1)]
        if end is None:
            return upto
        self._state = _State.GROUND
        if self._osc and end[0] not in "\x18\x1a" and len(self._seen) <= LONGEST_STRING:
            self._handler.osc(self._seen)
        if end[0] == "\x1b":
            self._open("\x1b")
        return upto + 1
