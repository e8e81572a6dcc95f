"""The report as pages: what learners wrote stays text, and every link leads somewhere."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast
from urllib.parse import unquote, urldefrag

import pytest

from checks.message import msg
from checks.verdict import State, Verdict
from runner import words
from runner.files import whole
from runner.grade.book import Book
from runner.grade.class_ import Class, Late, Learner, LessonRule
from runner.grade.finding import Finding, FindingKind, Weight
from runner.grade.report.harmless import shown
from runner.grade.report.pages import write
from runner.grade.report.pages.names import anchor, page_name
from runner.grade.report.pages.render import TEMPLATES
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
from tests.grade.markup import Node, pages

EVIL = (
    '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    "' onmouseover='x' `code` {{ 7*7 }} {% raw %} </pre></title></style> &lt; "
    "\x1b[31m\x07\0\ud800\u202egnp"
)
TAME = "tame"
RULES = (
    LessonRule(lesson="lesson-01", weight=2, hint=10, solution=50, late=Late(percent=10, cap=80)),
    LessonRule(lesson="lesson-02"),
)


class Kept:
    """Results that were made by hand."""

    def __init__(self, results: Sequence[LearnerResult], findings: Sequence[Finding]) -> None:
        self._results = results
        self._findings = tuple(findings)

    def learners(self, run: Run, rules: object) -> Iterator[LearnerResult]:
        return iter(self._results)

    def findings(self, run: Run) -> tuple[Finding, ...]:
        return self._findings


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    words.use("en")


def finding(said: str, learner: str, **more: str) -> Finding:
    return Finding(
        kind=FindingKind.SHARED_IDS,
        weight=Weight.DOUBT,
        message=msg("{x} is shared", x=said),
        learner=learner,
        evidence=said,
        others=(said,),
        **more,
    )


def lesson(learner: str, id_: str, outcome: Outcome, said: str) -> LessonResult:
    """Give a lesson with a check of each state, and questions of each."""
    found = msg("had {x}", x=msg("{y}", y=said))
    bad = Verdict(State.FAILED, msg("want {x}", x=said), found, msg("look {x}", x=said), said)
    good = Verdict(State.PASSED, evidence=said)
    checks = [
        CheckRow(
            id=f"make.{state.value}",
            say=f"it is {state.value}",
            weight=1,
            verdict=good if state is State.PASSED else replace(bad, state=state),
            first_passed="2026-11-20T10:00:00.000Z" if state is State.PASSED else None,
            now=State.FAILED if state is State.PASSED else state,
            late=0.5 if state is State.PASSED else 0.0,
            earned=0.72 if state is State.PASSED else 0.0,
            possible=0.0 if state is State.UNSUPPORTED else 1.0,
        )
        for state in State
    ]
    questions = [
        QuestionRow(
            id="make.passed", say="Q", given=(said, said), right=True, earned=0.9, possible=1
        ),
        QuestionRow(id="make.wrong", say="Q", given=(said,), right=False, possible=1),
        QuestionRow(id="make.lost", say="Q", given=(said,), right=None),
        QuestionRow(id="make.never", say="Q", right=None, possible=1),
    ]
    graded = outcome is Outcome.GRADED
    step = StepRow(
        id="make",
        title="Make",
        checks=tuple(checks),
        questions=tuple(questions),
        hints=1,
        taken_off=0.18,
        earned=1.62,
        possible=7,
        minutes=3.25,
    )
    return LessonResult(
        learner=learner,
        lesson=id_,
        title="Title",
        outcome=outcome,
        mode=Mode.SUBMISSION,
        reason=None if graded else msg("because {said}", said=said),
        steps=(step,) if graded else (),
        score=23.1429 if graded else 0,
        earned=1.62 if graded else 0,
        possible=7 if graded else 0,
        late=0.5 if graded else 0,
        started="2026-11-20T09:00:00.000Z",
        completed="2026-11-20T10:00:00.000Z" if graded else None,
        engine=said,
        findings=(finding(said, learner, lesson=id_, check="make.failed"),),
    )


def learner(id_: str, said: str, *outcomes: Outcome) -> LearnerResult:
    lessons = [
        lesson(id_, rule.lesson, one, said) for rule, one in zip(RULES, outcomes, strict=False)
    ]
    member = Learner(id=id_, name=said, email=said, section=said, roster={said: said})
    return LearnerResult(
        learner=member,
        lessons=tuple(lessons),
        total=12.3456,
        findings=(finding(said, id_),),
        handed_in=said,
    )


def a_class(said: str) -> list[LearnerResult]:
    """Give a learner of every outcome, and one of whom there is nothing."""
    some = [learner(one.name.lower(), said, Outcome.GRADED, one) for one in Outcome]
    return [*some, learner("nothing", said)]


def book(results: Sequence[LearnerResult], said: str = TAME) -> Book:
    run = Run(
        id="1",
        class_id="net",
        began="2026-11-20T10:00:00.000Z",
        ended="2026-11-20T10:05:00.000Z",
        program="0.1.0",
        course="course",
        course_digest="0" * 64,
        modes=(Mode.SUBMISSION, Mode.LIVE),
        lessons=tuple(rule.lesson for rule in RULES),
        learners=tuple(one.learner.id for one in results),
    )
    class_ = Class(
        id="net",
        title="Networks",
        path=Path("/nowhere/class.yaml"),
        course="course",
        course_folder=Path("/nowhere/course"),
        zone="Europe/Berlin",
        lessons=RULES,
        learners=tuple(one.learner for one in results),
    )
    common = [finding(said, "graded"), finding(said, ""), finding(said, said)]
    kept = Kept(results, common if results else [])
    return Book(class_=class_, rules=RULES, run=run, results=cast(Results, kept))


def written(folder: Path, results: Sequence[LearnerResult], said: str = TAME) -> dict[str, Node]:
    [index] = write(book(results, said), folder)
    assert index == folder / "report/index.html"
    return pages(folder / "report")


def test_a_sign_stands_for_a_number_that_nobody_could_have(tmp_path: Path) -> None:
    ada = learner("ada", TAME, Outcome.GRADED, Outcome.GRADED)
    nothing = tuple(replace(one, possible=0.0, score=0.0) for one in ada.lessons)
    ben = replace(ada, learner=replace(ada.learner, id="ben"), lessons=nothing)
    report = written(tmp_path, [replace(ada, lessons=(ada.lessons[0], nothing[1])), ben])
    index = report["index.html"]
    one, other = index.all("table", "book")[0].all("tbody")[0].all("tr")
    assert [cell.text.split()[0] for cell in one.all("td")] == ["12.3", "3", "23.1", "⊘"]
    assert [cell.text.split()[0] for cell in other.all("td")][2:] == ["⊘"] * 2
    assert other.all("td")[0].text == "⊘"
    assert "⊘ unsupported" in index.all("p", "legend")[0].text
    heat = report["lessons/lesson-02.html"].all("table", "heat")[0].all("tbody")[0].all("tr")
    assert [row.all("td")[0].text for row in heat] == ["⊘"] * 2
    assert "no total" in report["learners/ben.html"].text
    assert "no total" not in report["learners/ada.html"].text


def shape(node: Node) -> list[object]:
    """Give elements and their attributes without the text between them."""
    return [
        (node.tag, sorted(node.attributes.items())),
        *(shape(one) for one in node.children if isinstance(one, Node)),
    ]


def test_no_element_and_no_attribute_comes_from_a_learner(tmp_path: Path) -> None:
    tame = written(tmp_path / "tame", a_class(TAME))
    evil = written(tmp_path / "evil", a_class(EVIL), EVIL)
    assert tame.keys() == evil.keys()
    assert len(tame) == 1 + len(RULES) + len(Outcome) + 1
    for name, page in evil.items():
        assert shape(page) == shape(tame[name]), name
        for one in page.walk():
            assert one.tag not in ("script", "img", "iframe", "object", "link", "form", "base")
            assert not [key for key in one.attributes if key.startswith(("on", "style", "src"))]


def test_what_a_learner_wrote_stands_there_letter_by_letter(tmp_path: Path) -> None:
    found = written(tmp_path, a_class(EVIL), EVIL)["learners/graded.html"]
    want = " ".join(shown(EVIL).split())
    assert "\\x1b[31m\\x07\\x00\\ud800\\u202e" in want
    assert found.all("h1")[0].text == want
    assert want in {one.text for one in found.all("pre")}
    assert f"had {want}" in {one.text for one in found.all("dd")}
    text = (tmp_path / "report/learners/graded.html").read_text(encoding="utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)


def test_nothing_comes_from_elsewhere(tmp_path: Path) -> None:
    for name, page in written(tmp_path, a_class(TAME)).items():
        [style] = page.all("style")
        sheet = "".join(str(one) for one in style.children)
        assert "url(" not in sheet and "@import" not in sheet and "http" not in sheet
        [rules] = [
            one.attributes["content"]
            for one in page.all("meta")
            if one.attributes.get("http-equiv") == "Content-Security-Policy"
        ]
        digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
        assert rules.startswith(f"default-src 'none'; style-src 'sha256-{digest}';"), name
        for one in page.walk():
            assert not {"src", "srcset", "action", "xlink:href"} & one.attributes.keys()
            target = one.attributes.get("href", "")
            assert not re.match(r"[a-z]+:|/", target), target


def test_every_link_leads_to_a_place(tmp_path: Path) -> None:
    found = written(tmp_path, a_class(EVIL), EVIL)
    home = tmp_path / "report"
    for name in ("gradebook.csv", "canvas.csv", "moodle.csv", "gradescope.csv"):
        (tmp_path / name).touch()
    for name in ("junit.xml", "results.json"):
        (tmp_path / name).touch()
    ids = {name: [one.attributes["id"] for one in page.walk() if "id" in one.attributes]
           for name, page in found.items()}  # fmt: skip
    for name, page in found.items():
        assert len(set(ids[name])) == len(ids[name]), "a place has a name of its own"
        for link in page.all("a"):
            target, place = urldefrag(link.attributes["href"])
            path = Path(os.path.normpath(home / Path(name).parent / unquote(target)))
            path = path if target else home / name
            assert path.is_file(), (name, link.attributes)
            if place:
                assert place in ids[str(path.relative_to(home))], (name, link.attributes)
        for one in page.walk():
            labels = one.attributes.get("aria-labelledby", "").split()
            assert set(labels) <= set(ids[name])


def test_tables_have_heads_and_everything_has_a_word(tmp_path: Path) -> None:
    for name, page in written(tmp_path, a_class(TAME)).items():
        assert page.all("html")[0].attributes["lang"] == "en"
        assert len(page.all("h1")) == 1
        for table in page.all("table"):
            assert all("scope" in one.attributes for one in table.all("th")), name
            assert table.all("thead")
        for one in page.all("div", "scroll"):
            assert one.attributes["tabindex"] == "0"
            assert one.attributes.keys() & {"aria-label", "aria-labelledby"}
        for cell in page.all("td"):
            signs = [one for one in cell.all("span") if one.attributes.get("aria-hidden")]
            assert not signs or "".join(str(c) for one in cell.all() for c in one.children).strip()
    cells = page_of(tmp_path, "lessons/lesson-01.html").all("table", "heat")[0].all("td", "failed")
    assert {("✗", one.all("span", "sr")[0].text) for one in cells if one.all("a")} == {
        ("✗", "failed")
    }


def page_of(folder: Path, name: str) -> Node:
    return pages(folder / "report")[name]


def test_how_points_came_about_is_shown(tmp_path: Path) -> None:
    found = written(tmp_path, a_class(TAME))["learners/graded.html"]
    rows = [
        [cell.text for cell in row.children if isinstance(cell, Node)]
        for row in found.all("table", "points")[0].all("tr")
    ]
    assert ["make.passed", "✓ passed", "1.00", "late 0.5 d × 80 %", "× 90 %", "0.72"] in rows
    assert ["make.failed", "✗ failed", "1.00", "–", "–", "0.00"] in rows
    assert rows[-1] == ["together", "7.00", "", "1.62 = 23.14 %"]


def test_trouble_is_told_apart_from_failed_work(tmp_path: Path) -> None:
    found = written(tmp_path, a_class(TAME))["index.html"]
    section = next(
        one for one in found.all("section") if one.attributes["aria-labelledby"] == "not-graded"
    )
    rows = [[cell.text for cell in row.all("td")] for row in section.all("tr")][1:]
    assert [(row[0], row[1], row[2]) for row in rows] == [
        ("lesson-02", sign, "because tame")
        for sign in ("– absent", "? unreachable", "∅ no lab", "! errored")
    ]


@pytest.mark.parametrize(
    "results",
    [
        [],
        [learner("ada", TAME, Outcome.GRADED, Outcome.GRADED)],
        [learner(one, TAME, Outcome.ABSENT, Outcome.ABSENT) for one in ("ada", "ben")],
        [learner("ada", "")],
    ],
    ids=["nobody", "one", "all absent", "nothing known"],
)
def test_a_class_of_any_kind_has_its_pages(
    tmp_path: Path, results: Sequence[LearnerResult]
) -> None:
    found = written(tmp_path, results)
    assert len(found) == 1 + len(RULES) + len(results)
    rows = found["index.html"].all("table", "book")[0].all("tbody")[0].all("tr")
    assert len(rows) == len(results)


def test_ids_that_differ_in_capitals_have_pages_of_their_own(tmp_path: Path) -> None:
    ids = [
        *("ada", "Ada", "ADA", "a.b", "a-b", "a b", "con", "CON", "..", "../x", "/etc/passwd"),
        *(
            "李雷",
            "x" * 300,
            "ada@example.org",
            "-",
            ".hidden",
            "nul.html",
            "é",
            "e\u0301",
            "\ud800",
        ),
    ]
    names = [page_name(id_) for id_ in ids]
    assert len({name.casefold() for name in names}) == len(ids)
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9_-]*(\.[0-9a-f]{16})?\.html", name) for name in names)
    assert all(len(name) < 100 for name in names)
    assert page_name("ada") == "ada.html"
    found = written(tmp_path, [learner(id_, TAME, Outcome.GRADED) for id_ in ids])
    assert {f"learners/{name}" for name in names} < found.keys()


def test_a_check_and_a_question_of_one_name_are_two_places() -> None:
    assert anchor("check", "lesson-01", "a.b") != anchor("question", "lesson-01", "a.b")


def test_pages_of_learners_who_left_are_taken_away_and_nothing_else(tmp_path: Path) -> None:
    results = a_class(TAME)
    written(tmp_path, results)
    mine = tmp_path / "report/learners/notes.html"
    mine.write_text("<p>my own notes</p>", encoding="utf-8")
    list(write(book(results[:1]), tmp_path))
    names = sorted(path.name for path in (tmp_path / "report/learners").iterdir())
    assert names == ["graded.html", "notes.html"]


def test_a_page_that_cannot_be_finished_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(ZeroDivisionError), whole(path) as file:
        file.write("half of")
        _ = 1 / 0
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_run_that_was_cut_off_says_so(tmp_path: Path) -> None:
    half = book(a_class(TAME))
    half = replace(half, run=replace(half.run, ended=None))
    list(write(half, tmp_path))
    assert "cut off" in page_of(tmp_path, "index.html").all("p", "warning")[0].text


def test_times_are_the_classs_own(tmp_path: Path) -> None:
    found = written(tmp_path, a_class(TAME))["learners/graded.html"]
    assert "first held 2026-11-20 11:00" in found.text
    assert "(Europe/Berlin)" in found.text


def test_in_another_language(tmp_path: Path) -> None:
    words.use("zh")
    found = written(tmp_path, a_class(TAME))
    for page in found.values():
        assert page.all("html")[0].attributes["lang"] == "zh-CN"
    heads = {one.text for one in found["index.html"].all("h2")}
    assert not {text for text in heads if re.search("[A-Za-z]", text)}


COLOUR = re.compile(r"--([a-z-]+): (#[0-9a-f]{6});")


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_colours_have_the_contrast_that_reading_needs(scheme: int) -> None:
    sheet = (TEMPLATES / "report.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root \{([^}]*)\}", sheet)
    colours = dict(COLOUR.findall(blocks[scheme]))
    pairs = [(one, f"{one}-ground") for one in colours if f"{one}-ground" in colours]
    pairs += [(ink, ground) for ink in ("ink", "soft", "link") for ground in ("paper", "panel")]
    for ink, ground in pairs:
        if ink != "bar":
            assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours, as WCAG reckons it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
