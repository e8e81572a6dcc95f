"""What a lab says of itself, learned beside the first questions instead of before them.

A hung engine takes seconds to be recognised; checks that do not depend on its version need not
wait for that.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future
from dataclasses import replace

from checks.asking import Lab
from checks.observation import Observation

MEETING = 12.0
"""Seconds after which a lab that has not said which engine and kernel it has will not do so."""


class Meeting:
    """The engine's version and, where a check depends on them, the kernel's features."""

    def __init__(self, lab: Lab, *, features: bool) -> None:
        """Begin to ask; trying kernel features takes a while, so only where `features` are used."""
        self._said: Future[tuple[str, tuple[str, ...]]] = Future()
        threading.Thread(
            target=self._ask, args=(lab, features), name="check meeting", daemon=True
        ).start()

    def _ask(self, lab: Lab, features: bool) -> None:
        try:
            kernel = tuple(sorted(lab.kernel)) if features else ()
            self._said.set_result((lab.engine, kernel))
        except Exception as error:
            self._said.set_exception(error)

    def note(self, observation: Observation, patience: float) -> Observation:
        """Put into the observation what the lab has said, or says within `patience` seconds.

        A lab that does not say leaves it empty: not known.
        """
        try:
            engine, kernel = self._said.result(patience)
        except Exception:
            return observation
        return replace(observation, engine=engine, kernel=kernel)
