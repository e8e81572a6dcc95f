"""The demonstration class: each learner comes out as what they were made to be."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from checks.judge import judge
from checks.verdict import State
from runner.course.course import open_course
from runner.course.variables import draw, fill
from runner.errors import UsageError
from runner.grade.class_ import Class
from runner.grade.class_file import load_class
from runner.grade.demo import FOLDER, PUPILS, SUBSTANCE, make_demo, recordings
from runner.grade.finding import FindingKind
from runner.grade.handed_in import gather
from runner.grade.keys import drawing_key, read_registry, read_secret
from runner.grade.packed import BadSubmission
from runner.grade.submission import Signature, open_submission
from runner.grade.work import Work
from runner.learn.progress import questions_of
from runner.learn.stage import checks_of
from runner.prove.substance import digest_of

NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Class:
    return load_class(make_demo(tmp_path_factory.mktemp("demo") / "class", NOW))


def work(demo: Class, learner: str, lesson: str) -> Work:
    with open_submission(demo.path.parent / FOLDER / f"demo-{learner}.ldn") as found:
        assert found.signature is Signature.GOOD
        return found.work(lesson)


def test_there_are_twelve_of_every_kind(demo: Class) -> None:
    assert len(demo.learners) == len(PUPILS) == 12
    handed_in = gather(demo)
    assert set(handed_in.files) == {one.id for one in PUPILS if one.harm != "nothing"}
    assert [(one.kind, one.learner) for one in handed_in.findings] == [
        (FindingKind.BROKEN_FILE, "ken")
    ]
    registry = read_registry(demo.path)
    assert [one.id for one in PUPILS if registry.key(one.id) is None] == ["linus"]


def test_what_was_recorded_is_of_the_lessons_as_they_are() -> None:
    course = open_course()
    stale = [
        lesson
        for lesson, record in recordings().items()
        if record[SUBSTANCE] != digest_of(course.lesson(lesson))
    ]
    assert stale == [], "run: .venv/bin/python tools/record-demo"


@pytest.mark.parametrize("lesson", ["lesson-01", "lesson-02", "lesson-03"])
@pytest.mark.parametrize("learner", ["ada", "edsger", "dennis"])
def test_every_check_of_who_did_it_all_passes_with_their_own_values(
    demo: Class, learner: str, lesson: str
) -> None:
    raw = open_course().lesson(lesson)
    secret = read_secret(demo.path)
    assert secret is not None
    values = draw(raw, drawing_key(secret, demo.id, learner))
    done = work(demo, learner, lesson)
    assert done.values == values
    checks = checks_of(fill(raw, values))
    passed = {
        one.check
        for one in done.seen
        if one.observation and judge(checks[one.check], one.observation).state is State.PASSED
    }
    assert passed == set(checks)
    assert {one.question for one in done.answers if one.correct} == set(questions_of(raw))


def test_ids_are_everybodys_own_but_the_copists(demo: Class) -> None:
    def ids(learner: str) -> set[str]:
        found = work(demo, learner, "lesson-02")
        seen = [one.observation for one in found.seen if one.observation]
        return {thing["id"] for one in seen for thing in one.objects.values()} | {
            lab.lab for lab in found.labs
        }

    assert ids("ada") and not ids("ada") & ids("alan")
    assert ids("edsger") == ids("frances")


def test_an_edited_file_is_seen_through(demo: Class) -> None:
    with open_submission(demo.path.parent / FOLDER / "demo-grace.ldn") as found:
        assert found.signature is Signature.GOOD
        with pytest.raises(BadSubmission, match="changed after"):
            found.work("lesson-02")


def test_it_comes_out_the_same_every_time(demo: Class, tmp_path: Path) -> None:
    again = make_demo(tmp_path / "class", NOW).parent / FOLDER
    for path in (demo.path.parent / FOLDER).iterdir():
        assert (again / path.name).read_bytes() == path.read_bytes()


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    with pytest.raises(UsageError, match="not empty"):
        make_demo(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
