"""Which way of getting rights is tried first, and what is remembered."""

from __future__ import annotations

from pathlib import Path

import pytest

from runner.lab import privilege
from runner.lab.privilege import Privilege


@pytest.fixture(autouse=True)
def own_cache(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    monkeypatch.setenv("DOCKER_CONTEXT", "here")
    return own_home / "cache"


def test_privileged_comes_first() -> None:
    assert privilege.ways() == [Privilege.FULL, Privilege.LISTED]


def test_what_worked_last_comes_first_on_that_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    privilege.remember(Privilege.LISTED)
    assert privilege.ways() == [Privilege.LISTED, Privilege.FULL]
    monkeypatch.setenv("DOCKER_CONTEXT", "elsewhere")
    assert privilege.ways()[0] is Privilege.FULL


def test_a_broken_memory_is_no_memory(own_cache: Path) -> None:
    own_cache.mkdir()
    for text in ("{", "[]", ""):
        (own_cache / "privilege.json").write_text(text)
        assert privilege.ways()[0] is Privilege.FULL
    privilege.remember(Privilege.LISTED)
    assert privilege.ways()[0] is Privilege.LISTED


def test_a_cache_that_cannot_be_written_is_no_error(own_cache: Path) -> None:
    own_cache.write_text("a file where the folder should be")
    privilege.remember(Privilege.LISTED)
    assert privilege.ways()[0] is Privilege.FULL


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("unable to apply caps: operation not permitted: unknown", True),
        ("Operation not permitted", True),
        ("No such image: x", False),
        ("", False),
    ],
)
def test_want_of_rights_is_told_from_other_failures(words: str, expected: bool) -> None:
    assert privilege.denied(words) is expected


def test_the_list_keeps_one_capability_back_and_confines_nothing() -> None:
    assert Privilege.FULL.options == ["--privileged"]
    options = Privilege.LISTED.options
    assert "--cap-drop=SYS_RESOURCE" in options
    assert "--device-cgroup-rule=a *:* rwm" in options
