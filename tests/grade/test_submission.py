"""Submissions: what goes in comes out, and a stranger's file does no harm and counts nothing."""

from __future__ import annotations

import io
import json
import os
import struct
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from checks.judge import judge
from checks.verdict import State
from runner.course.course import open_course
from runner.grade.finding import FindingKind
from runner.grade.packed import BadSubmission, Limits
from runner.grade.submission import Signature, open_submission
from runner.grade.work_json import work_to_json
from tests.directory_lab import write_course
from tests.grade.making import OTHER, forged, members, pack, submission, work


def read(data: bytes, lesson: str = "lesson-01", limits: Limits | None = None) -> Any:
    with open_submission(data, limits or Limits()) as found:
        return found.work(lesson)


def refused(data: bytes, limits: Limits | None = None) -> BadSubmission:
    with pytest.raises(BadSubmission) as caught:
        read(data, limits=limits)
    return caught.value


def record(**changes: Any) -> bytes:
    return json.dumps({**work_to_json(work()), **changes}).encode()


def test_what_goes_in_comes_out() -> None:
    with open_submission(submission([work(), work("lesson-02")])) as found:
        assert found.signature is Signature.GOOD
        assert (found.head.class_id, found.head.learner) == ("net-2026", "ada")
        assert found.head.lessons == ("lesson-01", "lesson-02")
        assert found.work("lesson-01") == work()
        assert found.work("lesson-02") == work("lesson-02")


def test_the_same_work_gives_the_same_bytes() -> None:
    assert submission() == submission()


def test_an_observation_handed_in_is_judged_anew_by_the_courses_own_lesson(tmp_path: Path) -> None:
    lesson = open_course(write_course(tmp_path)).lesson("lesson-01")
    check = lesson.steps[0].checks[0]
    [there, _] = read(submission()).seen
    assert judge(check, there.observation).state is State.PASSED


def test_a_lesson_that_is_not_in_it_is_told() -> None:
    with open_submission(submission()) as found, pytest.raises(BadSubmission, match="not in it"):
        found.work("lesson-02")


# ---- who signed


def test_an_edited_observation_does_not_count_and_says_so() -> None:
    parts = members(submission())
    parts["lessons/lesson-01.json"] = parts["lessons/lesson-01.json"].replace(
        b'"status":1', b'"status":0'
    )
    error = refused(pack(parts))
    assert error.kind is FindingKind.BAD_SIGNATURE
    assert "changed after" in str(error)


def test_an_edited_head_is_badly_signed() -> None:
    parts = members(submission())
    parts["head.json"] = parts["head.json"].replace(b'"ada"', b'"ben"')
    with open_submission(pack(parts)) as found:
        assert found.head.learner == "ben"
        assert found.signature is Signature.BAD


def test_a_signature_of_another_learner_is_none() -> None:
    parts, others = members(submission()), members(submission(private=OTHER))
    parts["signature"] = others["signature"]
    with open_submission(pack(parts)) as found:
        assert found.signature is Signature.BAD


@pytest.mark.parametrize("signature", [b"", b"\xff\xfe", b"0" * 128, b"zz" * 64])
def test_what_is_no_signature_is_a_bad_one(signature: bytes) -> None:
    parts = members(submission()) | {"signature": signature}
    with open_submission(pack(parts)) as found:
        assert found.signature is Signature.BAD


def test_a_missing_signature_is_told_apart() -> None:
    parts = members(submission())
    del parts["signature"]
    with open_submission(pack(parts)) as found:
        assert found.signature is Signature.MISSING


# ---- the file around it


@pytest.mark.parametrize(
    "data",
    [b"", b"PK", b"hello", b"\0" * 5000, b"PK\x05\x06" + b"\0" * 18, b"%PDF-1.7" * 100],
)
def test_what_is_no_submission_is_none(data: bytes) -> None:
    assert refused(data).kind is FindingKind.BROKEN_FILE


def test_a_submission_cut_anywhere_is_refused() -> None:
    whole = submission()
    for length in range(0, len(whole), 37):
        refused(whole[:length])


def test_every_flipped_byte_is_noticed_or_harmless() -> None:
    whole = submission()
    sound = work()
    for index in range(0, len(whole), 11):
        data = bytearray(whole)
        data[index] ^= 0x41
        try:
            with open_submission(bytes(data)) as found:
                if found.signature is Signature.GOOD:
                    assert found.work("lesson-01") == sound
        except BadSubmission:
            continue


def test_a_newer_format_is_told_apart() -> None:
    parts = members(submission())
    parts["head.json"] = parts["head.json"].replace(b'"version": 1', b'"version": 2')
    assert refused(pack(parts)).kind is FindingKind.NEWER_FORMAT


@pytest.mark.parametrize(
    "name",
    [
        "../evil.json",
        "/etc/passwd",
        "lessons/../../evil",
        "lessons\\..\\evil",
        "C:evil",
        "lessons/a/b.json",
        ".hidden",
        "nul\0byte",
        "lessons/ünï.json",
        "extra.json",
        "lessons/lesson-99.json",
    ],
)
def test_nothing_else_may_stand_in_it(name: str, tmp_path: Path) -> None:
    outside = sorted(tmp_path.rglob("*"))
    refused(pack([*members(submission()).items(), (name, b"evil")]))
    assert sorted(tmp_path.rglob("*")) == outside


def test_a_symlink_in_it_is_refused() -> None:
    target = io.BytesIO(submission())
    with zipfile.ZipFile(target, "a") as file:
        link = zipfile.ZipInfo("lessons/link")
        link.external_attr = 0o120777 << 16
        file.writestr(link, "/etc/shadow")
    assert "no submission holds" in str(refused(target.getvalue()))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_that_stands_twice_is_refused() -> None:
    parts = members(submission())
    doubled = [*parts.items(), ("lessons/lesson-01.json", record())]
    assert "twice" in str(refused(pack(doubled)))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_compressions_are_refused(method: int) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as file:
        for name, data in members(submission()).items():
            file.writestr(name, data)
    refused(target.getvalue())


@pytest.mark.parametrize("around", [(b"#!/bin/sh\n", b""), (b"", b"tail"), (b"PK" * 50, b"")])
def test_nothing_may_stand_before_or_behind_it(around: tuple[bytes, bytes]) -> None:
    refused(around[0] + submission() + around[1])


def test_a_list_of_a_million_parts_is_not_even_read() -> None:
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65535, 65535, 46 * 65535, 0, 0)
    assert "more parts" in str(refused(b"\0" * 46 * 65535 + end))


def test_a_file_in_the_large_form_is_refused() -> None:
    large = struct.pack("<4sLQL", b"PK\x06\x07", 0, 0, 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65535, 65535, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    refused(b"\0" * 100 + large + end)


def test_a_folder_a_pipe_and_a_device_are_no_files(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.ldn"
    os.mkfifo(pipe)
    for path in (tmp_path, pipe, Path("/dev/zero"), tmp_path / "missing.ldn"):
        with pytest.raises(BadSubmission):
            open_submission(path)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.ldn"
    with path.open("wb") as file:
        file.truncate(10 << 30)
    with pytest.raises(BadSubmission, match="larger than"):
        open_submission(path)


# ---- what is inside


READER = """
import resource, sys
from pathlib import Path
from runner.grade.submission import open_submission, BadSubmission
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
before = peak()
try:
    open_submission(Path(sys.argv[1])).work("lesson-01")
except BadSubmission as error:
    print(peak() - before, error)
"""


def test_an_archive_bomb_costs_no_more_than_an_honest_lesson(tmp_path: Path) -> None:
    bomb = forged(b'{"a":"' + b"0" * (300 << 20) + b'"}')
    assert len(bomb) < 1 << 20
    path = tmp_path / "bomb.ldn"
    path.write_bytes(bomb)
    done = subprocess.run(
        [sys.executable, "-c", READER, str(path)], capture_output=True, text=True, check=True
    )
    megabytes, _, words = done.stdout.partition(" ")
    assert "larger than 16 MiB" in words
    assert int(megabytes) < 64


def test_one_gigabyte_of_output_is_refused_as_such() -> None:
    target = io.BytesIO()
    parts = members(submission())
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for name in ("head.json", "signature"):
            file.writestr(name, parts[name])
        with file.open("lessons/lesson-01.json", "w", force_zip64=False) as member:
            for _ in range(1024):
                member.write(b" " * (1 << 20))
    error = refused(target.getvalue())
    assert "larger than 16 MiB" in str(error)


def test_a_size_that_lies_is_not_believed() -> None:
    data = bytearray(forged(b" " * (40 << 20)))
    place = data.rindex(b"PK\x01\x02")
    data[place + 24 : place + 28] = struct.pack("<L", 100)
    refused(bytes(data))


@pytest.mark.parametrize(
    "evil",
    [
        b"[" * 1_000_000,
        b"[" * 500_000 + b"]" * 500_000,
        b'{"a":' * 200_000 + b"1" + b"}" * 200_000,
        b"[" + b"[]," * 3_000_000 + b"1]",
        b'["' + b'","' * 4_000_000 + b'"]',
        b'"' + b'\\"' * 4_000_000,
        b'"' + b"\\" * 8_000_001,
        b"1" * 5_000_000,
        b'{"version": 2, "lesson": NaN}',
        b'{"version": 1e999}',
        b'{"version": 2, "lesson": "lesson-01", "unknown": 1e999}',
        b"\xff\xfe\x00",
        b'{"version":2,"lesson":"lesson-01\xc3\x28"}',
        b'{"version":2,"lesson":"\\ud800"}',
        b'{"version":2,"lesson":"a\0b"}',
        b"null",
        b"[]",
        b"{}",
        b"",
    ],
    ids=range(19),
)
@pytest.mark.timeout(60)  # whatever took the square of the length would take hours
def test_bad_json_is_refused(evil: bytes) -> None:
    assert refused(forged(evil)).kind is FindingKind.BROKEN_FILE


DEEP: Any = []
for _ in range(200):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 99},
        {"version": True},
        {"lesson": "../../etc"},
        {"lesson": "lesson-02"},
        {"lesson": "a" * 500},
        {"values": {"a": 5}},
        {"values": [["a", "b"]]},
        {"values": {"a": "x" * 100_000}},
        {"standing": {"started": "yesterday"}},
        {"standing": {"started": "2026-11-20T10:00:00Z\x1b[31m"}},
        {"checks": {"make.there": {"state": "perfect"}}},
        {"observations": "all passed"},
        {"observations": [{"check": "make.there"}]},
        {"observations": [DEEP]},
        {"answers": {"look.number": {"value": "42"}}},
        {"hints": {"make": -1}},
        {"hints": {"make": 1e12}},
        {"solutions": {"make": {"count": True, "at": ""}}},
        {"labs": [{"lab": "x/../y", "hosts": {}}]},
        {"labs": [{"lab": "x", "hosts": {"docker": {"log": [["now"]]}}}]},
    ],
    ids=str,
)
def test_a_record_that_none_of_ours_would_write_is_refused(changes: dict[str, Any]) -> None:
    assert refused(forged(record(**changes))).kind is FindingKind.BROKEN_FILE


@pytest.mark.parametrize(
    "path",
    [
        "/etc/../root/../usr/bin/docker",
        "/usr/bin/docker",
        "etc/hosts",
        "/etc/",
        "/etc//hosts",
        "/etc/./hosts",
        "/etc/a\0b",
        "//etc/hosts",
        "/root",
        "/etc/" + "a" * 5000,
        "",
        7,
    ],
)
def test_a_changed_file_cannot_lead_elsewhere(path: Any) -> None:
    file = {"path": path, "change": "written", "mode": 420, "size": 2, "content": "e30="}
    lab = {"lab": "0a", "hosts": {"docker": {"log": [], "files": [file]}}}
    refused(forged(record(labs=[lab])))


@pytest.mark.parametrize("content", ["not base64!", "e30", "A" * (2 << 20)])
def test_a_changed_files_content_is_looked_at(content: str) -> None:
    file = {"path": "/etc/x", "change": "written", "content": content}
    refused(forged(record(labs=[{"lab": "0a", "hosts": {"d": {"files": [file]}}}])))


def test_an_observation_of_another_check_is_refused() -> None:
    data = work_to_json(work())
    data["observations"][0]["check"] = "rename.named"
    assert "another check" in refused(forged(json.dumps(data).encode())).details


def test_one_lesson_that_is_broken_leaves_the_others() -> None:
    parts = members(submission([work(), work("lesson-02")]))
    parts["lessons/lesson-01.json"] = b"broken"
    with open_submission(pack(parts)) as found:
        with pytest.raises(BadSubmission):
            found.work("lesson-01")
        assert found.work("lesson-02").lesson == "lesson-02"


@pytest.mark.parametrize(
    "said",
    [
        "\x1b]0;owned\x07\x1b[2J",
        "<script>alert(1)</script>",
        "=HYPERLINK(1)",
        "a\0b",
        "\u202e",
        "🐳",
    ],
)
def test_whatever_a_lab_said_is_kept_word_for_word(said: str) -> None:
    sample = read(submission([work(said=said)])).seen[0].observation.samples[0]
    assert sample.answers["run"].stdout == said


def test_half_a_character_that_a_lab_said_does_not_stop_the_learner() -> None:
    found = read(submission([work(said="a\ud800b")]))
    assert found.seen[0].observation.samples[0].answers["run"].stdout == "a?b"


def test_an_old_copy_without_observations_is_read() -> None:
    old = {
        "version": 1,
        "lesson": "lesson-01",
        "at": "2026-11-20T10:00:00.000Z",
        "standing": None,
        "checks": {},
        "answers": {},
        "hints": {"make": 2},
        "solutions": {},
    }
    found = read(forged(json.dumps(old).encode()))
    assert found == replace(found, seen=(), digest="")
    assert found.hints[0].count == 2
