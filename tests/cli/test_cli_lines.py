"""The line mode with its commands piped in, as a screen reader's user or a script has it."""

from __future__ import annotations

from tests.cli.terminal import Terminal


def take(terminal: Terminal, *lines: str, lesson: str = "1") -> str:
    assert terminal.run("step", lesson, typed="\n".join(lines) + "\n") == 0, terminal.err
    return terminal.out


def test_a_lesson_line_by_line(terminal: Terminal) -> None:
    out = take(
        terminal,
        "check",
        "next",
        "hint",
        "shell touch one",
        "check",
        "next",
        "answer",
        "answer number 42",
        "answer kind word",
        "next",
        "answer kind digits",
        "check",
        "next",
        "solution",
        "solve",
        "next",
    )
    assert "Step 1 of 3, make: A file" in out
    assert "Not yet: check." in out
    assert "Hint 1 of 2 for make:" in out
    assert "All of this step holds: `next` goes on." in out
    assert "2/3 look> answer number 42\nright\nIt is the answer to everything." in out
    assert "Not yet: kind, check." in out
    assert "    mv one two" in out
    assert "A file keeps its content" in out
    assert "The lesson is complete." in out
    assert "\x1b" not in out


def test_leaving_and_going_on(terminal: Terminal) -> None:
    take(terminal, "shell touch one", "check", "next", "quit", "never reached")
    out = take(terminal, "steps", "back", "back")
    assert "2/3 look> steps" in out
    assert "  1  make A file (passed)" in out
    assert "> 2  look A number (open)" in out
    assert "This is the first step." in out


def test_beginnings_of_words_will_do(terminal: Terminal) -> None:
    out = take(terminal, "c", "he", "?", "q")
    assert "FAILED" in out and "leave; the lab stays" in out


def test_an_unknown_word_is_said_and_shows_in_the_status(terminal: Terminal) -> None:
    assert terminal.run("step", "1", typed="dance\n") == 2
    assert "There is no dance here" in terminal.out
    assert terminal.run("step", "1", typed="so\n") == 2
    assert "solution, solve" in terminal.out


def test_an_error_is_told_and_the_next_line_taken(terminal: Terminal) -> None:
    assert terminal.run("step", "1", typed="goto nowhere\nsteps\n") == 2
    assert "has no step nowhere" in terminal.err
    assert "> 1  make" in terminal.out


def test_going_to_a_step_and_back_to_the_beginning(terminal: Terminal) -> None:
    out = take(terminal, "goto 3", "shell ls", "reset", "shell ls")
    assert "Step 3 of 3, rename" in out
    assert out.rstrip().endswith("1/3 make> shell ls")


def test_skipping_to_the_end_shows_what_is_open(terminal: Terminal) -> None:
    out = take(terminal, "skip", "skip", "skip")
    assert "FAILED" in out and "complete" not in out


def test_start_takes_the_first_lesson_not_complete(terminal: Terminal) -> None:
    assert terminal.run("start", typed="quit\n") == 0
    assert "lesson-01 Files and names" in terminal.out


def test_a_step_may_be_named(terminal: Terminal) -> None:
    out = take(terminal, "quit", lesson="1/rename")
    assert "3/3 rename> quit" in out
