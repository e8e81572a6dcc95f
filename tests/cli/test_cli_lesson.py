"""Taking a lesson by single commands, from the first start to complete."""

from __future__ import annotations

import json
from xml.etree import ElementTree

from runner.words import use
from tests.cli.terminal import Terminal


def test_a_lesson_never_started_is_3_and_says_how_to_start(terminal: Terminal) -> None:
    assert terminal.run("check", "1") == 3
    assert terminal.err.splitlines()[-2:] == [
        "lesson-01 was never started.",
        "  Start it: learn-docker-net start lesson-01",
    ]


def test_without_a_lab_a_command_wants_a_lesson(terminal: Terminal) -> None:
    assert terminal.run("check") == 2
    assert "Which lesson?" in terminal.err


def test_the_whole_way(terminal: Terminal) -> None:
    assert "-" in terminal.ok("list")
    assert "The lab for lesson-01 is up with Docker 26.1" in terminal.ok("up", "1")
    assert terminal.run("check") == 1
    assert "FAILED" in terminal.out and "Make it with `touch one`." in terminal.out
    assert "A command makes it." in terminal.ok("hint")
    assert "It is called touch." in terminal.ok("hint", "1/make")
    terminal.ok("solve", "1/make")
    assert terminal.run("answer", "1/look", "number", "24") == 1
    assert "read from behind" in terminal.out
    terminal.ok("answer", "1/look", "number", "42")
    terminal.ok("answer", "1/look", "kind", "digits")
    (terminal.place / "one").rename(terminal.place / "two")
    out = terminal.ok("check", "lesson-01")
    assert "undone by rename, as meant" in out
    assert "The lesson is complete." in out
    assert "complete" in terminal.ok("list")
    (terminal.place / "two").unlink()
    assert terminal.run("check") == 1
    assert terminal.run("check", "1/look") == 0


def test_a_failed_check_tells_claim_expected_found_otherwise_and_evidence(
    terminal: Terminal,
) -> None:
    terminal.ok("up", "1")
    (terminal.place / "number").write_text("".join(f"{n} \x1b[31m\n" for n in range(30)))
    assert terminal.run("check", "1/look") == 1
    lines = [line.strip() for line in terminal.out.splitlines()]
    assert "FAILED       the file number says 42" in lines
    assert any(line.startswith("expected") for line in lines)
    assert any(line.startswith("found") for line in lines)
    assert "| 29 \\x1b[31m" in lines
    assert any("lines before these" in line for line in lines)
    assert "\x1b" not in terminal.out


def test_the_steps_nobody_has_reached_are_not_explained(terminal: Terminal) -> None:
    terminal.ok("up", "1")
    terminal.run("check")
    assert "not reached yet (checks: 2)" in terminal.out


def test_json_holds_everything_and_cuts_nothing(terminal: Terminal) -> None:
    terminal.ok("up", "1")
    (terminal.place / "number").write_text("x\n" * 5000)
    assert terminal.run("check", "--json") == 1
    data = json.loads(terminal.out)
    by_id = {check["id"]: check for check in data["checks"]}
    assert (data["exit"], data["complete"], data["recorded"]) == (1, False, True)
    assert data["counts"] == {"failed": 3, "skipped": 1}
    assert by_id["look.kept"]["evidence"].count("x\n") == 5000
    assert by_id["make.there"]["otherwise"] == "Make it with `touch one`."
    assert data["questions"][0] == {"id": "look.number", "answered": False}


def test_junit_has_a_case_a_check(terminal: Terminal) -> None:
    terminal.ok("up", "1")
    assert terminal.run("check", "--junit", "-") == 1
    root = ElementTree.fromstring(terminal.out)
    counts = {name: root.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "4", "failures": "2", "errors": "0", "skipped": "1"}
    assert [case.get("name") for case in root.iter("testcase")] == [
        "make.there",
        "look.kept",
        "rename.named",
        "rename.kept",
    ]


def test_a_junit_file_that_cannot_be_written_is_said(terminal: Terminal) -> None:
    terminal.ok("up", "1")
    assert terminal.run("check", "--junit", "/no/such/folder/x.xml") == 3
    assert "cannot be written" in terminal.err


def test_a_dead_engine_is_3_and_explained_once(terminal: Terminal) -> None:
    terminal.ok("up", "1")
    terminal.ok("goto", "1/rename")
    (terminal.place / "dead").touch()
    assert terminal.run("check") == 3
    assert "ERRORED" in terminal.out


def test_goto_leads_to_a_step(terminal: Terminal) -> None:
    assert "ready for rename" in terminal.ok("goto", "1/rename")
    assert (terminal.place / "one").exists()
    assert "not reached" not in terminal.out


def test_a_shell_command_gives_its_own_status(terminal: Terminal) -> None:
    terminal.ok("up", "1")
    assert terminal.run("shell", "--", "exit 7") == 7
    assert terminal.run("shell", "--", "test", "-e", "number") == 0
    assert terminal.run("shell", "nohost", "--", "true") in (0, 3)  # the directory has no hosts


def test_another_lessons_lab_goes_only_when_that_is_said(terminal: Terminal) -> None:
    terminal.ok("up", "1")
    assert terminal.run("up", "2") == 3
    assert "still set up for lesson-01" in terminal.err
    terminal.ok("up", "2", "--replace")
    terminal.ok("check", "2")


def test_a_clean_lab(terminal: Terminal) -> None:
    terminal.ok("up", "1")
    (terminal.place / "one").touch()
    terminal.ok("reset")
    assert not (terminal.place / "one").exists()


def test_the_same_in_chinese(terminal: Terminal) -> None:
    terminal.ok("up", "1")
    assert terminal.run("--lang", "zh", "check") == 1
    assert "未通过" in terminal.out
    use("en")
