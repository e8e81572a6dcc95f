"""A class by its commands: enroll, join, submit, on labs that are directories."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from checks.verdict import State
from runner.grade.class_file import load_class
from runner.grade.handed_in import gather
from runner.grade.heads import head_findings
from runner.grade.keys import read_registry
from runner.grade.submission import Signature, open_submission
from tests.cli.terminal import Terminal
from tests.grade.making import CLASS

Enrol = Callable[[str], Path]


@pytest.fixture
def class_file(terminal: Terminal, tmp_path: Path) -> Path:
    """The class of the small course."""
    path = tmp_path / "class.yaml"
    path.write_text(CLASS, encoding="utf-8")
    (tmp_path / "handed-in").mkdir()
    return path


@pytest.fixture
def joined(terminal: Terminal, class_file: Path) -> str:
    """Ada's public key as text, once she has joined."""
    terminal.ok("enroll", str(class_file))
    out = terminal.ok("join", str(class_file.parent / "enrol/net-2026-ada.join"))
    [line] = [line for line in out.splitlines() if line.startswith("ldn-key:")]
    return line


def do_lesson(terminal: Terminal) -> None:
    terminal.ok("up", "1")
    (terminal.place / "one").touch()
    terminal.run("check", "lesson-01/make")
    terminal.ok("answer", "lesson-01/look", "number", "42")
    terminal.ok("hint", "lesson-01/rename")


def test_from_a_class_file_to_a_submission_that_is_judged(
    terminal: Terminal, class_file: Path, joined: str
) -> None:
    assert "ada" in terminal.ok("enroll", str(class_file), "--add", joined)
    do_lesson(terminal)
    target = class_file.parent / "handed-in/whatever.ldn"
    said = terminal.ok("submit", "--out", str(target))
    assert "Hand in: Moodle, task 3" in said
    class_ = load_class(class_file)
    handed_in = gather(class_)
    assert handed_in.files == {"ada": target} and handed_in.findings == ()
    with open_submission(target) as found:
        assert found.signature is Signature.GOOD
        findings = head_findings(
            found.head,
            found.signature,
            class_,
            "ada",
            read_registry(class_file),
            found.head.course_digest,
        )
        assert findings == ()
        work = found.work("lesson-01")
    assert {one.state for one in work.of("make.there")} == {State.PASSED}
    assert [(one.value, one.known) for one in work.answers] == [("42", ("42",))]
    assert [(one.step, one.count) for one in work.hints] == [("rename", 1)]


def test_enroll_lists_who_has_registered(terminal: Terminal, class_file: Path, joined: str) -> None:
    assert terminal.ok("enroll", str(class_file)).count("registered") == 0
    mail = class_file.parent / "mail.txt"
    mail.write_text(f"Dear teacher,\n> {joined}\nAda\n")
    terminal.ok("enroll", str(class_file), "--add", str(mail))
    assert terminal.ok("enroll", str(class_file)).count("registered") == 1


def test_a_key_is_taken_only_from_whom_it_belongs_to(
    terminal: Terminal, class_file: Path, joined: str
) -> None:
    terminal.ok("enroll", str(class_file), "--add", joined)
    assert terminal.run("enroll", str(class_file), "--add", joined.replace(":ada:", ":ben:")) == 3
    assert "checksum does not fit" in terminal.err
    assert terminal.run("enroll", str(class_file), "--add", "no key") == 2
    assert "neither a public key nor a file" in terminal.err


def test_another_learner_with_the_same_key_is_refused(
    terminal: Terminal, class_file: Path, joined: str
) -> None:
    from runner.grade.signing import PublicKey, read_keys

    terminal.ok("enroll", str(class_file), "--add", joined)
    [ada] = read_keys(joined)
    assert isinstance(ada, PublicKey)
    copied = str(PublicKey("net-2026", "ben", ada.key))
    assert terminal.run("enroll", str(class_file), "--add", copied) == 3
    assert "ben sent the key of ada" in terminal.err


def test_one_key_that_cannot_be_taken_stops_no_other(
    terminal: Terminal, class_file: Path, joined: str
) -> None:
    from runner.grade.signing import PublicKey, make_private, public_of

    def key(class_id: str, learner: str) -> str:
        return str(PublicKey(class_id, learner, public_of(make_private())))

    mails = class_file.parent / "mails.txt"
    damaged = key("net-2026", "ben").replace(":ben:", ":bea:")
    lines = [key("other", "ada"), damaged, key("net-2026", "zoe"), joined, key("net-2026", "ben")]
    mails.write_text("\n".join(lines))
    words = ("enroll", str(class_file), "--add", "no key", "--add", str(mails))
    assert terminal.run(*words) == 3
    assert "The key of ada is registered." in terminal.out
    assert "The key of ben is registered." in terminal.out
    for said in ("for the class other", "key of bea was changed", "zoe is not", "neither a public"):
        assert said in terminal.err
    assert terminal.ok("enroll", str(class_file)).count("registered") == 2


def test_a_second_key_is_asked_about(terminal: Terminal, class_file: Path, joined: str) -> None:
    from runner.grade.signing import PublicKey, make_private, public_of

    terminal.ok("enroll", str(class_file), "--add", joined)
    other = str(PublicKey("net-2026", "ada", public_of(make_private())))
    assert terminal.run("enroll", str(class_file), "--add", other, yes=False) == 2
    assert "has another key already" in terminal.err
    terminal.ok("enroll", str(class_file), "--add", other)


def test_joining_again_keeps_the_key(terminal: Terminal, class_file: Path, joined: str) -> None:
    assert joined in terminal.ok("join")
    assert joined in terminal.ok("join", str(class_file.parent / "enrol/net-2026-ada.join"))
    assert "You have left Networks" in terminal.ok("join", "--leave")
    assert terminal.run("join") == 2
    assert joined in terminal.ok("join", str(class_file.parent / "enrol/net-2026-ada.join"))


def test_becoming_somebody_else_is_asked_about(
    terminal: Terminal, class_file: Path, joined: str
) -> None:
    ben = str(class_file.parent / "enrol/net-2026-ben.join")
    assert terminal.run("join", ben, yes=False) == 2
    assert "You are ada in Networks already" in terminal.err
    assert "You are Ben (ben)" in terminal.ok("join", ben)
    assert joined not in terminal.out


def test_each_learner_at_one_machine_has_a_record_of_their_own(
    terminal: Terminal, class_file: Path, joined: str
) -> None:
    do_lesson(terminal)
    assert "checks" in terminal.ok("list")
    terminal.ok("join", str(class_file.parent / "enrol/net-2026-ben.join"))
    assert "of 4 checks" not in terminal.ok("list")
    terminal.ok("join", str(class_file.parent / "enrol/net-2026-ada.join"))
    assert "of 4 checks" in terminal.ok("list")


def test_a_learner_sees_what_would_be_handed_in(
    terminal: Terminal, class_file: Path, joined: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(class_file.parent)
    do_lesson(terminal)
    said = terminal.ok("submit", "--look")
    assert "1 answers" in said and "1 hints" in said
    assert list(class_file.parent.glob("*.ldn")) == []
    assert terminal.ok("submit", "--look", "--json")
    everything = json.loads(terminal.out)
    assert everything["lesson-01"]["answers"]["look.number"][0]["value"] == "42"
    terminal.ok("submit")
    assert (class_file.parent / "net-2026-ada.ldn").exists()


def test_only_chosen_lessons_are_handed_in(
    terminal: Terminal, class_file: Path, joined: str
) -> None:
    do_lesson(terminal)
    terminal.ok("up", "2", "--replace")
    target = class_file.parent / "some.ldn"
    terminal.ok("submit", "lesson-02", "--out", str(target))
    with open_submission(target) as found:
        assert found.head.lessons == ("lesson-02",)
    terminal.ok("submit", "--out", str(target))
    with open_submission(target) as found:
        assert found.head.lessons == ("lesson-01", "lesson-02")


def test_a_file_where_there_can_be_none_is_told(
    terminal: Terminal, class_file: Path, joined: str
) -> None:
    do_lesson(terminal)
    assert terminal.run("submit", "--out", str(class_file / "x.ldn")) == 3
    assert "cannot be written" in terminal.err
    assert "Name a file in a folder" in terminal.err


def test_submit_tells_what_is_in_the_way(terminal: Terminal, class_file: Path) -> None:
    assert terminal.run("submit") == 2
    assert "You have not joined a class" in terminal.err
    terminal.ok("enroll", str(class_file))
    terminal.ok("join", str(class_file.parent / "enrol/net-2026-ada.join"))
    assert terminal.run("submit") == 2
    assert "not begun a lesson" in terminal.err
    do_lesson(terminal)
    assert terminal.run("submit", "lesson-02") == 2
    assert terminal.run("submit", "--out", str(class_file)) == 2
    assert "no submission" in terminal.err
    assert terminal.run("submit", "--out", "/no/such/folder/x.ldn") == 3


def test_a_lab_that_is_gone_does_not_keep_anybody_from_handing_in(
    terminal: Terminal, class_file: Path, joined: str
) -> None:
    do_lesson(terminal)
    terminal.labs.remove()
    target = class_file.parent / "x.ldn"
    terminal.ok("submit", "--out", str(target))
    assert "What was recorded before is handed in" in terminal.err
    with open_submission(target) as found:
        assert found.work("lesson-01").of("make.there")


def test_enroll_gives_the_schema(terminal: Terminal) -> None:
    assert json.loads(terminal.ok("enroll", "--schema"))["title"] == "A class of learn-docker-net"
    assert terminal.run("enroll") == 2


def test_a_file_of_a_stranger_does_not_write_to_the_terminal(
    terminal: Terminal, class_file: Path
) -> None:
    evil = r'"\e]0;owned\a\e[2J"'
    text = CLASS.replace("Moodle, task 3", evil).replace("name: Ada", f"name: {evil}")
    class_file.write_text(text.replace("title: Networks", f"title: {evil}"))
    terminal.ok("enroll", str(class_file))
    path = str(class_file.parent / "enrol/net-2026-ada.join")
    for said in (terminal.ok("join", path), terminal.ok("join"), terminal.ok("join", "--leave")):
        assert "\x1b" not in said + terminal.err
        assert "\\x1b]0;owned" in said
