"""Work done anew, as far as that shows without an engine."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from runner.course.course import open_course
from runner.course.variables import draw, fill
from runner.errors import LearnError
from runner.grade.rerun import Rerun
from runner.grade.work import LabWork, Typed
from runner.lab.handle import LabHandle
from runner.lab.outer import Docker
from tests.directory_lab import write_course
from tests.grade.learners import STARTED, perfect


def test_a_replay_whose_time_is_over_is_no_verdict_on_the_learner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = open_course(write_course(tmp_path / "course")).lesson("lesson-01")
    handle = LabHandle(
        lab="0a1b2c3d",
        owner="x",
        course="small",
        lesson="lesson-01",
        docker="26.1",
        purpose="replay",
        created=STARTED,
        hosts={},
        expected=(),
    )
    typed = Typed(host="docker", folder="/root", command="touch one", status=0, at=STARTED)
    work = replace(perfect(), labs=(LabWork(lab="0a1b2c3d", typed=(typed,)),))
    rerun = Rerun(fill(raw, draw(raw, None)), handle, Docker("docker"), deadline=0.0)
    monkeypatch.setattr(rerun._stage, "set_up", lambda: None)
    with rerun, pytest.raises(LearnError, match="given up"):
        rerun.play(work, work.labs[0], threading.Event())
