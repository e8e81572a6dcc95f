"""The probes: things that networks are asked for so often that they have a word in the grammar.

A probe asks the engine's API and our own network tool only, never with what a container happens to
contain and never through what the learner could have replaced. Each is a frozen dataclass; its
fields are the keys in a lesson file, their docstrings the author's documentation.
"""

from __future__ import annotations

from checks.probes.attached import Address, Mode, OnNetwork
from checks.probes.climb import Nonsense, Probe
from checks.probes.engine import EngineOption
from checks.probes.existing import Network, Running, Stopped
from checks.probes.http import Http
from checks.probes.interface import Interface
from checks.probes.isolated import Isolated
from checks.probes.linked import Linked
from checks.probes.published import Published
from checks.probes.reaches import Reaches
from checks.probes.resolves import Resolves

__all__ = ["PROBES", "Nonsense", "Probe"]

PROBES: dict[str, type[Probe]] = {
    "address": Address,
    "engine_option": EngineOption,
    "http": Http,
    "interface": Interface,
    "isolated": Isolated,
    "linked": Linked,
    "mode": Mode,
    "network": Network,
    "on_network": OnNetwork,
    "published": Published,
    "reaches": Reaches,
    "resolves": Resolves,
    "running": Running,
    "stopped": Stopped,
}
"""By the word that stands under `probe:` in a lesson file."""
