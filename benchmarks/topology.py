"""The map of a lab with ten containers on two networks: asked, put into order, drawn.

    python -m benchmarks.topology [--repeat 30] [--docker 26.1]

Needs a Docker engine. Beside a snapshot stands what a person would type for the same facts: one
`docker exec` into the lab host that inspects everything and lists every container's interfaces.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable
from statistics import median, quantiles
from time import perf_counter

from runner.course.lesson import HostSpec
from runner.lab import lab as labs
from runner.lab.handle import LabRequest
from runner.lab.running import RunningLab
from runner.topology.arrange import arrange
from runner.topology.diff import compare
from runner.topology.layout import draw
from runner.topology.sentences import sentences
from runner.topology.snapshot import take
from runner.topology.svg import svg

OWNER = "benchmark-topology"
CONTAINERS = 10
SET_UP = """
docker network create shop-net
for n in 1 2 3 4 5; do
  docker run -d --name web0$n -p 808$n:80 localhost/box sleep infinity
  docker run -d --name shop0$n --network shop-net --network-alias s$n localhost/box sleep infinity
done >/dev/null
"""
BY_HAND = """
docker network inspect $(docker network ls -q)
docker inspect $(docker ps -aq)
ip -d address
for id in $(docker ps -q); do
  nsenter -t $(docker inspect -f '{{.State.Pid}}' $id) -n ip -d address
done
"""


def main() -> int:
    """Measure and print; exit status 1 where a snapshot is not whole."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--repeat", type=int, default=30, metavar="N")
    parser.add_argument("--docker", default="26.1", help="the engine in the lab")
    options = parser.parse_args()
    hosts = {"docker": HostSpec()}
    images = ("localhost/box",)
    request = LabRequest("benchmark", "lesson-01", OWNER, hosts, images, options.docker, "test")
    try:
        with labs.attach(labs.up(request)) as lab:
            _type(lab, SET_UP)
            return _report(_measure(lab, options.repeat), lab)
    finally:
        labs.down_all(OWNER)


def _type(lab: RunningLab, text: str) -> None:
    argv = labs.shell_argv(lab.handle, None, f"set -e\n{text}", docker=lab.docker)
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)


def _measure(lab: RunningLab, repeat: int) -> dict[str, list[float]]:
    """Time every way once a round, after one round that is not counted."""
    found = take(lab)
    scene = arrange(found)
    ways: dict[str, Callable[[], object]] = {
        "by hand, in one `docker exec`": lambda: _type(lab, BY_HAND),
        "snapshot": lambda: take(lab),
        "put into order, compared": lambda: compare(scene, arrange(found)),
        "drawn at 60x15": lambda: draw(found, 60, 15),
        "drawn at 120x40": lambda: draw(found, 120, 40),
        "told in sentences": lambda: sentences(scene),
        "as SVG": lambda: svg(scene),
        "from question to drawn map, 120x40": lambda: draw(take(lab), 120, 40),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(repeat + 1):
        for name, way in ways.items():
            began = perf_counter()
            way()
            if number:
                times[name].append(perf_counter() - began)
    return times


def _report(times: dict[str, list[float]], lab: RunningLab) -> int:
    print(f"{'ms':<38} {'median':>8} {'p95':>8}")
    for name, values in times.items():
        late = quantiles(values, n=20)[-1]
        print(f"{name:<38} {median(values) * 1000:>8.1f} {late * 1000:>8.1f}")
    (host,) = take(lab).hosts
    if not host.settled or len(host.boxes) != CONTAINERS:
        print("the snapshot is not whole", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
