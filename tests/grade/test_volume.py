"""What a lab's volume carries is the learner's to write: read with limits, nothing followed."""

from __future__ import annotations

import io
import json
import tarfile

import pytest

from runner.grade import volume
from runner.grade.guarded import NoWork
from runner.grade.packed import LIMITS
from runner.grade.volume import members, read_record
from runner.grade.work_json import work_to_json
from tests.grade.learners import perfect


def packed(*files: tuple[str, bytes | str]) -> io.BytesIO:
    """Give a stream as `docker cp` does; a text instead of bytes is where a link leads."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, content in files:
            info = tarfile.TarInfo(name)
            if isinstance(content, str):
                info.type, info.linkname = tarfile.SYMTYPE, content
                archive.addfile(info)
            else:
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
    stream.seek(0)
    return stream


def found(stream: io.BytesIO) -> dict[str, bytes]:
    return dict(members(stream, "net-"))


def test_the_course_s_records_are_found() -> None:
    stream = packed(("./net-lesson-01.json", b"{}"), ("./other-lesson-01.json", b"no"))
    assert found(stream) == {"lesson-01": b"{}"}


def test_links_and_oddities_are_passed_over() -> None:
    stream = packed(
        ("net-lesson-01.json", "/etc/shadow"),
        ("net-lesson-02.txt", b"no"),
        ("../../net-lesson-03.json", b"{}"),
    )
    assert found(stream) == {"lesson-03": b"{}"}, "a name leads nowhere: nothing is written"


def test_what_is_too_much_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(volume, "TOTAL", 100_000)
    stream = packed(("net-a.json", b"x" * 60_000), ("net-b.json", b"x" * 60_000))
    assert list(found(stream)) == ["a"]
    monkeypatch.setattr(volume, "FILES", 3)
    many = packed(*((f"net-{number}.json", b"x") for number in range(9)))
    assert len(found(many)) == 3


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.GNUTYPE_LONGNAME])
def test_a_name_without_an_end_is_not_read_to_its_end(
    kind: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(volume, "TOTAL", 100_000)
    info = tarfile.TarInfo("net-a.json")
    info.type, info.size = kind, 5_000_000
    stream = io.BytesIO(info.tobuf() + b"7" * info.size)
    assert found(stream) == {}
    assert stream.tell() <= 100_000


def test_a_stream_that_breaks_off_gives_what_came() -> None:
    whole = packed(("net-a.json", b"x" * 600), ("net-b.json", b"y" * 60_000)).getvalue()
    assert list(found(io.BytesIO(whole[:3000]))) == ["a"]
    assert found(io.BytesIO(b"no archive at all")) == {}


def test_a_record_is_read_as_what_it_is() -> None:
    data = json.dumps(work_to_json(perfect())).encode()
    assert read_record(data, "lesson-01").seen == perfect().seen
    for broken in (b"", b"\xff", b"[" * 10_000, b'{"version": 1}', data):
        with pytest.raises(NoWork):
            read_record(broken, "lesson-01" if broken != data else "lesson-02")
    assert LIMITS.lesson < volume.TOTAL
