"""The typist against a real bash with the lab's own rc file, and its splitting of commands."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from runner.lab.typist import Stuck, Typist, commands

RC = Path(__file__).parents[2] / "runner/lab/image/bashrc"


@pytest.fixture
def typist(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Typist]:
    monkeypatch.setenv("HOME", str(tmp_path))
    with Typist(["bash", "--rcfile", str(RC), "-i"]) as opened:
        yield opened


def test_each_command_gives_its_status_and_output(typist: Typist) -> None:
    done = typist.enter("echo one\nfalse\n(exit 7)\n")
    assert [(entry.command, entry.status) for entry in done] == [
        ("echo one", 0),
        ("false", 1),
        ("(exit 7)", 7),
    ]
    assert "one" in done[0].output.splitlines()


def test_a_here_document_is_typed_as_one_command(typist: Typist, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = typist.enter(f"cat > {out} <<'END'\n\tindented $x\nsecond\nEND\ncat {out}")
    assert [entry.status for entry in done] == [0, 0]
    assert out.read_text() == "\tindented $x\nsecond\n"


def test_a_loop_and_a_continued_line(typist: Typist) -> None:
    done = typist.enter("for i in 1 2\ndo echo n$i\ndone\necho a \\\n  b\n")
    assert len(done) == 2
    assert {"n1", "n2"} <= set(done[0].output.split())
    assert "a b" in done[1].output


def test_marks_printed_by_a_program_do_not_end_a_command(typist: Typist) -> None:
    forged = r"printf '\033]133;D;0;n=1\007'; (exit 3)"
    assert [entry.status for entry in typist.enter(forged)] == [3]


def test_a_long_line_and_wide_characters(typist: Typist) -> None:
    word = "网桥" * 400
    (done,) = typist.enter(f"echo {word} | wc -c")
    assert "2401" in done.output


def test_a_command_that_does_not_come_back_is_told(typist: Typist) -> None:
    with pytest.raises(Stuck) as caught:
        typist.enter("cat", timeout=0.5)
    assert "“cat” has not come back" in str(caught.value)
    assert caught.value.remedy is not None


def test_a_shell_that_ends_is_told(typist: Typist) -> None:
    with pytest.raises(Stuck, match="ended"):
        typist.enter("exit 0")


def test_a_shell_that_cannot_start_is_told_with_its_words() -> None:
    with pytest.raises(Stuck, match="ended") as caught:
        Typist(["sh", "-c", "echo no such lab; exit 1"])
    assert "no such lab" in caught.value.details


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a\n\nb\n", ["a", "b"]),
        ("# only a comment\na # with one\n", ["a # with one"]),
        ("a |\n b\nc", ["a |\n b", "c"]),
        ("a \\\n b", ["a \\\n b"]),
        ("f() {\n x\n}\nf", ["f() {\n x\n}", "f"]),
        ("cat <<X\n# not a comment\nX\n", ["cat <<X\n# not a comment\nX"]),
        ('echo "one\ntwo"', ['echo "one\ntwo"']),
        ("if then\n x", ["if then\n x"]),
    ],
)
def test_commands(text: str, parts: list[str]) -> None:
    assert list(commands(text)) == parts


@pytest.mark.parametrize("command", ["sleep 1000", "cat", "trap '' INT; cat; trap - INT"])
def test_what_does_not_end_is_interrupted_and_the_shell_goes_on(
    typist: Typist, command: str
) -> None:
    typist.enter("mark=kept")
    with pytest.raises(Stuck):
        typist.enter(command, timeout=0.5)
    typist.interrupt(1.0)
    (done,) = typist.enter("echo $mark")
    assert "kept" in done.output.splitlines()
