"""The file around a submission: what no program of ours writes into a ZIP is refused."""

from __future__ import annotations

import struct

import pytest

from runner.grade.packed import BadSubmission
from runner.grade.submission import open_submission
from tests.grade.making import submission

_ENTRY = b"PK\x01\x02"
_FLAGS_AT = 8


@pytest.mark.parametrize("flag", [0x0001, 0x0020, 0x0040, 0x0010, 0x2000])
def test_encrypted_patched_and_masked_parts_are_refused(flag: int) -> None:
    data = bytearray(submission())
    struct.pack_into("<H", data, data.index(_ENTRY) + _FLAGS_AT, flag)
    with pytest.raises(BadSubmission, match="no submission holds"):
        open_submission(bytes(data))


def test_a_part_whose_size_stands_behind_it_is_one() -> None:
    data = bytearray(submission())
    struct.pack_into("<H", data, data.index(_ENTRY) + _FLAGS_AT, 0x0008)
    with open_submission(bytes(data)) as found:
        assert found.head.learner == "ada"
