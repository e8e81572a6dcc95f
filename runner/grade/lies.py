"""Whether a lab puts something else in place of the programs that its answers come from.

Our tools lie on a volume that the lab has read-only, and are called by their paths, so a `docker`
or `bash` put before the real one changes nothing in what they say; that somebody tried is told.
Root in a lab could cover even our tools: what this finds are the ways that leave a trace.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.asking import Lab, Run
from checks.message import Message, msg
from runner.grade.clip import clip
from runner.grade.model import Finding, FindingKind, Weight

TIMEOUT = 15.0
"""Seconds for one lab host."""
PROGRAMS = "docker dockerd bash sh ip iptables nsenter ping curl systemctl containerd runc"
"""What a lab could gain by replacing."""

_LOOK = f"""
set -u
/ldn/bin/grep -E ' /ldn(/| )| /run/docker.sock ' /proc/self/mountinfo | while read -r line; do
  set -- $line
  case "$5 $6" in "/ldn ro"*|"/ldn ro,"*) ;; *) echo "mount $5 $6";; esac
done
for name in {PROGRAMS}; do
  for folder in /usr/local/sbin /usr/local/bin /root/bin /root/.local/bin /opt/bin; do
    if [ -e "$folder/$name" ]; then echo "before $folder/$name"; fi
  done
done
dpkg --verify docker.io docker-ce-cli docker-ce docker-cli bash iproute2 iptables containerd runc \\
  2>/dev/null | while read -r state file; do
  case "$file" in */bin/*|*/sbin/*|*/lib/*) echo "changed $file $state";; esac
done
/ldn/bin/grep -nE '(^|[[:space:]])(docker|bash)[[:space:]]*(\\(\\)|=)' \\
  /root/.bashrc /root/.profile /root/.bash_aliases /etc/bash.bashrc /etc/profile 2>/dev/null |
  while read -r line; do echo "alias $line"; done
true
"""

_SAID = {
    "mount": msg("Something is mounted over the course's own tools."),
    "before": msg("A program of the learner's stands before the real one."),
    "changed": msg("A program of the system is not the one that its package brought."),
    "alias": msg("The shell's start-up file gives a command another meaning."),
}
_GRAVE = ("mount", "before", "changed")


def lies(lab: Lab, learner: str, lesson: str) -> Iterator[Finding]:
    """Look at every host of a lab; one that does not answer is told elsewhere."""
    for host in lab.hosts:
        answer = lab.ask(host, Run(_LOOK, timeout=TIMEOUT, engine=False))
        found: dict[str, list[str]] = {}
        for line in answer.stdout.splitlines() if answer.ended else ():
            kind, _, rest = line.partition(" ")
            if kind in _SAID and rest:
                found.setdefault(kind, []).append(rest)
        for kind, lines in found.items():
            yield _finding(kind, host, lines, learner, lesson)


def _finding(kind: str, host: str, lines: list[str], learner: str, lesson: str) -> Finding:
    message: Message = _SAID[kind]
    return Finding(
        kind=FindingKind.LYING_LAB,
        weight=Weight.DOUBT if kind in _GRAVE else Weight.NOTE,
        message=message,
        learner=learner,
        lesson=lesson,
        evidence=clip(f"{host}:\n" + "\n".join(lines), 2000),
    )
