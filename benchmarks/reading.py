"""How long lesson files take to read, hostile ones too: `python -m benchmarks.reading`.

Beside it: PyYAML's own composing of the same file, which knows nothing of lessons.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from runner.course.course import open_course
from runner.course.index import index_of
from runner.course.lesson_file import load_lesson
from runner.course.lint import lint
from runner.errors import CourseError
from runner.places import built_in_course

BOMB = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)


def main() -> None:
    """Print a row for each thing read."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=15)
    repeat = parser.parse_args().repeat
    largest = max(built_in_course().glob("lesson-*.yaml"), key=lambda path: path.stat().st_size)
    with tempfile.TemporaryDirectory() as folder:
        bomb = Path(folder) / "lesson-99-bomb.yaml"
        bomb.write_text(BOMB)
        rows: list[tuple[str, Callable[[], object], str]] = [
            (f"{largest.name}, {largest.stat().st_size} bytes", lambda: load_lesson(largest), "25"),
            ("PyYAML composes it", lambda: _compose(largest), ""),
            ("a YAML bomb is refused", lambda: _refused(bomb), "1000"),
            ("the course's listing, cached", lambda: index_of(built_in_course()), ""),
            ("lint of the whole course", lambda: lint(open_course()), ""),
        ]
        print(f"{'median of ' + str(repeat):<48} {'ms':>8} {'goal':>6}")
        for name, action, goal in rows:
            print(f"{name:<48} {_median(action, repeat):>8.1f} {goal:>6}")


def _compose(path: Path) -> object:
    with path.open("rb") as file:
        return yaml.compose(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _refused(path: Path) -> None:
    try:
        load_lesson(path)
    except CourseError:
        return
    raise AssertionError("a YAML bomb was read")


def _median(action: Callable[[], object], repeat: int) -> float:
    spent = []
    for _ in range(repeat + 1):
        begun = time.perf_counter()
        action()
        spent.append(1000 * (time.perf_counter() - begun))
    return statistics.median(spent[1:])


if __name__ == "__main__":
    main()
