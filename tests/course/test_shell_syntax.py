"""Shell is parsed by bash, all in one process, and never run."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from runner.course.shell_syntax import parse_all

GOOD = [
    "",
    "# only a comment",
    "docker run -d --name web01 localhost/box sleep infinity",
    "cat <<EOF\nhello\nEOF",
    'echo "$(ls\n)"',
    "for x in 1 2; do\n  echo $x\ndone\n",
    "f() { echo; }; f",
    "case x in x) ;; esac",
    'echo "$(date)" ${x:-$(date)}',
]
BAD = [
    ("echo 'a", 1),
    ("ls\necho $(", 2),
    ("cat <<EOF\nhi", 2),
    ("echo ok\nfor x in 1; do )\ndone", 2),
    ("if true; then", 1),
    ("a\nb && || c", 2),
    ("done", 1),
    ("ls)", 1),
]


@pytest.mark.parametrize("text", GOOD)
def test_shell_that_parses(text: str) -> None:
    assert parse_all([text]) == {}


@pytest.mark.parametrize(("text", "line"), BAD)
def test_shell_that_does_not(text: str, line: int) -> None:
    assert parse_all([text])[0][0] == line


def test_each_text_is_judged_for_itself() -> None:
    texts = [*GOOD, *(text for text, _ in BAD), *GOOD]
    assert list(parse_all(texts)) == list(range(len(GOOD), len(GOOD) + len(BAD)))


@pytest.mark.parametrize(
    "escape",
    [
        "touch {0}",
        "}}\ntouch {0}\n{{ :",
        "}}; touch {0}; ldn() {{ :",
        "fi\ntouch {0}\nif :; then",
        "fi; touch {0}; if :; then",
        '"; touch {0}; "',
        "$(touch {0})",
        "`touch {0}`",
        '"; }}\ntouch {0}\nparse() {{ touch {0}; ',
        "\0touch {0}",
        "\1end\n",
    ],
)
def test_nothing_is_run(tmp_path: Path, escape: str) -> None:
    touched = tmp_path / "touched"
    parse_all([escape.format(touched), "echo fine"])
    assert not touched.exists()


@pytest.mark.parametrize("text", ["}\nls\n{ :", "fi\nls\nif :; then", "}; f() { :"])
def test_what_closes_our_own_frame_is_an_error(text: str) -> None:
    assert parse_all([text]).keys() == {0}


def test_many_texts_take_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    run = subprocess.run

    def counting(*arguments: Any, **options: Any) -> Any:
        started.append(arguments)
        return run(*arguments, **options)

    monkeypatch.setattr(subprocess, "run", counting)
    assert parse_all(["docker ps"] * 500 + ["done"]).keys() == {500}
    assert len(started) == 1
