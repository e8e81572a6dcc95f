"""The frame around the commands: help, mistakes, languages, exit statuses."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from runner.cli import main as frame
from tests.cli.terminal import Terminal

ROOT = Path(__file__).parents[2]
PROGRAM = [sys.executable, "-m", "runner.cli.main"]


def test_help_names_every_command(terminal: Terminal) -> None:
    assert terminal.run("--help", own=False, yes=False) == 0
    assert all(f"  {name} " in terminal.out for name in frame.commands())


@pytest.mark.parametrize("name", frame.commands())
def test_every_command_has_help(terminal: Terminal, name: str) -> None:
    assert terminal.run(name, "--help", own=False, yes=False) == 0
    assert f"learn-docker-net {name}" in terminal.out


def test_no_command_at_all_shows_the_help_as_a_mistake(terminal: Terminal) -> None:
    assert terminal.run(own=False, yes=False) == 2


def test_the_version_is_the_packages(terminal: Terminal) -> None:
    assert terminal.run("--version", own=False, yes=False) == 0
    assert terminal.out.startswith("learn-docker-net 0.")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["lst"], "Did you mean list?"),
        (["--bogus"], "There is no option --bogus"),
        (["check", "--bogus"], "check --help"),
        (["show", "lesson-91"], "Did you mean lesson-01?"),
        (["show", "1/mkae"], "Did you mean lesson-01/make?"),
        (["course"], "required"),
        (["--lang"], "Usage"),
    ],
)
def test_mistakes_end_with_2_and_the_way_on(
    terminal: Terminal, words: list[str], said: str
) -> None:
    assert terminal.run(*words) == 2
    assert terminal.out == ""
    assert said in terminal.err


def test_a_language_nobody_speaks_is_refused(terminal: Terminal) -> None:
    assert terminal.run("--lang", "xx", "doctor", own=False) == 2
    assert "en, zh" in terminal.err


@pytest.mark.parametrize("name", ["1", "01", "lesson-01", "LESSON-1", "lesson-01-files", "files"])
def test_lessons_are_found_by_many_names(terminal: Terminal, name: str) -> None:
    assert "Files and names" in terminal.ok("show", name)


def test_options_stand_before_or_after_the_command(terminal: Terminal) -> None:
    assert terminal.run("list", "--course", str(terminal.course), own=False) == 0
    assert "Files and names" in terminal.out


def test_a_folder_that_is_no_course_is_said(terminal: Terminal, tmp_path: Path) -> None:
    assert terminal.run("list", "--course", str(tmp_path), own=False) == 3
    assert "is not a course" in terminal.err


def test_a_reader_that_goes_away_leaves_no_traceback() -> None:
    process = subprocess.Popen(
        [*PROGRAM, "show", "7"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() == frame.BROKEN_PIPE


WAITING = """
import signal, sys
from runner.cli import list, main
def run(options, face):
    print("waiting", flush=True)
    signal.pause()
list.run = run
sys.exit(main.main(["list"]))
"""


def test_ctrl_c_ends_with_130_and_no_traceback() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", WAITING],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "waiting\n"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (130, "", "")


ENDING = """
import atexit, sys, threading
from runner.cli import list, main
def work():
    threading.main_thread().join()
    print("the thread's words")
def run(options, face):
    atexit.register(print, "the last words")
    if {thread}:
        threading.Thread(target=work).start()
    face.say("data")
    return 7
list.run = run
sys.argv = ["learn-docker-net", "list"]
sys.exit(main.entry())
"""


@pytest.mark.parametrize(
    ("thread", "words"),
    [
        (False, "data\nthe last words\n"),
        (True, "data\nthe thread's words\nthe last words\n"),
    ],
)
def test_a_quick_end_leaves_nothing_unsaid(thread: bool, words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ENDING.format(thread=thread)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (7, words, "")


def test_a_defect_is_not_taken_for_a_failed_check(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("runner.cli.list.index_of", broken)
    assert terminal.run("list") == 3
    assert "defect" in terminal.err
