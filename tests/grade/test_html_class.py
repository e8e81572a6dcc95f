"""The report of the demonstration class: its numbers are those of results.json."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from checks.verdict import State
from runner import words
from runner.grade.book import Book
from runner.grade.class_ import Class, Where
from runner.grade.class_file import load_class
from runner.grade.demo import make_demo
from runner.grade.live import Crew
from runner.grade.planning import make_plan
from runner.grade.pool import Pool
from runner.grade.report import write_all
from runner.grade.report.pages import write
from runner.grade.report.pages.names import anchor, page_name
from runner.grade.report.pages.signs import BY_NAME
from runner.grade.report.pages.views import item_anchor
from runner.grade.run import Grading
from runner.grade.store import Results
from runner.grade.task import Judges
from tests.grade.markup import Node, pages, read

NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Book, Path]]:
    folder = tmp_path_factory.mktemp("demo")
    class_ = load_class(make_demo(folder / "class", NOW))
    with Results(folder / "results.sqlite") as results:
        plan = make_plan(class_)
        judges: dict[Where, Judges] = {
            Where.SUBMISSION: Pool(1),
            Where.ENGINE: Crew(labs=1, per_host=1, limit=30),
        }
        run = Grading(plan, results, judges).run()
        yield Book(class_=class_, rules=plan.rules, run=run, results=results), folder


@pytest.fixture(scope="module")
def data(graded: tuple[Book, Path]) -> dict[str, Any]:
    book, folder = graded
    assert folder / "out/report/index.html" in list(write_all(book, folder / "out"))
    found: dict[str, Any] = json.loads((folder / "out/results.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def report(graded: tuple[Book, Path], data: dict[str, Any]) -> dict[str, Node]:
    return pages(graded[1] / "out/report")


def told(value: float, digits: int = 1) -> str:
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".")


def test_the_gradebook_has_the_numbers_of_the_json(
    report: dict[str, Node], data: dict[str, Any]
) -> None:
    rows = report["index.html"].all("table", "book")[0].all("tbody")[0].all("tr")
    by_id = {one["id"]: one for one in data["learners"]}
    assert len(rows) == len(by_id) == 12
    for row in rows:
        name = row.all("a")[0].attributes["href"]
        one = next(by_id[id_] for id_ in by_id if name == f"learners/{page_name(id_)}")
        cells = [cell.text for cell in row.all("td")]
        assert row.all("th")[0].text == " ".join(f"{one['name']} {one['id']}".split())
        assert cells[0].rstrip("*") == told(one["total"])
        for cell, lesson in zip(cells[2:], one["lessons"], strict=True):
            if lesson["outcome"] == "graded":
                assert cell.split()[0] == told(lesson["score"])
            else:
                assert cell[0] in "–?!∅"


def test_every_cell_of_a_map_is_the_verdict_of_the_json(
    report: dict[str, Node], data: dict[str, Any]
) -> None:
    for number, lesson in enumerate(one["id"] for one in data["lessons"]):
        [table] = report[f"lessons/{lesson}.html"].all("table", "heat")
        wanted = {}
        for one in data["learners"]:
            for step in one["lessons"][number]["steps"]:
                for kind in ("checks", "questions"):
                    for row in step[kind]:
                        place = item_anchor(lesson, row["id"], question=kind == "questions")
                        wanted[f"../learners/{one['id']}.html#{place}"] = state_of(row)
        shown = {
            link.attributes["href"]: cell.classes[0]
            for cell in table.all("td")
            for link in cell.all("a")
        }
        assert shown == wanted
        assert all(
            link.text.rstrip("*") == BY_NAME[cell.classes[0]].sign
            for cell in table.all("td")
            for link in cell.all("a")
        )


def state_of(row: dict[str, Any]) -> str:
    if "state" in row:
        return str(row["state"])
    if row["right"] is None:
        return "unsupported" if row["given"] else "skipped"
    return "passed" if row["right"] else "failed"


def test_the_share_that_passed_is_of_those_judged(
    report: dict[str, Node], data: dict[str, Any]
) -> None:
    for number, lesson in enumerate(one["id"] for one in data["lessons"]):
        states: dict[str, Counter[str]] = {}
        for one in data["learners"]:
            for step in one["lessons"][number]["steps"]:
                for row in step["checks"]:
                    states.setdefault(row["id"], Counter())[row["state"]] += 1
        for id_, counts in states.items():
            page = report[f"lessons/{lesson}.html"]
            row_ = page.by_id(item_anchor(lesson, id_, question=False))
            judged = counts[State.PASSED.value] + counts[State.FAILED.value]
            cells = [cell.text for cell in row_.all("td")]
            assert cells[0] == f"{counts[State.PASSED.value]} / {judged}"
            assert cells[1:4] == [
                str(counts[name] or "") for name in ("skipped", "errored", "unsupported")
            ]


def test_a_learners_points_are_a_product_that_comes_out(
    report: dict[str, Node], data: dict[str, Any]
) -> None:
    products = 0
    for one in data["learners"]:
        page = report[f"learners/{page_name(one['id'])}"]
        for lesson, table in zip(
            [each for each in one["lessons"] if each["steps"]],
            page.all("table", "points"),
            strict=True,
        ):
            foot = [cell.text for cell in table.all("tfoot")[0].all("td")]
            assert foot[0] == f"{lesson['possible']:.2f}"
            assert foot[2] == f"{lesson['earned']:.2f} = {told(lesson['score'], 2)} %"
            for row in table.all("tbody")[0].all("tr"):
                cells = [cell.text for cell in row.all("td")]
                if len(cells) != 5 or not cells[0].startswith("✓") or cells[2] == "–":
                    continue
                late, help_ = (float(text.split("×")[1].strip(" %")) for text in cells[2:4])
                assert float(cells[1]) * late * help_ / 10000 == pytest.approx(
                    float(cells[4]), abs=0.006
                )
                products += late < 100 or help_ < 100
        total = page.all("table")[0].all("tfoot")[0].all("td")[0].text
        assert total == f"{one['total']:.2f}"
    assert products, "somebody was late, somebody took help"


def test_every_finding_stands_with_its_learner(
    report: dict[str, Node], data: dict[str, Any]
) -> None:
    for one in data["learners"]:
        page = report[f"learners/{page_name(one['id'])}"]
        found = [
            *one["findings"],
            *(each for lesson in one["lessons"] for each in lesson["findings"]),
        ]
        lists = [item for some in page.all("ul", "findings") for item in some.all("li")]
        assert len(lists) == len(found)
        said = " ".join(item.text for item in lists)
        assert all(" ".join(each["message"].split()) in said for each in found)


def test_findings_are_counted_as_in_the_json(report: dict[str, Node], data: dict[str, Any]) -> None:
    found = [
        *data["findings"],
        *(each for one in data["learners"] for each in one["findings"]),
        *(
            each
            for one in data["learners"]
            for lesson in one["lessons"]
            for each in lesson["findings"]
        ),
    ]
    index = report["index.html"]
    grave = sum(each["weight"] != "note" for each in found)
    [card] = [
        one.all("dd")[0].text
        for one in index.all("dl", "numbers")[0].all("div")
        if one.all("dt")[0].text == "findings to decide"
    ]
    assert card == str(grave)
    assert index.all("span", "count")[1].text == str(len(found))
    rows = index.all("table", "book")[0].all("tbody")[0].all("tr")
    told_ = [row.all("td")[1].all("strong") for row in rows]
    assert sum(int(some[0].text) for some in told_ if some) == grave


def test_who_was_not_graded_is_told_with_the_reason(report: dict[str, Node]) -> None:
    text = report["index.html"].text
    assert "The engine does not answer" in text
    assert "Nothing was handed in." in text
    assert "It is no submission" in text


def test_the_course_speaks_the_language_of_the_report(
    graded: tuple[Book, Path], tmp_path: Path
) -> None:
    words.use("zh")
    try:
        list(write(graded[0], tmp_path))
    finally:
        words.use("en")
    page = read(tmp_path / "report/learners/barbara.html")
    title = page.by_id(anchor("lesson", "lesson-02")).text
    assert title == "lesson-02 每个容器一对 veth"
    values = drawn(graded[0].class_, "barbara")
    claim = page.by_id(item_anchor("lesson-02", "first.on-bridge", question=False)).all("p")[0]
    assert f"{values['first']} 运行在网络 bridge 上" in claim.text
    advice = page.by_id(item_anchor("lesson-02", "label.first", question=False)).text
    assert "建议" in advice
    assert "%{" not in page.text


def drawn(class_: Class, learner: str) -> dict[str, str]:
    from runner.course.course import open_course
    from runner.course.variables import draw
    from runner.grade.keys import drawing_key, read_secret

    secret = read_secret(class_.path)
    assert secret is not None
    return draw(open_course().lesson("lesson-02"), drawing_key(secret, class_.id, learner))


def test_without_course_and_secret_the_results_own_words_stand(
    graded: tuple[Book, Path], tmp_path: Path
) -> None:
    from dataclasses import replace

    book = graded[0]
    lost = replace(book.class_, path=tmp_path / "gone.yaml", course_folder=tmp_path / "gone")
    list(write(replace(book, class_=lost), tmp_path))
    page = read(tmp_path / "report/learners/barbara.html")
    assert "runs on the network bridge" in page.text
    assert page.by_id(anchor("lesson", "lesson-02")).text.startswith("lesson-02 A veth pair")
