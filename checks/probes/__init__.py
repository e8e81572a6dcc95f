"""The probes: things that networks are asked for so often that they have a word in the grammar.

A probe asks the engine's API and our own network tool only, never with what a container happens to
contain and never through what the learner could have replaced. Each is a frozen dataclass; its
fields are the keys in a lesson file, their docstrings the author's documentation.
"""

from __future__ import annotations

from importlib import import_module

from checks.lazy import Lazy
from checks.probes.climb import Nonsense, Probe

__all__ = ["PROBES", "Nonsense", "Probe"]

_HOMES = {
    "address": "attached.Address",
    "engine_option": "engine.EngineOption",
    "engine_runs": "engine_runs.EngineRuns",
    "http": "http.Http",
    "interface": "interface.Interface",
    "isolated": "isolated.Isolated",
    "linked": "linked.Linked",
    "mode": "attached.Mode",
    "namespace": "namespace.Namespace",
    "network": "existing.Network",
    "on_network": "attached.OnNetwork",
    "published": "published.Published",
    "reaches": "reaches.Reaches",
    "resolves": "resolves.Resolves",
    "running": "existing.Running",
    "stopped": "existing.Stopped",
}
"""Module and class of each probe."""


def _probe(word: str) -> type[Probe]:
    module, _, name = _HOMES[word].partition(".")
    found: type[Probe] = getattr(import_module(f"{__name__}.{module}"), name)
    return found


PROBES: Lazy[type[Probe]] = Lazy(_HOMES, _probe)
"""By the word that stands under `probe:` in a lesson file; imported when first used."""
