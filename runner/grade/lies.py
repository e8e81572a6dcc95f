"""Whether a lab puts something else in place of the programs that its answers come from.

Our tools lie on a volume that the lab has read-only, and are called by their paths, so a `docker`
or `bash` put before the real one changes nothing in what they say; that somebody tried is told.
Which files were changed the engine outside knows, whom nobody inside can tell otherwise. Root in a
lab could still cover what it shows of itself: this finds the ways that leave a trace.
"""

from __future__ import annotations

import contextlib
import posixpath
import time
from collections.abc import Iterator

from checks.asking import Run
from checks.message import Message, msg
from runner.errors import LearnError
from runner.grade.clip import clip
from runner.grade.finding import Finding, FindingKind, Weight
from runner.lab.running import RunningLab

TIMEOUT = 15.0
"""Seconds for each question to one lab host."""
PROGRAMS = frozenset(
    [
        *("docker", "dockerd", "containerd", "containerd-shim-runc-v2", "runc"),
        *("bash", "sh", "ip", "iptables", "nsenter", "ping", "curl", "systemctl"),
    ]
)
"""What a lab could gain by replacing."""
PRELOAD = "/etc/ld.so.preload"
"""Names what is loaded into every program that is started; a lab begins without it."""
_SYSTEM = ("/usr/bin", "/usr/sbin", "/bin", "/sbin")

_LOOK = r"""
while read -r _ _ _ _ point options _; do
  case "$point $options" in
    "/ldn ro"*) ;;
    "/ldn "*|/ldn/*|"/run/docker.sock "*) echo "mount $point $options";;
    "/usr "*|"/usr/bin "*|"/usr/sbin "*|"/bin "*|"/sbin "*) echo "covered $point $options";;
    /usr/bin/*|/usr/sbin/*|/bin/*|/sbin/*|"/etc/ld.so.preload "*) echo "covered $point $options";;
  esac
done </proc/self/mountinfo
/ldn/bin/ss -Hlxp 2>/dev/null | /ldn/bin/grep -E ' (/var)?/run/docker[.]sock ' |
  /ldn/bin/grep -oE 'pid=[0-9]+' | /ldn/bin/sort -u | while IFS='=' read -r _ pid; do
  case "$pid $(/ldn/bin/readlink "/proc/$pid/exe")" in
    *" /usr/bin/dockerd"|*" /usr/sbin/dockerd"|"1 "*/systemd) ;;
    *) echo "listener $(/ldn/bin/readlink "/proc/$pid/exe")";;
  esac
done
/ldn/bin/grep -nE '(^|[[:space:]])(docker|bash)[[:space:]]*(\(\)|=)' \
  /root/.bashrc /root/.profile /root/.bash_aliases /etc/bash.bashrc /etc/profile 2>/dev/null |
  while read -r line; do echo "alias $line"; done
true
"""

SAID = {
    "mount": msg("Something is mounted over the course's own tools."),
    "covered": msg("Something is mounted over the system's own programs."),
    "listener": msg("Another program answers where the Docker engine is asked."),
    "preload": msg("Every program of the lab is made to load something first."),
    "before": msg("A program of the learner's stands before the real one."),
    "changed": msg("A program of the system is not the one that the lab began with."),
    "alias": msg("The shell's start-up file gives a command another meaning."),
}
"""What is told of each kind of lie."""


def lies(lab: RunningLab, learner: str, lesson: str, deadline: float) -> Iterator[Finding]:
    """Look at every host of a lab, until `deadline` (of `monotonic`) at most; one that does not
    answer is told elsewhere.
    """
    for host in lab.hosts:
        found: dict[str, list[str]] = {}
        for look in (_changed, _shown):
            left = min(TIMEOUT, deadline - time.monotonic())
            for kind, what in look(lab, host, left) if left > 0 else ():
                found.setdefault(kind, []).append(what)
        for kind, lines in found.items():
            yield _finding(kind, host, lines, learner, lesson)


def _changed(lab: RunningLab, host: str, seconds: float) -> Iterator[tuple[str, str]]:
    """Ask the engine outside which programs were added, changed or taken away."""
    with contextlib.suppress(LearnError):
        container = lab.handle.host(host).container
        done = lab.docker.run("diff", container, timeout=seconds)
        for line in done.stdout.splitlines():
            path = line[2:]
            folder, name = posixpath.split(path)
            if path == PRELOAD and line[:1] in "AC":
                yield "preload", line
            if name in PROGRAMS and posixpath.basename(folder) in ("bin", "sbin"):
                yield "changed" if folder in _SYSTEM else "before", line


def _shown(lab: RunningLab, host: str, seconds: float) -> Iterator[tuple[str, str]]:
    answer = lab.ask(host, Run(_LOOK, timeout=seconds, engine=False))
    for line in answer.stdout.splitlines() if answer.ended else ():
        kind, _, rest = line.partition(" ")
        if kind in SAID and rest:
            yield kind, rest


def _finding(kind: str, host: str, lines: list[str], learner: str, lesson: str) -> Finding:
    message: Message = SAID[kind]
    return Finding(
        kind=FindingKind.LYING_LAB,
        weight=Weight.NOTE if kind == "alias" else Weight.DOUBT,
        message=message,
        learner=learner,
        lesson=lesson,
        evidence=clip(f"{host}:\n" + "\n".join(lines), 2000),
    )
