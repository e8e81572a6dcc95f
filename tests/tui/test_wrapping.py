"""Where lines of Chinese end."""

from itertools import pairwise

from textual.content import Content

from runner.tui import wrapping


def lines(text: str, width: int) -> list[str]:
    places = [0, *wrapping.divide(text, width), len(text)]
    return [text[one:other].rstrip() for one, other in pairwise(places)]


def test_no_line_begins_with_what_closes_or_ends_with_what_opens() -> None:
    text = "这里新的问题只有一个：它们彼此之间（在网桥上）能做什么？谁也不知道，docker0 也不知道。"
    for width in range(8, 60):
        found = lines(text, width)
        assert "".join(found).replace(" ", "") == text.replace(" ", "")
        for line in found:
            assert Content(line).cell_length <= width
            assert line[0] not in "，。：？）"
            assert line[-1] not in "（"


def test_a_line_is_filled_before_a_word_of_latin_letters() -> None:
    assert lines("于是都落在 bridge 上，也就是接到 docker0。再让它们", 30) == [
        "于是都落在 bridge 上，也就是接",
        "到 docker0。再让它们",
    ]


def test_other_text_is_broken_as_ever() -> None:
    assert lines("one two three", 8) == ["one two", "three"]
    assert lines("ä" * 10, 4) == ["ääää", "ääää", "ää"]


def test_textual_breaks_lines_so() -> None:
    wrapping.teach()
    found = [line.plain for line in Content("一二三，四五六。").wrap(6)]
    assert found == ["一二", "三，四", "五六。"]
