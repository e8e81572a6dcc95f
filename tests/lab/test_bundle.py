"""Only files that hold our images, and nothing else, are loaded."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest

from runner.errors import LearnError
from runner.lab import bundle
from runner.lab.bundle import inspect
from runner.lab.outer import Docker
from runner.lab.recipe import SPACE

OURS = {"config": {"Labels": {"learn-docker-net": "1"}}}
TAG = "localhost/learn-docker-net/box:0123456789ab"


def write(path: Path, documents: dict[str, Any]) -> Path:
    """Write an archive as `docker save` does, with a layer in it."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, document in {**documents, "x/layer.tar": "layer"}.items():
            content = json.dumps(document).encode()
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    path.write_bytes(gzip.compress(buffer.getvalue()))
    return path


def saved(config: Any, *tags: str, **more: Any) -> dict[str, Any]:
    manifest = [{"Config": "c.json", "RepoTags": list(tags), "Layers": ["x/layer.tar"]}]
    return {"c.json": config, "manifest.json": manifest, **more}


def index(name: str) -> dict[str, Any]:
    return {"index.json": {"manifests": [{"annotations": {"io.containerd.image.name": name}}]}}


@pytest.mark.parametrize("more", [{}, index(TAG), {"index.json": {"manifests": [{}]}}])
def test_our_images_are_known(tmp_path: Path, more: dict[str, Any]) -> None:
    assert inspect(write(tmp_path / "ours", saved(OURS, TAG, **more))) == [TAG]


def test_what_a_killed_program_left_goes_with_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle, "build_images", lambda *_, **__: [TAG])
    with subprocess.Popen(["true"]) as gone:
        pass
    left, other = tmp_path / f".all[1].tar.{gone.pid}", tmp_path / ".all[1].tar.notes"
    busy = tmp_path / f".all[1].tar.{os.getppid()}"
    for file in (left, other, busy):
        file.touch()
    program = tmp_path / "docker"
    program.write_text("#!/bin/sh\necho images\n")
    program.chmod(0o755)
    bundle.save(tmp_path / "all[1].tar", [], lambda _: None, docker=Docker(str(program)))
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"docker", "all[1].tar", other.name, busy.name}


@pytest.mark.parametrize(
    "documents",
    [
        saved(OURS, "debian:latest"),
        saved(OURS, TAG, **index(f"{SPACE}-of-others:1")),
        saved(OURS, TAG, "debian:latest"),
        saved({"config": {"Labels": {}}}, TAG),
        saved({"config": {"Labels": None}}, TAG),
        saved({}, TAG),
        saved(OURS),
        {"manifest.json": []},
        {"manifest.json": [{"Config": "gone.json", "RepoTags": [TAG]}]},
        {"other.json": {}},
        saved(OURS, TAG, **index("debian:latest")),
    ],
    ids=[
        "foreign tag", "a name that begins like ours", "foreign tag beside ours", "no label",
        "labels null", "no config",
        "no tag", "empty", "config missing", "no manifest", "foreign name in the index",
    ],
)  # fmt: skip
def test_anything_else_is_refused(tmp_path: Path, documents: dict[str, Any]) -> None:
    with pytest.raises(LearnError, match="damaged, or not a file"):
        inspect(write(tmp_path / "other", documents))


def test_damaged_files_are_refused(tmp_path: Path) -> None:
    whole = write(tmp_path / "whole", saved(OURS, TAG)).read_bytes()
    for name, content in {
        "cut": whole[: len(whole) // 2],
        "text": b"hello",
        "empty": b"",
        "no tar": gzip.compress(b"hello" * 500),
    }.items():
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(LearnError, match="damaged, or not a file"):
            inspect(path)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(LearnError, match="cannot be read"):
        inspect(tmp_path / "gone")
