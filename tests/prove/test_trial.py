"""What a proof lists, keeps and reports."""

from dataclasses import replace
from pathlib import Path

import pytest

from checks.kinds import Engines, Name, Plain, Shell, Text
from runner.course.lesson import HostSpec, Lesson, Step, Typed, Variable, Wrong
from runner.errors import LearnError
from runner.prove.report import misses, table
from runner.prove.results import Results
from runner.prove.trial import Kind, Miss, Played, Trial, trials

DO = (Typed(do=Shell("true")),)
STEP = Step(
    id=Name("one"),
    title=Text("One"),
    text=Text("…"),
    solution=DO,
    also_right={Name("other"): DO},
    wrong={
        Name("bad"): Wrong(do=DO, fails=(Name("up"),)),
        Name("old"): Wrong(do=DO, fails=(Name("up"),), engines=Engines("<28")),
    },
)
LESSON = Lesson(
    format=1,
    id=Name("lesson-90"),
    title=Text("Title"),
    goal=Text("Goal"),
    minutes=5,
    hosts={Name("docker"): HostSpec()},
    steps=(STEP, replace(STEP, id=Name("new"), engines=Engines(">=28"), also_right={})),
    recap=Text("…"),
)


def played(trial: Trial, *, docker: str = "26.1", digest: str = "d", miss: bool = False) -> Played:
    found = (Miss("one.up", "failed before its step (normal)", "passed", "a\nb"),)
    return Played(trial, docker, digest, 2.0, checks=3, misses=found if miss else ())


def test_trials_leave_out_what_the_engine_cannot_have() -> None:
    keys = [trial.key for trial in trials(LESSON, 1, "26.1")]
    assert keys == [
        "lesson-90/1/walk",
        "lesson-90/1/alternative/one/other",
        "lesson-90/1/wrong/one/bad",
        "lesson-90/1/wrong/one/old",
    ]
    newer = [trial.key for trial in trials(LESSON, 1, "28.5")]
    assert "lesson-90/1/wrong/new/bad" in newer
    assert "lesson-90/1/wrong/one/old" not in newer


def test_every_round_has_all_trials() -> None:
    assert len(list(trials(LESSON, 3, "26.1"))) == 3 * 4


def test_results_are_read_again_and_only_clean_ones_of_the_same_lesson_count(
    tmp_path: Path,
) -> None:
    path = tmp_path / "proof" / "results.json"
    first, second = Trial("lesson-90", 1, "walk"), Trial("lesson-90", 1, "wrong", "one", "bad")
    results = Results(path)
    results.add(played(first))
    results.add(played(second, miss=True))
    again = Results.read(path)
    assert again.all() == results.all()
    assert again.has(first, "26.1", "d")
    assert not again.has(first, "26.1", "another digest")
    assert not again.has(first, "28.5", "d")
    assert not again.has(second, "26.1", "d")
    assert [item.name for item in path.parent.iterdir()] == ["results.json"]


def test_no_results_yet(tmp_path: Path) -> None:
    assert Results.read(tmp_path / "none.json").all() == []


@pytest.mark.parametrize("text", ["", "[]", "{", '{"version": 9}', '{"version": 2, "played": [1]}'])
def test_a_broken_file_is_told_and_kept(tmp_path: Path, text: str) -> None:
    path = tmp_path / "results.json"
    path.write_text(text)
    with pytest.raises(LearnError, match="does not hold the results"):
        Results.read(path)
    assert path.read_text() == text
    assert Results.begin(path).all() == []


def test_the_table_has_a_row_a_lesson_and_engine() -> None:
    walk = Trial("lesson-90", 1, Kind.WALK.value)
    wrong = Trial("lesson-90", 1, Kind.WRONG.value, "one", "bad")
    other = replace(played(walk), docker="20.10", checks=0, unsupported="no such option before 28")
    rows = list(table([played(walk), played(wrong, miss=True), other]))
    assert len(rows) == 3
    assert rows[1].split()[:2] == ["lesson-90", "20.10"]
    assert rows[1].endswith("unsupported: no such option before 28")
    assert rows[2].split() == ["lesson-90", "26.1", "1", "6", "1", "1", "4", "1"]


def test_a_miss_is_told_with_its_evidence() -> None:
    lines = list(misses([played(Trial("lesson-90", 1, "walk"), miss=True)]))
    assert lines == [
        "lesson-90/1/walk · Docker 26.1 · one.up",
        "  wanted: failed before its step (normal)",
        "  got: passed",
        "    a",
        "    b",
    ]


def test_a_lesson_with_faults_is_played_with_each() -> None:
    fault = Variable(default=Plain("dns"), choose=(Plain("dns"), Plain("route")), each=True)
    only = Typed(do=Shell("true"), when={"fault": Plain("route")})
    step = replace(STEP, also_right={Name("other"): (only,)}, wrong={})
    keys = [
        trial.key
        for trial in trials(replace(LESSON, variables={"fault": fault}, steps=(step,)), 1, "26.1")
    ]
    assert keys == [
        "lesson-90/1/dns/walk",
        "lesson-90/1/route/walk",
        "lesson-90/1/route/alternative/one/other",
    ]
