"""Grades the class in a folder, slowly: a process that a test can kill in the middle."""

from __future__ import annotations

import sys
from pathlib import Path

from runner.grade.class_ import Where
from runner.grade.class_file import load_class
from runner.grade.planning import make_plan
from runner.grade.pool import Pool
from runner.grade.run import Grading
from runner.grade.store import Results
from tests.grade.judges import slow

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    with Results(folder / "results.sqlite") as results:
        plan = make_plan(load_class(folder / "class.yaml"))
        Grading(plan, results, {Where.SUBMISSION: Pool(2, judge=slow)}).run()
