"""What a lab knows of its learner as JSON: the shells' log and the files that were changed.

`runner.learn.traces` takes them from a lab in this form. Nothing here is ever unpacked: a file is
a path, checked, and bytes.
"""

from __future__ import annotations

import base64
import binascii
import posixpath
from typing import Any

from runner.grade.guarded import NoWork, items, mapping, moment, name, number, text, truth
from runner.grade.moments import place_in_time
from runner.grade.work import Change, ChangedFile, LabWork, Typed

ROOTS = ("/etc/", "/root/")
"""Files outside these are never part of a learner's work."""
MAX_COMMAND = 16_384
"""Characters of one logged command."""
MAX_PATH = 1_024
MAX_FILE = 1 << 20
"""Bytes of one file's content."""
_BIG = 1 << 50


def lab_to_json(lab: LabWork) -> dict[str, Any]:
    """Give plain data for `lab_from_json`."""
    hosts: dict[str, dict[str, Any]] = {}
    for line in lab.typed:
        host = hosts.setdefault(line.host, {"log": [], "files": []})
        row = [line.at, line.folder, line.status, line.by, line.command]
        host["log"].append(row)
    for file in lab.files:
        host = hosts.setdefault(file.host, {"log": [], "files": []})
        host["files"].append(_file_to_json(file))
    return {
        "lab": lab.lab,
        "engine": lab.engine,
        "since": lab.since,
        "cut": lab.cut,
        "hosts": hosts,
    }


def _file_to_json(file: ChangedFile) -> dict[str, Any]:
    data: dict[str, Any] = {"path": file.path, "change": file.change.value, "mode": file.mode}
    data["size"] = file.size
    if file.content:
        data["content"] = base64.b64encode(file.content).decode()
    if file.target:
        data["target"] = file.target
    return data


def lab_from_json(data: Any) -> LabWork:
    """Read what `lab_to_json` gave; raises NoWork, or what `work_from_json` turns into it."""
    given = mapping(data, "a lab")
    typed: list[Typed] = []
    files: list[ChangedFile] = []
    for key, value in mapping(given.get("hosts", {}), "hosts").items():
        host, traces = name(key, "a lab host"), mapping(value, "traces")
        typed += [_typed(host, row) for row in items(traces.get("log", []), "log")]
        files += [_file(host, one) for one in items(traces.get("files", []), "files")]
    return LabWork(
        lab=name(given["lab"], "lab"),
        engine=text(given.get("engine", ""), "engine", 60),
        since=moment(given.get("since", ""), "since"),
        typed=tuple(sorted(typed, key=lambda line: place_in_time(line.at))),
        files=tuple(files),
        cut=truth(given.get("cut", False), "cut"),
    )


def _typed(host: str, row: Any) -> Typed:
    at, folder, status, by, command = items(row, "a line of the log")
    if status is not None and type(status) is not int:
        raise NoWork("a line of the log: no status")
    return Typed(
        host=host,
        at=moment(at, "a line of the log"),
        folder=text(folder, "a folder", MAX_PATH),
        status=status,
        by=text(by, "who typed", 40),
        command=text(command, "a command", MAX_COMMAND),
    )


def _file(host: str, data: Any) -> ChangedFile:
    given = mapping(data, "a file")
    content = given.get("content", "")
    return ChangedFile(
        host=host,
        path=safe_path(given["path"]),
        change=Change(given["change"]),
        mode=number(given.get("mode", 0o644), "a file's mode", 0o7777),
        size=number(given.get("size", 0), "a file's size", _BIG),
        content=_content(text(content, "a file's content", MAX_FILE * 4 // 3 + 4)),
        target=text(given.get("target", ""), "a link's target", MAX_PATH),
    )


def safe_path(value: Any) -> str:
    """Give a path below `ROOTS` that leads nowhere else; raises NoWork for any other."""
    path = text(value, "a path", MAX_PATH)
    if not path.startswith(ROOTS) or "\0" in path or posixpath.normpath(path) != path:
        raise NoWork(f"a path that leads elsewhere: {path[:80]!r}")
    return path


def _content(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoWork("a file's content is not base64") from error
