from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.jsonpath import Key, Missing, PathError, brief, find, parse, read, show

DOCUMENT = [
    {
        "Name": "/web",
        "NetworkSettings": {
            "Networks": {"bridge": {"IPAddress": "172.17.0.2"}, "test-net": {"IPAddress": None}},
            "Ports": {"80/tcp": [{"HostPort": "8080"}]},
        },
        "Labels": {"a.b": "dotted", "with blank": 1},
    },
    {"Name": "/db", "Labels": {}},
]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("[0].NetworkSettings.Networks.bridge.IPAddress", "172.17.0.2"),
        ("[0].NetworkSettings.Networks.test-net.IPAddress", None),
        ("[0].NetworkSettings.Ports.80/tcp[0].HostPort", "8080"),
        ('[0].Labels["a.b"]', "dotted"),
        ("[0].Labels['with blank']", 1),
        ("[-1].Name", "/db"),
        ("[*].Name", ["/web", "/db"]),
        ("[*].NetworkSettings.Networks.bridge.IPAddress", ["172.17.0.2"]),
        ("[0].NetworkSettings.Networks[*].IPAddress", ["172.17.0.2", None]),
        ("", DOCUMENT),
    ],
)
def test_a_path_finds_its_value(path: str, value: Any) -> None:
    assert find(DOCUMENT, path) == value


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        (
            "[0].NetworkSettings.Networks.host.IPAddress",
            "[0].NetworkSettings.Networks has no host; it has: bridge, test-net",
        ),
        ("[2].Name", "the document has 2 elements"),
        ("[0].Name.x", '[0].Name is "/web", which has no keys'),
        ("[0].Name[0]", '[0].Name is "/web", which is no list'),
        ("[0].Name[*]", '[0].Name is "/web", which is no list'),
        ("[1].Labels.a", "[1].Labels is empty: it has no a"),
    ],
)
def test_a_path_that_breaks_off_tells_where(path: str, reason: str) -> None:
    found = find(DOCUMENT, path)
    assert isinstance(found, Missing)
    assert str(found.reason) == reason


@pytest.mark.parametrize(("path", "position"), [("a..b", 1), ("a[", 1), ("[x]", 0), ("a b", 1)])
def test_a_path_that_cannot_be_read_tells_where(path: str, position: int) -> None:
    with pytest.raises(PathError) as caught:
        parse(path)
    assert caught.value.position == position


@settings(deadline=None)
@given(st.text(st.characters(exclude_characters='"\n', exclude_categories=["Cs"]), min_size=1))
def test_every_key_can_be_written_and_found(key: str) -> None:
    path = show(Key(key))
    assert find({key: 7}, path) == 7


def test_json_lines_are_read_as_a_list() -> None:
    assert read('{"a": 1}\n{"a": 2}\n') == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize("text", ["", "web", "{]", "[" * 100_000, "{}\nweb"])
def test_what_is_no_json_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read(text)


def test_long_values_are_shown_cut() -> None:
    assert len(brief(["x"] * 1000)) == 201
