"""Membership: kept for its owner alone, with a record of its own, and left without a loss."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from runner.errors import LearnError
from runner.record.files import class_place, record_place
from runner.record.membership import (
    Membership,
    key_file,
    leave,
    read_key,
    read_membership,
    save_key,
    save_membership,
)

ADA = Membership(
    class_id="net-2026",
    title="Networks",
    learner="ada",
    name="Ada Lovelace",
    course="small",
    course_digest="0" * 32,
    hand_in="here",
    values={"lesson-01": {"name": "web01"}},
    due={"lesson-01": "2026-12-01T23:59+01:00"},
    enrolment="1" * 32,
)


def mode(path: Path | str) -> int:
    return stat.S_IMODE(Path(path).stat().st_mode)


def test_a_member_comes_back_as_they_joined() -> None:
    assert read_membership("small") is None
    save_membership(ADA)
    assert read_membership("small") == ADA
    assert read_membership("other") is None


def test_a_class_has_a_record_of_its_own_and_leaving_brings_the_old_one_back() -> None:
    before = record_place("small")
    save_membership(ADA)
    assert record_place("small").endswith("/records/small.net-2026.ada.sqlite")
    assert record_place("other").endswith("/records/other.sqlite")
    assert leave("small") == ADA
    assert record_place("small") == before
    assert leave("small") is None


def test_somebody_elses_course_of_the_same_name_is_another(tmp_path: Path) -> None:
    save_membership(ADA)
    assert read_membership("small", tmp_path) is None
    assert "net-2026" not in record_place("small", tmp_path)


def test_key_and_folder_are_for_their_owner_alone() -> None:
    save_membership(ADA)
    save_key(ADA, bytes(32))
    assert read_key(ADA) == bytes(32)
    assert mode(key_file(ADA)) == 0o600
    assert mode(class_place("small")) == 0o700


def test_a_key_is_kept_through_leaving() -> None:
    save_membership(ADA)
    save_key(ADA, bytes(32))
    leave("small")
    assert read_key(ADA) == bytes(32)


def test_a_key_that_others_may_read_is_refused() -> None:
    save_key(ADA, bytes(32))
    key_file(ADA).chmod(0o640)
    with pytest.raises(LearnError, match="Others may read"):
        read_key(ADA)


@pytest.mark.parametrize("text", ["", "00", "zz" * 32])
def test_what_is_no_key_is_told(text: str) -> None:
    save_key(ADA, bytes(32))
    key_file(ADA).write_text(text)
    with pytest.raises(LearnError, match="key cannot be read"):
        read_key(ADA)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"version": 1}', '{"version": "x"}'])
def test_a_damaged_membership_is_told_with_the_way_on(text: str) -> None:
    save_membership(ADA)
    Path(class_place("small"), "membership.json").write_text(text)
    with pytest.raises(LearnError, match="cannot be read") as caught:
        read_membership("small")
    assert "Join again" in str(caught.value.remedy)


def test_a_newer_membership_is_refused() -> None:
    save_membership(ADA)
    path = Path(class_place("small"), "membership.json")
    path.write_text(path.read_text().replace('"version": 1', '"version": 9'))
    with pytest.raises(LearnError, match="newer"):
        read_membership("small")
