from __future__ import annotations

import re

import pytest

from runner.lab import names


def test_the_owner_is_stable_and_fits_into_docker_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(names.OWNER_VARIABLE, raising=False)
    assert names.owner() == names.owner()
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]*-[0-9a-f]{6}", names.owner())


def test_tests_and_proofs_name_their_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(names.OWNER_VARIABLE, "Ann Smith")
    assert names.owner() == "ann-smith"


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Ann", "ann"), ("DOMAIN\\ann.b", "domain-ann-b"), ("张", "x"), ("a" * 50, "a" * 32)],
)
def test_names_are_folded(text: str, folded: str) -> None:
    assert names.plain(text) == folded


def test_two_owners_never_meet() -> None:
    for name in (names.store_name, names.network_name):
        assert name("ann") != name("bob")
    assert names.host_name("ann", "docker") != names.host_name("bob", "docker")


def test_labels_say_whose_and_what_for() -> None:
    found = names.labels("ann", names.Role.HOST, course="net", lab="1f")
    assert found == {
        "learn-docker-net": "1",
        "learn-docker-net.owner": "ann",
        "learn-docker-net.role": "host",
        "learn-docker-net.course": "net",
        "learn-docker-net.lab": "1f",
    }
    assert names.label_options({"a": "b"}) == ["--label", "a=b"]
    assert names.filter_options({"a": "b"}) == ["--filter", "label=a=b"]
