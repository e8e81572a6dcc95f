"""`engine_runs`: the lab's Docker engine runs; if not, the engine's own last words say why.

Every other question is to the engine or about it and comes to nothing without one, which is no
verdict at all. So a lesson in which a learner may bring the engine down asks this first, and lets
its other checks need it.
"""

from __future__ import annotations

from dataclasses import dataclass

from checks.asking import Run
from checks.message import Message, msg
from checks.probes.climb import Broken, Climb, End, Held, Nonsense, Probe, ask
from checks.probes.objects import document

STATE = """\
systemctl is-active docker
journalctl -u docker -o cat --no-pager -n 400 | awk '
  /^(Started|Stopped) docker/ { words = "" }
  /^(failed to start daemon|unable to configure the Docker daemon)/ { words = $0 }
  /docker.service: Start request repeated too quickly/ { often = 1 }
  /^Starting docker/ { often = 0 }
  END { print words; if (often) print "often" }'"""
"""Prints systemd's word for the unit, then why the last start failed, an empty line where none did,
and `often` where systemd has given up starting it."""

_STATES = ("active", "activating", "deactivating", "failed", "inactive", "reloading")


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineRuns(Probe):
    """The Docker engine of the lab host runs."""

    def expected(self) -> Message:
        """Say that it runs."""
        return msg("the Docker engine runs")

    def climb(self) -> Climb[End]:
        """Systemd's word for it, and where that is another one, the engine's own.

        To systemd an engine that hangs is active, so where it is, the engine is asked as well.
        """
        answer = yield from ask("state", Run(STATE, engine=False))
        state, _, rest = answer.stdout.partition("\n")
        if state not in _STATES:
            raise Nonsense(f"systemctl says {state!r} of the engine")
        if state in ("active", "reloading"):
            info = yield from document("info", "/info")
            if not isinstance(info, dict) or not isinstance(info.get("ServerVersion"), str):
                raise Nonsense("/info does not tell ServerVersion")
            return Held()
        words, _, often = rest.partition("\n")
        look = msg("`{command}` has all of it", command="journalctl -u docker -n 20 --no-pager")
        if not words or state == "inactive":
            return Broken(msg("it does not run; systemd calls it {state}", state=state), look)
        if often.strip():
            look = msg(
                "systemd has given up after several starts; when it is mended: `{command}`",
                command="systemctl reset-failed docker; systemctl restart docker",
            )
        return Broken(msg("it did not start, and said: “{words}”", words=words), look)
