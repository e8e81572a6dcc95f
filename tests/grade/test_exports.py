"""Files for other programs: everybody is in them, and what learners wrote is data only."""

from __future__ import annotations

import csv
import json
import tracemalloc
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any, cast
from xml.etree import ElementTree

import jsonschema
import pytest

from checks.message import msg
from checks.verdict import State, Verdict
from runner.grade import class_schema
from runner.grade.book import Book
from runner.grade.class_ import Class, Learner, LessonRule
from runner.grade.finding import Finding, FindingKind, Weight
from runner.grade.report import junit, results, write_all
from runner.grade.report.harmless import clean, defused
from runner.grade.report.table import Table
from runner.grade.result import (
    CheckRow,
    LearnerResult,
    LessonResult,
    Mode,
    Outcome,
    QuestionRow,
    Run,
    StepRow,
)
from runner.grade.store import Results

SCHEMA = class_schema.FILE.with_name("results.schema.json")
EVIL = '=HYPERLINK("http://x","<script>")\x1b[31m\0\ud800 "quoted",\n+second & ]]>'
RULES = (LessonRule(lesson="lesson-01"), LessonRule(lesson="lesson-02"))
SHEETS = ("gradebook.csv", "canvas.csv", "moodle.csv", "gradescope.csv")


class Kept:
    """Results that were made by hand."""

    def __init__(self, results: Iterable[LearnerResult], findings: Sequence[Finding]) -> None:
        self._results = results
        self._findings = tuple(findings)

    def learners(self, run: Run, rules: object, *, by_id: bool = False) -> Iterator[LearnerResult]:
        known = list(self._results)
        return iter(sorted(known, key=lambda one: one.learner.id) if by_id else known)

    def findings(self, run: Run) -> tuple[Finding, ...]:
        return self._findings


def lesson(learner: str, id_: str, outcome: Outcome, said: str = "") -> LessonResult:
    failed = Verdict(State.FAILED, msg("yes"), msg("no {x}", x=said), msg("there"), said)
    step = StepRow(
        id="make",
        title="Make",
        checks=(
            CheckRow(id="make.a", say="A", weight=1, verdict=Verdict(State.PASSED)),
            CheckRow(id="make.b", say="B", weight=1, verdict=failed),
            CheckRow(id="make.c", say="C", weight=1, verdict=Verdict(State.SKIPPED)),
        ),
        questions=(QuestionRow(id="make.q", say="Q", given=(said,), right=False),),
    )
    graded = outcome is Outcome.GRADED
    return LessonResult(
        learner=learner,
        lesson=id_,
        title="Title",
        outcome=outcome,
        mode=Mode.SUBMISSION,
        reason=None if graded else msg("because {said}", said=said),
        steps=(step,) if graded else (),
        score=66.666 if graded else 0,
        possible=3 if graded else 0,
    )


def learners() -> list[LearnerResult]:
    found = [
        LearnerResult(
            learner=Learner(id=f"l{place}", name=f"Ada {one.value}", email="a@b"),
            lessons=(
                lesson(f"l{place}", "lesson-01", Outcome.GRADED),
                lesson(f"l{place}", "lesson-02", one),
            ),
            total=33.333,
        )
        for place, one in enumerate(Outcome)
    ]
    evil = LearnerResult(
        learner=Learner(id="z-evil", name=EVIL, email=EVIL, section=EVIL, roster={"Student": EVIL}),
        lessons=tuple(lesson("z-evil", rule.lesson, Outcome.GRADED, EVIL) for rule in RULES),
        total=66.666,
    )
    nothing = LearnerResult(learner=Learner(id="n", name="李雷"), lessons=())
    return [*found, evil, nothing]


def book(results: Sequence[LearnerResult]) -> Book:
    findings = [
        Finding(
            kind=FindingKind.SHARED_IDS,
            weight=Weight.DOUBT,
            message=msg("shared"),
            learner=one,
            evidence=EVIL,
            others=("l0",),
        )
        for one in ("z-evil", "", "l1")
    ]
    run = Run(
        id="1",
        class_id="net",
        began="2026-11-20T10:00:00.000Z",
        ended=None,
        program="0.1.0",
        course="course",
        course_digest="0" * 64,
        modes=(Mode.SUBMISSION,),
        lessons=tuple(rule.lesson for rule in RULES),
        learners=tuple(one.learner.id for one in results),
    )
    class_ = Class(
        id="net",
        title="Networks",
        path=Path("class.yaml"),
        course="course",
        lessons=RULES,
        learners=tuple(one.learner for one in results),
    )
    return Book(class_=class_, rules=RULES, run=run, results=cast(Results, Kept(results, findings)))


@pytest.fixture
def written(tmp_path: Path) -> Path:
    for path in write_all(book(learners()), tmp_path):
        assert path.is_file()
    return tmp_path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, strict=True))


def test_every_state_has_a_row(written: Path) -> None:
    found = {row["id"]: (row["state"], row["lesson-02"]) for row in rows(written / "gradebook.csv")}
    assert found.pop("z-evil") == ("graded", "66.67")
    assert found.pop("n") == ("absent", "absent")
    assert found == {
        "l0": ("graded", "66.67"),
        "l1": ("graded", "absent"),
        "l2": ("unreachable", "unreachable"),
        "l3": ("no lab", "no lab"),
        "l4": ("errored", "errored"),
    }


def test_what_is_not_known_is_no_grade_on_a_platform(written: Path) -> None:
    canvas = {row["SIS User ID"]: row["lesson-02"] for row in rows(written / "canvas.csv")}
    assert [canvas[f"l{place}"] for place in range(5)] == ["66.67", "0.00", "", "", ""]
    assert canvas[""] in ("100", "66.67")
    moodle = {row["ID number"]: row["net total"] for row in rows(written / "moodle.csv")}
    assert [moodle[f"l{place}"] for place in range(5)] == ["33.33", "33.33", "", "", ""]
    scope = {row["SID"]: row["Status"] for row in rows(written / "gradescope.csv")}
    assert (scope["l0"], scope["l4"], scope["n"]) == ("Graded", "", "Missing")


def old_engine() -> list[LearnerResult]:
    """A learner of whose second lesson nothing can be had, and one of whose lessons none."""
    first, second = (lesson("old", rule.lesson, Outcome.GRADED) for rule in RULES)
    nothing = [replace(one, learner="older", possible=0.0, score=0.0) for one in (first, second)]
    return [
        LearnerResult(
            learner=Learner(id="old", name="Old"),
            lessons=(first, replace(nothing[1], learner="old")),
            total=66.666,
        ),
        LearnerResult(learner=Learner(id="older", name="Older"), lessons=tuple(nothing)),
    ]


def test_what_nobody_could_have_is_no_grade(tmp_path: Path) -> None:
    list(write_all(book(old_engine()), tmp_path))
    plain = [list(row.values())[2:] for row in rows(tmp_path / "gradebook.csv")]
    assert plain == [
        ["graded", "66.67", "66.67", "unsupported"],
        ["graded", "", "unsupported", "unsupported"],
    ]
    canvas = [(row["lesson-01"], row["lesson-02"]) for row in rows(tmp_path / "canvas.csv")]
    assert canvas == [("100", "100"), ("66.67", ""), ("", "")]
    moodle = [row["net total"] for row in rows(tmp_path / "moodle.csv")]
    assert moodle == ["66.67", ""]


def test_a_sign_stands_in_the_table_for_what_nobody_could_have() -> None:
    table = Table(book(old_engine()), 100, lambda _, words: words, len, str)
    lines = [" ".join(line.split()) for line in table.lines()]
    assert lines[1:4] == ["old Old 67 ⊘ 66.7", "older Older ⊘ ⊘ ⊘", "⊘ unsupported"]
    assert "2 learners; mean 66.7, lowest 66.7, highest 66.7" in lines


def test_canvas_gets_its_own_columns_back(tmp_path: Path) -> None:
    roster = {
        "Student": "Lovelace, Ada",
        "ID": "77",
        "SIS User ID": "u7",
        "SIS Login ID": "ada",
        "Section": "A",
        "lesson-02 (4711)": "",
    }
    ada = Learner(id="ada", name="Lovelace, Ada", section="A", roster=roster)
    list(write_all(book([LearnerResult(learner=ada, lessons=())]), tmp_path))
    assert rows(tmp_path / "canvas.csv")[1] == {
        "Student": "Lovelace, Ada",
        "ID": "77",
        "SIS User ID": "u7",
        "SIS Login ID": "ada",
        "Section": "A",
        "lesson-01": "0.00",
        "lesson-02 (4711)": "0.00",
    }


@pytest.mark.parametrize("name", SHEETS)
def test_no_cell_begins_a_formula(written: Path, name: str) -> None:
    found = rows(written / name)
    assert len(found) == 7 + (name == "canvas.csv")
    for row in found:
        for cell in row.values():
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
            assert all(not line.startswith(("=", "+")) for line in cell.splitlines())
            assert cell == clean(cell)


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        (" =1", "' =1"),
        ("\x1b=1", "'=1"),
        ("＝1", "'＝1"),
        ("a;=1", "a;'=1"),
        ("Ada-Marie = x", "Ada-Marie = x"),
        ("", ""),
    ],
)
def test_formulas_are_defused(cell: str, wanted: str) -> None:
    assert defused(cell) == wanted


def test_json_is_as_its_schema_says_and_keeps_every_letter(written: Path) -> None:
    data: dict[str, Any] = json.loads((written / "results.json").read_text(encoding="utf-8"))
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(data)
    assert data["version"] == 1
    assert [one["id"] for one in data["learners"]] == ["l0", "l1", "l2", "l3", "l4", "n", "z-evil"]
    evil = data["learners"][-1]
    assert evil["name"] == EVIL
    assert evil["lessons"][0]["steps"][0]["checks"][1]["evidence"] == EVIL
    assert [one["learner"] for one in (*evil["findings"], *data["findings"])] == ["z-evil", ""]


def test_junit_has_a_suite_for_everybody(written: Path) -> None:
    root = ElementTree.parse(written / "junit.xml").getroot()
    suites = {one.get("name"): one for one in root}
    assert list(suites) == ["l0", "l1", "l2", "l3", "l4", "n", "z-evil"]
    assert {name: [one.get(key) for key in ("tests", "failures", "errors", "skipped")]
            for name, one in suites.items()} == {
        "l0": ["8", "4", "0", "2"],
        "l1": ["5", "2", "0", "2"],
        **{name: ["5", "2", "1", "1"] for name in ("l2", "l3", "l4")},
        "n": ["2", "0", "0", "2"],
        "z-evil": ["8", "4", "0", "2"],
    }  # fmt: skip
    assert root.get("tests") == "38"
    groups = {one.get("name"): one.get("classname") for one in suites["l1"].iter("testcase")}
    assert groups["make.a"] == "l1.lesson-01"
    assert groups["make.q"] == "l1.lesson-01.questions"
    assert [one.get("type") for one in suites["l2"].iter("error")] == ["unreachable"]
    told = next(suites["z-evil"].iter("failure")).text or ""
    assert '=HYPERLINK("http://x","<script>")[31m "quoted",\n+second & ]]>' in told


def test_the_order_of_learners_changes_nothing(written: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    names = [path.name for path in write_all(book(learners()[::-1]), again)]
    for name in (*SHEETS, "junit.xml", "results.json"):
        assert name in names
        assert (written / name).read_bytes() == (again / name).read_bytes()


def test_a_class_of_nobody_is_written_too(tmp_path: Path) -> None:
    list(write_all(book([]), tmp_path))
    assert rows(tmp_path / "gradebook.csv") == []
    assert json.loads((tmp_path / "results.json").read_text())["learners"] == []
    assert len(ElementTree.parse(tmp_path / "junit.xml").getroot()) == 0


class Many:
    """Learners with a megabyte of evidence each, made as they are asked for."""

    def __init__(self, count: int) -> None:
        self._count = count

    def learners(self, run: Run, rules: object, *, by_id: bool = False) -> Iterator[LearnerResult]:
        for number in range(self._count):
            id_ = f"l{number:03}"
            rows = tuple(lesson(id_, rule.lesson, Outcome.GRADED, "x" * 500_000) for rule in RULES)
            yield LearnerResult(learner=Learner(id=id_, name=id_), lessons=rows)

    def findings(self, run: Run) -> tuple[Finding, ...]:
        return ()


@pytest.mark.parametrize("form", [junit, results])
def test_a_large_class_takes_no_more_memory_than_a_small_one(
    tmp_path: Path, form: ModuleType
) -> None:
    peaks = []
    for count in (3, 30):
        many = replace(book([]), results=cast(Results, Many(count)))
        tracemalloc.start()
        [path] = form.write(many, tmp_path)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        written = path.read_text()
        assert sum(f'"l{number:03}"' in written for number in range(99)) == count
    assert peaks[1] < 1.5 * peaks[0]
