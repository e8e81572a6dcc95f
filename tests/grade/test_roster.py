"""Rosters as the platforms export them, and as people save them."""

from __future__ import annotations

from pathlib import Path

import pytest

from runner.errors import CourseError
from runner.grade.roster import Member, read_roster

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Task 3 (9917)
    Points Possible,,,,,100.0
"Lovelace, Ada",101,u0001,ada,Networks A,
"Turing, Alan",102,u0002,alan,Networks A,80
"Student, Test",999,,,Networks A,
"""
MOODLE_PARTICIPANTS = """\
"First name","Last name","ID number","Email address",Groups
Ada,Lovelace,4711,ada@uni.example,A
Alan,Turing,,alan@uni.example,B
"""
MOODLE_GRADING = """\
Identifier,"Full name","Email address",Status,Grade,"Maximum grade"
"Participant 101","Ada Lovelace",ada@uni.example,"Submitted for grading",,100.00
"""
GRADESCOPE = """\
First Name,Last Name,SID,Email,Role,Section
Ada,Lovelace,4711,ada@uni.example,Student,A
Alan,Turing,,alan@uni.example,Student,A
"""


def roster(folder: Path, data: str | bytes) -> list[Member]:
    path = folder / "roster.csv"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_roster(path)


def problems(folder: Path, data: str | bytes) -> list[str]:
    with pytest.raises(CourseError) as caught:
        roster(folder, data)
    return [f"{one.place.line} {one.message}" for one in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (CANVAS, [("ada", "Lovelace, Ada", ""), ("alan", "Turing, Alan", "")]),
        (
            MOODLE_PARTICIPANTS,
            [
                ("4711", "Ada Lovelace", "ada@uni.example"),
                ("alan@uni.example", "Alan Turing", "alan@uni.example"),
            ],
        ),
        (MOODLE_GRADING, [("ada@uni.example", "Ada Lovelace", "ada@uni.example")]),
        (
            GRADESCOPE,
            [
                ("4711", "Ada Lovelace", "ada@uni.example"),
                ("alan@uni.example", "Alan Turing", "alan@uni.example"),
            ],
        ),
        ("id,name\nada,Ada\n", [("ada", "Ada", "")]),
        ("学号,姓名\n2026001,王小明\n", [("2026001", "王小明", "")]),
        ("Matrikelnummer;Nachname;Vorname\n4711;Müller;Jörg\n", [("4711", "Jörg Müller", "")]),
        ("email\nada@uni.example\n", [("ada@uni.example", "ada@uni.example", "ada@uni.example")]),
    ],
    ids=["canvas", "moodle", "moodle grading", "gradescope", "plain", "zh", "semicolons", "mail"],
)
def test_columns_are_recognised(
    tmp_path: Path, text: str, found: list[tuple[str, str, str]]
) -> None:
    assert [(one.id, one.name, one.email) for one in roster(tmp_path, text)] == found


def test_all_columns_are_kept_for_the_way_back(tmp_path: Path) -> None:
    ada = roster(tmp_path, CANVAS)[0]
    assert ada.section == "Networks A"
    assert ada.columns["SIS User ID"] == "u0001"
    assert ada.line == 3


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbfid,name\r\nada,J\xc3\xb6rg\r\n",
        "id,name\nada,Jörg\n".encode("utf-16"),
        b"\n\n id , name \n\n  ada ,\xc2\xa0J\xc3\xb6rg  \n,\n\n",
        b"id\tname\nada\tJ\xc3\xb6rg",
        b'"id","name"\n"ada","J\xc3\xb6rg"\n',
    ],
    ids=["mark", "utf-16", "blanks", "tabs", "quotes"],
)
def test_however_it_was_saved(tmp_path: Path, data: bytes) -> None:
    assert [(one.id, one.name) for one in roster(tmp_path, data)] == [("ada", "Jörg")]


def test_latin_1_is_told_with_its_line_and_the_way_on(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes("id,name\nada,Ada\njoerg,Jörg\n".encode("latin-1"))
    with pytest.raises(CourseError) as caught:
        read_roster(path)
    [problem] = caught.value.problems
    assert problem.place.line == 3
    assert "Latin-1" in str(problem.message)
    assert "iconv -f latin1 -t utf-8 roster.csv" in str(problem.remedy)


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    text = 'id,name\nada,Ada\n,Nobody\nADA,Twice\n"a/b",Path\n..,Dots\nben,Ben,more,cells\n'
    assert problems(tmp_path, text) == [
        "3 This row has no id.",
        "4 ADA already stands on line 2.",
        "5 `a/b` cannot be an id: letters, digits and `. _ @ + -` can.",
        "6 `..` cannot be an id: letters, digits and `. _ @ + -` can.",
        "7 The row has 4 cells, the headings are 2.",
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"id,name\n", "Nobody stands"),
        (b"first,second\n1,2\n", "No column tells"),
        (b'id,name\nada,"Ada\n', "no CSV"),
        (b"id,name\nada,A\0da\n", "NUL"),
        (b"id,name\nada," + b"A" * 2000 + b"\n", "longer than 1000"),
        (b"id,name\nada," + b"A" * 200_000 + b"\n", "no CSV"),
    ],
    ids=["nothing", "blank", "nobody", "no id", "open quote", "nul", "long", "very long"],
)
def test_what_is_no_roster_is_told(tmp_path: Path, data: bytes, words: str) -> None:
    assert words in problems(tmp_path, data)[0]


def test_a_quoted_line_break_counts_as_lines_do(tmp_path: Path) -> None:
    text = 'id,name\nada,"Ada\nLovelace"\n,Nobody\n'
    assert problems(tmp_path, text) == ["4 This row has no id."]


def test_formulas_in_names_are_only_text_here(tmp_path: Path) -> None:
    [one] = roster(tmp_path, 'id,name\nada,"=cmd|calc!A1"\n')
    assert one.name == "=cmd|calc!A1"
