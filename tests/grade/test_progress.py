"""How far a run is, in lines that come now and then."""

from __future__ import annotations

import io

from runner.cli.face import Face
from runner.cli.grade_progress import Progress
from runner.grade.result import LessonResult, Mode, Outcome
from runner.grade.run import Judged


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def judged(done: int, of: int, outcome: Outcome = Outcome.GRADED) -> Judged:
    result = LessonResult(
        learner="ada", lesson="lesson-01", title="", outcome=outcome, mode=Mode.LIVE
    )
    return Judged(result, done, of)


def said(*steps: tuple[float, Judged]) -> list[str]:
    err, clock = io.StringIO(), Clock()
    progress = Progress(Face(err=err), clock)
    for now, one in steps:
        clock.now = now
        progress.judged(one)
    return err.getvalue().splitlines()


def test_a_short_run_says_nothing() -> None:
    assert said((1.0, judged(1, 2)), (2.0, judged(2, 2))) == []


def test_a_long_one_says_how_long_it_will_take() -> None:
    lines = said((1, judged(1, 100)), (10, judged(10, 100)), (11, judged(11, 100)))
    assert lines == ["· 10 of 100 judged, about 2 min left"]


def test_while_nothing_comes_that_is_said_more_and_more_seldom() -> None:
    err, clock = io.StringIO(), Clock()
    progress = Progress(Face(err=err), clock)
    for second in range(200):
        clock.now = second
        progress.waiting(3, 36)
    said = err.getvalue().splitlines()
    assert said[:2] == [
        "· 3 of 36 judged after 5 s; waiting",
        "· 3 of 36 judged after 15 s; waiting",
    ]
    assert [line.split(" after ")[1] for line in said[2:]] == [
        "35 s; waiting",
        "75 s; waiting",
        "2 min; waiting",
        "3 min; waiting",
    ]
    clock.now = 205
    progress.judged(judged(4, 36))
    assert err.getvalue().splitlines()[-1].startswith("· 4 of 36 judged, about")


def test_what_an_earlier_start_has_done_says_nothing_about_speed() -> None:
    assert said((10, judged(91, 100))) == ["· 91 of 100 judged, about 2 min left"]
    assert said((10, judged(50, 51)))[0].endswith("about 10 s left")


def test_what_could_not_be_judged_is_counted() -> None:
    lines = said((1, judged(1, 9, Outcome.UNREACHABLE)), (10, judged(8, 9, Outcome.ABSENT)))
    assert lines == ["· 8 of 9 judged, about 1 s left; 1 could not be"]
