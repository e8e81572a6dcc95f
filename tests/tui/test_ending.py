"""The screen ends in order when it is ended from outside."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pexpect

NORMAL_SCREEN = "\x1b[?1049l"


def test_sigterm_puts_the_terminal_back(own_home: Path) -> None:
    screen = pexpect.spawn(
        sys.executable,
        ["-m", "runner.cli.main", "--yes", "start"],
        env={"LEARN_DOCKER_NET_HOME": str(own_home), "TERM": "xterm-256color", "LANG": "C.UTF-8"},
        dimensions=(24, 80),
        encoding="utf-8",
        timeout=30,
    )
    try:
        screen.expect_exact("lesson-01")
        screen.kill(signal.SIGTERM)
        screen.expect_exact(NORMAL_SCREEN)
        screen.expect(pexpect.EOF)
        screen.wait()
        assert screen.exitstatus == 128 + signal.SIGTERM
    finally:
        screen.close(force=True)
