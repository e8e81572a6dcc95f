"""How long a lab takes to come, beside a plain `docker run` and the engine's own start.

Run as `python -m benchmarks.lab [--repeat N] [--docker VERSION]`. Images and template are made
before anything is measured. All rounds are interleaved, so that a busy machine is the same for
all; the table shows medians. Ends with 1 where a goal is missed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from checks.asking import Run
from runner.course.lesson import HostSpec
from runner.lab import images, privilege
from runner.lab import lab as labs
from runner.lab.names import Role, label_options, labels
from runner.lab.outer import Docker
from runner.lab.recipe import DEFAULT

OWNER = "benchmark-lab"
COURSE_IMAGES = ("localhost/box",)


@dataclass(slots=True)
class Row:
    """One thing measured."""

    what: str
    goal: float | None = None
    """Seconds."""
    seconds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """Seconds."""
        return statistics.median(self.seconds)

    @property
    def missed(self) -> bool:
        """Whether there is a goal and the median lies above it."""
        return self.goal is not None and self.median > self.goal

    def line(self) -> str:
        """Give the row of the table."""
        goal = "-" if self.goal is None else f"{self.goal:.1f} s"
        spread = f"{min(self.seconds):.2f} to {max(self.seconds):.2f}"
        word = "" if self.goal is None else ("missed" if self.missed else "met")
        return f"{self.what:<46} {self.median:6.2f} s  {spread:>14}  {goal:>6}  {word}"


class Bench:
    """Measures one inner engine's labs."""

    def __init__(self, engine: str) -> None:
        """Make what is missing, so that no round pays for it."""
        self._docker = Docker()
        self._engine = engine
        self._built = images.ensure(engine, COURSE_IMAGES, print, owner=OWNER)
        labs.reset(self._request("docker"))  # the network too
        labs.down(OWNER)
        self.plain = Row("docker run of the same image, until it returns")
        self.engine = Row("the engine's own start in a running lab host")
        self.one = Row("up, one host", 3.0)
        self.two = Row("up, two hosts", 5.0)
        self.second = Row("  of that, the second host", 2.0)
        self.again = Row("up, the lab stands already")
        self.clean = Row("reset to a clean lab", 2.0)

    def round(self) -> None:
        """Measure everything once."""
        self.plain.seconds.append(self._plain())
        one = self._request("docker")
        self.one.seconds.append(_timed(lambda: labs.up(one)))
        self.again.seconds.append(_timed(lambda: labs.up(one)))
        self.engine.seconds.append(self._own_start())
        self.clean.seconds.append(_timed(lambda: labs.reset(one)))
        labs.down(OWNER)
        self.two.seconds.append(_timed(lambda: labs.up(self._request("docker1", "docker2"))))
        labs.down(OWNER)

    def rows(self) -> list[Row]:
        """Give the table, what it is compared with first."""
        # Of the medians: a single round's difference says more about the machine's other work.
        self.second.seconds = [self.two.median - self.one.median]
        return [self.plain, self.engine, self.one, self.two, self.second, self.again, self.clean]

    def close(self) -> None:
        """Leave nothing behind but images."""
        labs.down_all(OWNER)

    def _request(self, *hosts: str) -> labs.LabRequest:
        return labs.LabRequest(
            course_id="benchmark",
            lesson_id="lesson-01",
            owner=OWNER,
            hosts={name: HostSpec() for name in hosts},
            images=COURSE_IMAGES,
            docker=self._engine,
            purpose="test",
        )

    def _plain(self) -> float:
        """Time `docker run` alone: same image, same rights, nothing waited for."""
        way = privilege.ways()[0]
        marks = label_options(labels(OWNER, Role.BUILD))
        started: list[str] = []

        def run() -> None:
            arguments = ("run", "--detach", "--pull=never", *marks, *way.options, "--tmpfs=/run")
            started.append(self._docker.check(*arguments, self._built.host_image).strip())

        seconds = _timed(run)
        self._docker.check("rm", "--force", "--volumes", *started)
        return seconds

    def _own_start(self) -> float:
        """Time the start of the inner engine by its own unit, which tells when it is ready."""
        handle = labs.current(OWNER)
        if handle is None:
            raise RuntimeError("the lab of this round is gone")
        stop = "systemctl stop docker.socket docker.service"
        with labs.attach(handle) as lab:
            lab.ask("docker", Run(stop, timeout=60, engine=False))
            answer = lab.ask("docker", Run("systemctl start docker", timeout=60, engine=False))
        if answer.status != 0:
            raise RuntimeError(f"the engine did not start: {answer.stderr}")
        return answer.seconds


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, tell whether all goals are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=5, help="rounds (default: 5)")
    parser.add_argument("--docker", default=DEFAULT.tag, help="the inner engine")
    options = parser.parse_args(arguments)
    before = os.getloadavg()[0]
    bench = Bench(options.docker)
    try:
        for _ in range(options.repeat):
            bench.round()
    finally:
        bench.close()
    busy = f"load {before:.1f} before, {os.getloadavg()[0]:.1f} after, {os.cpu_count()} cores"
    print(f"Docker {options.docker} in the lab, medians of {options.repeat}; {busy}:\n")
    print(f"{'':<46} {'median':>8}  {'spread in s':>14}  {'goal':>6}")
    for row in bench.rows():
        print(row.line())
    return int(any(row.missed for row in bench.rows()))


if __name__ == "__main__":
    sys.exit(main())
