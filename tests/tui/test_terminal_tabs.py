"""Several shells: one for each lab host, more on demand, and none left over."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path

import pytest

from runner.tui.shell_pane import ShellTab
from runner.tui.terminal_view import TerminalView
from tests.tui.terminal_stage import PATIENCE, Stage, bash, program, shells


def labels(app: Stage) -> list[str]:
    return [str(tab.render()) for tab in app.query(ShellTab)]


async def test_one_shell_has_no_row_of_tabs() -> None:
    async with shells(program("exec cat"), size=(60, 12)) as app:
        await app.until(lambda: app.view.running)
        assert app.view.size.height == 12


async def test_each_host_has_a_shell_that_opens_when_it_is_first_shown() -> None:
    opened: list[str] = []

    def argv(host: str) -> list[str]:
        opened.append(host)
        return program(f"echo this is {host}; exec cat")

    async with shells(argv, hosts=("docker1", "docker2")) as app:
        await app.sees("this is docker1")
        assert labels(app) == ["docker1", "docker2"]
        assert opened == ["docker1"]
        app.pane.show_host("docker2")
        await app.sees("this is docker2")
        assert app.pane.host == "docker2"
        await app.until(lambda: app.focused is app.view)
        await app.pilot.press("ctrl+pagedown")
        await app.sees("this is docker1")
        await app.pilot.click(list(app.query(ShellTab))[1])
        await app.sees("this is docker2")


async def test_another_shell_is_opened_named_and_closed(tmp_path: Path) -> None:
    async with shells(bash(tmp_path)) as app:
        await app.sees(">")
        app.pane.add_shell()
        await app.until(lambda: labels(app) == ["docker", "docker 2"])
        await app.until(lambda: app.view.running and app.focused is app.view)
        await app.sees(">")
        await app.enter("exit")
        await app.sees("The shell has ended.")
        await app.pilot.press("ctrl+d")
        await app.until(lambda: labels(app) == ["docker"])
        await app.until(lambda: app.focused is app.view)
        await app.enter("echo first")
        await app.sees("\nfirst")


async def test_a_host_without_a_shell_gets_one(tmp_path: Path) -> None:
    async with shells(bash(tmp_path)) as app:
        await app.sees(">")
        app.pane.show_host("docker2")
        await app.until(lambda: labels(app) == ["docker", "docker2"])


async def test_a_new_lab_opens_the_hosts_shells_anew(tmp_path: Path) -> None:
    async with shells(bash(tmp_path)) as app:
        await app.sees(">")
        await app.enter("echo old")
        await app.sees("\nold")
        app.pane.add_shell()
        await app.until(lambda: len(app.query(TerminalView)) == 2)
        app.pane.restart()
        await app.until(lambda: len(app.query(TerminalView)) == 1)
        await app.until(lambda: "old" not in app.text() and ">" in app.text())
        await app.until(lambda: app.view.running)


async def test_a_shell_closed_while_it_is_being_opened_is_not_opened() -> None:
    asked, answered = threading.Event(), threading.Event()

    def argv(host: str) -> list[str]:
        asked.set()
        answered.wait(PATIENCE)
        return program("exec cat")

    async with shells(argv) as app:
        await app.until(asked.is_set)
        app.pane.close_all()
        answered.set()
        await asyncio.sleep(0)
        await app.until(lambda: not list(app.workers))
        assert not app.view.running


@pytest.mark.parametrize("way", ["close_all", "leave"])
async def test_no_program_is_left_over(way: str) -> None:
    async with shells(program("echo pid $$; trap '' INT; exec sleep 300")) as app:
        await app.sees("pid")
        await app.until(lambda: app.text().split()[1:])
        pid = int(app.text().split()[1])
        if way == "close_all":
            app.pane.close_all()
            await app.until(lambda: not alive(pid))
    end = time.monotonic() + PATIENCE
    while alive(pid) and time.monotonic() < end:
        await asyncio.sleep(0.01)
    assert not alive(pid)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
