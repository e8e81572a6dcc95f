"""A shell or a command in a lab host that ends with its terminal, as any does.

What `docker exec` has started goes on when its terminal is closed, Ctrl-C is typed or the program
around it is killed: the engine holds the other end open, and without a terminal of its own no
signal goes in. So a small `sh` stays beside it, hears of the signal and passes a hang-up on; bash
then tells its jobs, and what was started with `nohup` stays.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence

MARK = "LDN_SHELL"
"""Environment variable by which a shell is known again."""
_TOLD = r"""
cd /proc
for pid in [0-9]*; do
  { read -r line <"$pid/stat" && mapfile -d '' words <"$pid/environ"; } 2>/dev/null || continue
  set -- ${line##*) }
  [ "$2" = 0 ] || continue
  for word in "${words[@]}"; do
    [ "$word" = "LDN_SHELL=$0" ] && kill -HUP -- "-$pid"
  done
done
"""
"""Hangs up the marked shell or command, with all of its group: a script tells its children nothing.
Its parent is none of the lab host's, so that number is 0."""
_BESIDE = (
    "trap gone=129 HUP; trap gone=130 INT; trap gone=143 TERM; {shell}; status=$?; "
    "if [ \"$gone\" ]; then trap '' HUP INT TERM; {hangup} </dev/null >/dev/null 2>&1; fi; "
    'exit "${{gone:-$status}}"'
)
"""The status is the signal's where one came: an interrupted client may well end with 0."""


def new_mark() -> str:
    """Give a mark that no other shell has."""
    return os.urandom(8).hex()


def with_hangup(shell: Sequence[str], on_host: Sequence[str], mark: str) -> list[str]:
    """Give the command that runs `shell` and hangs it up when its own terminal goes.

    `on_host` is what runs a command on the lab host; `shell` sets `LDN_SHELL` to `mark` there.
    """
    hangup = [*on_host, "/ldn/bin/bash", "-c", _TOLD, mark]
    script = _BESIDE.format(shell=shlex.join(shell), hangup=shlex.join(hangup))
    return ["sh", "-c", script]
