"""Whose each file is, which one counts, and what a head gives cause to doubt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from runner.grade import handed_in
from runner.grade.class_ import Where
from runner.grade.class_file import load_class
from runner.grade.finding import Finding, FindingKind, Weight
from runner.grade.handed_in import gather, with_sources
from runner.grade.heads import head_findings
from runner.grade.keys import Registry, registered, write_registry
from runner.grade.moments import moment
from runner.grade.signing import public_of
from runner.grade.submission import Signature
from tests.grade.making import CLASS, OTHER, PRIVATE, head, members, pack, submission, write_class

ADA, BEN = public_of(PRIVATE), public_of(OTHER)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_class(tmp_path)
    (tmp_path / "handed-in").mkdir()
    return tmp_path / "handed-in"


def put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def told(findings: tuple[Finding, ...]) -> list[tuple[FindingKind, Weight, str]]:
    return [(one.kind, one.weight, one.learner) for one in findings]


def test_files_may_be_called_anything(folder: Path) -> None:
    ada = put(folder, "Ada_12345_assignsubmission_file_/work (1).ldn", submission())
    ben = put(folder, "x.LDN", submission(private=OTHER, learner="ben"))
    put(folder, ".DS_Store", b"hello")
    class_ = load_class(folder.parent / "class.yaml")
    found = gather(class_)
    assert found.files == {"ada": ada, "ben": ben}
    assert found.findings == ()
    sources = [one.source for one in with_sources(class_, found).learners]
    assert [(one.where, one.files) for one in sources] == [
        (Where.SUBMISSION, (ada,)),
        (Where.SUBMISSION, (ben,)),
    ]


def test_what_is_passed_over_is_named(folder: Path) -> None:
    put(folder, "Ada_1_assignsubmission_file_/work.zip", submission())
    put(folder, "notes.txt", b"hello")
    (folder / "link.ldn").symlink_to(put(folder.parent, "elsewhere.ldn", submission()))
    found = gather(load_class(folder.parent / "class.yaml"))
    assert found.files == {}
    assert sorted(told(found.findings), key=str) == [
        (FindingKind.PASSED_OVER, Weight.NOTE, ""),
        (FindingKind.PASSED_OVER, Weight.NOTE, "ada"),
    ]
    said = {one.learner: str(one.message) for one in found.findings}
    assert "Ada_1_assignsubmission_file_/work.zip" in said["ada"]
    assert "(2)" in said[""] and "link.ldn, notes.txt" in said[""]


def test_a_file_of_another_ending_that_the_class_names_is_not_passed_over(folder: Path) -> None:
    mine = put(folder, "ada.bin", submission())
    path = folder.parent / "class.yaml"
    named = CLASS.replace("name: Ada}", "name: Ada, submission: handed-in/ada.bin}")
    path.write_text(named, encoding="utf-8")
    found = gather(load_class(path))
    assert found.files == {"ada": mine}
    assert found.findings == ()


def test_a_folder_with_too_many_files_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handed_in, "MOST", 1)
    ada = put(folder, "a.ldn", submission())
    put(folder, "b.ldn", submission(private=OTHER, learner="ben"))
    found = gather(load_class(folder.parent / "class.yaml"))
    assert found.files == {"ada": ada}
    assert told(found.findings) == [(FindingKind.CUT_SHORT, Weight.DOUBT, "")]


def test_a_file_that_is_named_and_lies_in_the_folder_is_one(folder: Path) -> None:
    put(folder, "a.ldn", submission())
    path = folder.parent / "class.yaml"
    named = CLASS.replace("name: Ada}", "name: Ada, submission: handed-in/../handed-in/a.ldn}")
    path.write_text(named, encoding="utf-8")
    found = gather(load_class(path))
    assert list(found.files) == ["ada"]
    assert found.findings == ()


def test_the_last_one_made_counts(folder: Path) -> None:
    put(folder, "a.ldn", submission(made="2026-11-22T10:00:00.000Z"))
    last = put(folder, "b.ldn", submission(made="2026-11-23T10:00:00.000Z"))
    put(folder, "c.ldn", submission(made="2026-11-21T10:00:00.000Z"))
    found = gather(load_class(folder.parent / "class.yaml"))
    assert found.files == {"ada": last}
    assert told(found.findings) == [(FindingKind.SEVERAL_FILES, Weight.NOTE, "ada")]


def test_nobody_can_push_a_file_in_front_of_anothers(folder: Path) -> None:
    path = folder.parent / "class.yaml"
    write_registry(path, registered(Registry(), "ada", ADA))
    own = put(folder, "ada.ldn", submission())
    put(folder, "evil.ldn", submission(private=OTHER, made="2030-01-01T00:00:00Z"))
    found = gather(load_class(path))
    assert found.files == {"ada": own}
    assert told(found.findings) == [(FindingKind.SEVERAL_FILES, Weight.DOUBT, "ada")]


def test_anothers_registered_key_is_pushed_in_front_of_nobody(folder: Path) -> None:
    """Ben signs a file that says it is Ada's, who has sent no key yet."""
    path = folder.parent / "class.yaml"
    write_registry(path, registered(Registry(), "ben", BEN))
    own = put(folder, "ada.ldn", submission())
    put(folder, "evil.ldn", submission(private=OTHER, made="2030-01-01T00:00:00Z"))
    assert gather(load_class(path)).files == {"ada": own}


def test_a_file_that_may_be_somebody_elses_is_told_plainly(folder: Path) -> None:
    put(folder, "ada.ldn", submission())
    last = put(folder, "evil.ldn", submission(private=OTHER, made="2030-01-01T00:00:00Z"))
    found = gather(load_class(folder.parent / "class.yaml"))
    assert found.files == {"ada": last}
    assert told(found.findings) == [(FindingKind.SEVERAL_FILES, Weight.DOUBT, "ada")]
    assert "may be somebody else's" in str(found.findings[0].message)


def test_a_key_in_an_unsigned_head_is_nobodys_hand(folder: Path) -> None:
    own = put(folder, "ada.ldn", submission())
    parts = members(submission(made="2030-01-01T00:00:00Z"))
    del parts["signature"]
    put(folder, "evil.ldn", pack(parts))
    found = gather(load_class(folder.parent / "class.yaml"))
    assert found.files == {"ada": own}
    assert told(found.findings) == [(FindingKind.SEVERAL_FILES, Weight.DOUBT, "ada")]
    assert "evil.ldn: made 2030-01-01T00:00:00Z, key - " in found.findings[0].evidence


def test_what_belongs_to_nobody_is_told_and_stops_nothing(folder: Path) -> None:
    ada = put(folder, "ada.ldn", submission())
    put(folder, "broken.ldn", b"broken")
    put(folder, "stranger.ldn", submission(learner="zoe"))
    put(folder, "elsewhere.ldn", submission(learner="ben", class_id="other"))
    (folder / "link.ldn").symlink_to("/etc/passwd")
    found = gather(load_class(folder.parent / "class.yaml"))
    assert found.files == {"ada": ada}
    assert sorted(told(found.findings), key=str) == sorted(
        [
            (FindingKind.BROKEN_FILE, Weight.BARS, ""),
            (FindingKind.UNKNOWN_LEARNER, Weight.NOTE, ""),
            (FindingKind.WRONG_CLASS, Weight.BARS, "ben"),
            (FindingKind.PASSED_OVER, Weight.NOTE, ""),
        ],
        key=str,
    )


def test_a_file_named_in_the_class_is_its_learners_whatever_it_says(tmp_path: Path) -> None:
    text = CLASS.replace("name: Ada}", "name: Ada, submission: my.ldn}").replace(
        "name: Ben}", "name: Ben, submission: gone.ldn}"
    )
    class_ = load_class(write_class(tmp_path, text))
    mine = put(tmp_path, "my.ldn", submission(learner="ben"))
    assert gather(class_).files == {"ada": mine}
    mine.write_bytes(b"broken")
    found = gather(class_)
    assert found.files == {"ada": mine}
    assert told(found.findings) == [(FindingKind.BROKEN_FILE, Weight.BARS, "ada")]


def doubts(
    folder: Path, registry: Registry, learner: str = "ada", good: bool = True, **facts: Any
) -> list[tuple[FindingKind, Weight]]:
    class_ = load_class(folder.parent / "class.yaml")
    signature = Signature.GOOD if good else Signature.BAD
    found = head_findings(
        head(key=ADA, **facts), signature, class_, learner, registry, course_digest="0" * 32
    )
    return [(one.kind, one.weight) for one in found]


def test_an_honest_head_gives_no_cause(folder: Path) -> None:
    assert doubts(folder, registered(Registry(), "ada", ADA)) == []


def test_each_doubt_by_itself(folder: Path) -> None:
    known = registered(Registry(), "ada", ADA)
    assert doubts(folder, known, learner="ben") == [
        (FindingKind.WRONG_LEARNER, Weight.BARS),
        (FindingKind.ANOTHERS_KEY, Weight.BARS),
    ]
    assert doubts(folder, known, good=False) == [(FindingKind.BAD_SIGNATURE, Weight.BARS)]
    assert doubts(folder, registered(Registry(), "ben", ADA), good=False) == [
        (FindingKind.BAD_SIGNATURE, Weight.BARS)
    ]
    assert doubts(folder, known, class_id="other") == [(FindingKind.WRONG_CLASS, Weight.BARS)]
    assert doubts(folder, known, course_digest="1" * 32) == [
        (FindingKind.STALE_COURSE, Weight.NOTE)
    ]
    assert doubts(folder, Registry()) == [(FindingKind.UNREGISTERED_KEY, Weight.NOTE)]
    assert doubts(folder, registered(Registry(), "ada", BEN)) == [
        (FindingKind.UNREGISTERED_KEY, Weight.DOUBT)
    ]


@pytest.mark.parametrize(
    ("made", "words"),
    [
        ("2026-11-25T00:10:00.000Z", "in the future"),
        ("2026-11-18T23:50:00.000Z", "before the learner was enrolled"),
        ("2026-11-25T00:04:00.000Z", ""),
        ("2026-11-18T23:56:00.000Z", ""),
    ],
)
def test_a_file_is_made_between_enrolment_and_now(folder: Path, made: str, words: str) -> None:
    found = head_findings(
        head(key=ADA, made=made),
        Signature.GOOD,
        load_class(folder.parent / "class.yaml"),
        "ada",
        registered(Registry(), "ada", ADA),
        "0" * 32,
        enrolled=moment("2026-11-19T00:00:00Z"),
        now=moment("2026-11-25T00:00:00Z"),
    )
    assert told(found) == [(FindingKind.IMPOSSIBLE_TIME, Weight.DOUBT, "ada")] * bool(words)
    assert all(words in str(one.message) for one in found)


def test_a_key_that_two_learners_use_is_told_by_the_head(folder: Path) -> None:
    """Ben signs with Ada's key: the registry knows whose it is."""
    known = registered(registered(Registry(), "ada", ADA), "ben", BEN)
    class_ = load_class(folder.parent / "class.yaml")
    [one] = head_findings(
        head(learner="ben", key=ADA), Signature.GOOD, class_, "ben", known, "0" * 32
    )
    assert (one.kind, one.others) == (FindingKind.ANOTHERS_KEY, ("ada",))


def test_an_edited_head_in_the_folder_does_not_take_anothers_place(folder: Path) -> None:
    own = put(folder, "a.ldn", submission())
    parts = members(submission(learner="ben", made="2030-01-01T00:00:00Z"))
    parts["head.json"] = parts["head.json"].replace(b'"ben"', b'"ada"')
    put(folder, "b.ldn", pack(parts))
    assert gather(load_class(folder.parent / "class.yaml")).files == {"ada": own}


@pytest.mark.parametrize(
    ("name", "whose"),
    [
        ("net-2026-ada.ldn", "ada"),
        ("Ben_4711_assignsubmission_file_/work.ldn", "ben"),
        ("ada and ben.ldn", ""),
        ("adamant.ldn", ""),
        ("work.ldn", ""),
    ],
)
def test_a_broken_files_name_may_tell_whose_it_is(folder: Path, name: str, whose: str) -> None:
    path = put(folder, name, b"broken")
    found = gather(load_class(folder.parent / "class.yaml"))
    assert [one.learner for one in found.findings] == [whose]
    assert found.files == ({whose: path} if whose else {})


def test_a_sound_file_counts_before_a_broken_one(folder: Path) -> None:
    put(folder, "net-2026-ada (1).ldn", b"broken")
    sound = put(folder, "net-2026-ada.ldn", submission())
    assert gather(load_class(folder.parent / "class.yaml")).files == {"ada": sound}
