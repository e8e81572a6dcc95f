"""What is said and asked before anything runs."""

from __future__ import annotations

import os

import pytest

from runner.cli import consent
from runner.cli.face import Face
from tests.cli.terminal import Terminal


def test_nobody_to_ask_is_a_mistake_with_the_way_on(terminal: Terminal) -> None:
    assert terminal.run("up", "1", yes=False) == 2
    assert "root on this machine" in terminal.err.replace("\n", " ")
    assert "--yes" in terminal.err
    assert terminal.labs.made == 0


def test_what_was_agreed_to_is_remembered(terminal: Terminal) -> None:
    terminal.ok("up", "1")
    assert terminal.run("up", "1", yes=False) == 0
    assert "root" not in terminal.err


def test_a_strangers_course_is_said_to_be_a_program(terminal: Terminal) -> None:
    terminal.run("up", "1")
    assert "A course is a program" in terminal.err


def test_a_course_that_changed_is_asked_about_again(terminal: Terminal) -> None:
    terminal.ok("up", "1")
    lesson = terminal.course / "lesson-02-nothing.yaml"
    lesson.write_text(lesson.read_text().replace("Wait.", "Wait a little."))
    assert terminal.run("check", "1", yes=False) == 2
    assert "A course is a program" in terminal.err


def test_a_file_that_never_ends_keeps_nobody_waiting(terminal: Terminal) -> None:
    os.mkfifo(terminal.course / "pipe.yaml")
    (terminal.course / "zeros.yaml").symlink_to("/dev/zero")
    terminal.ok("up", "1")


def test_reading_a_strangers_course_asks_nothing(terminal: Terminal) -> None:
    assert terminal.run("list", yes=False) == 0
    assert terminal.run("show", "1", yes=False) == 0


def test_ci_agrees(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    assert terminal.run("up", "1", yes=False) == 0


@pytest.mark.parametrize(("typed", "agreed"), [("y\n", True), ("yes\n", True), ("\n", False)])
def test_a_person_is_asked(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, typed: str, agreed: bool
) -> None:
    monkeypatch.setattr(Face, "can_ask", property(lambda _: True))
    words = ["up", "1"]
    # The first question is about labs, the second about the stranger's course.
    assert terminal.run(*words, yes=False, typed=typed * 2) == (0 if agreed else 3)
    assert terminal.labs.made == int(agreed)


def test_a_question_of_the_makers_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    from checks.message import msg

    assert consent.agree(Face(yes=True), msg("Install it?"))
