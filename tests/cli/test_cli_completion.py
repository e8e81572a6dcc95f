"""Completion: what is offered, and the scripts in the shells that are there."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from runner.cli.complete import offers
from runner.cli.completion import SCRIPTS
from tests.cli.terminal import Terminal


def words(before: list[str], last: str) -> list[str]:
    return [word for word, _ in offers(before, last)]


def test_commands_and_options_come_first() -> None:
    assert words([], "sh") == ["show", "shell"]
    assert "--lang" in words([], "--")
    assert words(["--lang"], "") == ["en", "zh"]
    assert words(["--lang", "zh"], "ch") == ["check"]


def test_lessons_steps_options_and_choices() -> None:
    assert "lesson-07" in words(["check"], "")
    assert words(["check"], "lesson-07/al") == ["lesson-07/alias"]
    assert "lesson-07/" not in words(["up"], "lesson-07/")
    assert words(["check"], "--ju") == ["--junit"]
    assert words(["check", "--junit"], "") == [":files"]
    assert words(["up", "lesson-01", "--docker"], "2") == ["20.10", "26.1", "28.5"]
    assert words(["completion"], "") == ["bash", "zsh", "fish"]
    assert words(["course"], "p") == ["prove"]
    assert "lesson-01" in words(["course", "prove", "--jobs", "2"], "")
    assert words(["images", "save"], "") == [":files"]


def test_where_a_step_must_follow_the_slash_is_there() -> None:
    assert words(["solve"], "lesson-07") == ["lesson-07/"]
    assert words(["answer"], "lesson-07/al") == ["lesson-07/alias"]
    assert words(["check"], "lesson-07") == ["lesson-07"]


def test_the_hosts_of_the_lab_are_offered(terminal: Terminal) -> None:
    course = ["--course", str(terminal.course)]
    assert words([*course, "shell"], "") == []
    terminal.ok("up", "1")
    assert words([*course, "shell"], "") == ["docker"]
    assert words(["shell", *course], "do") == ["docker"]
    assert words(["shell"], "") == []


def test_somebody_elses_course_is_offered_from(terminal: Terminal) -> None:
    for before in (
        ["--course", str(terminal.course), "check"],
        ["check", "--course", str(terminal.course)],
        [f"--course={terminal.course}", "check"],
    ):
        assert words(before, "") == ["lesson-01", "lesson-02"]
        assert "lesson-01/make" in words(before, "lesson-01/")


def test_nonsense_offers_nothing(terminal: Terminal) -> None:
    assert words(["dance"], "") == []
    assert terminal.run("complete", "--", "dance", "x", own=False) == 0
    assert terminal.out == ""


@pytest.mark.parametrize("shell", SCRIPTS)
def test_scripts_parse_where_their_shell_is(terminal: Terminal, shell: str) -> None:
    terminal.ok("completion", shell)
    assert "learn-docker-net complete --" in terminal.out
    if shutil.which(shell):
        subprocess.run([shell, "-n", "-c", terminal.out], check=True)


def test_bash_completes_with_the_script() -> None:
    program = SCRIPTS["bash"] + (
        "\nlearn-docker-net() { printf '%s\\n' \"lesson-01\tdocker0, the bridge\"; }\n"
        "COMP_WORDS=(learn-docker-net check le); COMP_CWORD=2\n"
        "_learn_docker_net; printf '<%s>' \"${COMPREPLY[@]}\"\n"
    )
    done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "<lesson-01>"
