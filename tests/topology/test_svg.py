"""The map as a picture."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from runner.topology.arrange import arrange
from runner.topology.diff import compare
from runner.topology.layout import compose
from runner.topology.svg import svg
from tests.topology.test_layout import TOWNS, WANTED, before_and_after
from tests.topology.towns import Town, lesson_02, topology

SPACE = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", TOWNS)
def test_every_map_is_well_formed_and_within_its_frame(name: str) -> None:
    picture = ElementTree.fromstring(svg(compose(topology(*TOWNS[name]), wanted=WANTED)))
    high = float(picture.attrib["height"])
    for box in picture.iter(f"{SPACE}rect"):
        assert float(box.get("x", "0")) + float(box.attrib["width"]) <= 960
        assert float(box.get("y", "0")) + float(box.attrib["height"]) <= high
    for text in picture.iter(f"{SPACE}text"):
        assert float(text.attrib["y"]) < high


def test_it_needs_nothing_from_elsewhere_and_has_both_schemes() -> None:
    text = svg(compose(topology(lesson_02())), title="Lesson")
    assert "prefers-color-scheme:dark" in text
    assert not re.search(r"url\(|href|@import|<script|<image", text)
    assert re.findall(r"https?://[^\"]+", text) == ["http://www.w3.org/2000/svg"]


def test_it_can_be_read_aloud() -> None:
    picture = ElementTree.fromstring(svg(compose(topology(lesson_02())), title="Lesson <1>"))
    assert picture.findtext(f"{SPACE}title") == "Lesson <1>"
    assert "centos01 runs." in (picture.findtext(f"{SPACE}desc") or "")


def test_names_from_a_lab_are_escaped() -> None:
    town = Town()
    town.network('<b>"&\x07\x1b', "172.18.0.0/16", "172.18.0.1")
    town.container("web", {'<b>"&\x07\x1b': "172.18.0.2"}, aliases={'<b>"&\x07\x1b': ["</svg>"]})
    picture = ElementTree.fromstring(svg(compose(topology(town))))
    words = "".join(picture.itertext())
    assert '<b>"&' in words and "alias </svg>" in words
    assert not list(picture.iter(f"{SPACE}b"))


def test_changes_carry_a_mark_beside_their_colour() -> None:
    before, after = before_and_after()
    text = svg(compose(after, compare(arrange(before), arrange(after))))
    assert ">~ </tspan>" in text and ">+ </tspan>" in text and ">- </tspan>" in text
