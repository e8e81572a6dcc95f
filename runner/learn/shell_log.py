"""The log that every lab shell keeps (`runner/lab/image/bashrc`), read line by line.

Tab-separated: time (UTC), host, folder, exit status, who typed, command; folder and command quoted
by bash's `%q`.
"""

from __future__ import annotations

import re
import shlex
from typing import Any

LOG = "/var/log/learn-docker-net/shell.log"
"""In a lab host."""
MOST = 5_000
"""Lines kept of one host's log, the last ones."""
LONGEST = 16_384
"""Characters kept of one command."""
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z")
_STATUS = re.compile(r"\d{1,4}")
_ESCAPES = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "v": "\v",
    "E": "\x1b",
    "e": "\x1b",
    "\\": "\\",
    "'": "'",
    '"': '"',
}


def read_log(raw: str, most: int = MOST) -> tuple[list[list[Any]], bool]:
    """Give time, folder, status, who (empty for the learner) and command of each line, and whether
    older lines were left out.

    Lines that no shell of ours wrote are left out: anybody in the lab may write to the file.
    """
    lines = [line for line in raw.split("\n") if line]
    found = [row for row in map(_row, lines[-most:]) if row is not None]
    return found, len(lines) > most


def _row(line: str) -> list[Any] | None:
    fields = line.split("\t")
    if len(fields) != 6 or not _TIME.fullmatch(fields[0]) or not _STATUS.fullmatch(fields[3]):
        return None
    at, _, folder, status, by, command = fields
    who = "" if by == "learner" else by[:40]
    return [at, unquoted(folder)[:1024], int(status), who, unquoted(command)[:LONGEST]]


def unquoted(word: str) -> str:
    """Undo bash's `%q`; what cannot be undone stays as it was written."""
    if word.startswith("$'") and word.endswith("'"):
        return _ansi(word[2:-1])
    try:
        parts = shlex.split(word)
    except ValueError:
        return word
    return "".join(parts) if len(parts) < 2 else word


def _ansi(text: str) -> str:
    """Undo bash's `$'…'`, whose octal escapes are bytes."""
    found = bytearray()
    index = 0
    while index < len(text):
        letter = text[index]
        index += 1
        if letter != "\\" or index == len(text):
            found += letter.encode()
            continue
        octal = text[index : index + 3]
        if re.fullmatch("[0-3][0-7]{2}", octal):
            found.append(int(octal, 8))
            index += 3
        else:
            found += _ESCAPES.get(text[index], "\\" + text[index]).encode()
            index += 1
    return found.decode("utf-8", "replace")
