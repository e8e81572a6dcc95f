"""Listens to the engines of a lab, a thread for each host; goes on when an engine restarts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from runner.errors import LearnError
from runner.learn.labs import Happenings as Followed
from runner.learn.session import Session

PATIENCE = 1.0
"""Seconds before a silent engine is listened to again; doubled up to `LONGEST`."""
LONGEST = 8.0
NOISE = ("exec_", "health_status", "top", "resize", "archive-path", "attach", "prune")
"""Events of no consequence for a network; `exec_` above all is what checks do themselves."""


class Happenings:
    """Calls back, from its threads, for each event that may matter and each engine's return."""

    def __init__(self, session: Session, news: Callable[[], None]) -> None:
        """Take a session whose lab is up."""
        self._session = session
        self._news = news
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._open: list[Followed] = []

    def start(self) -> None:
        """Begin to listen. Daemon threads: no engine that hangs keeps the program from ending."""
        for host in self._session.lesson.hosts:
            threading.Thread(
                target=self._follow, args=(str(host),), name=f"events-{host}", daemon=True
            ).start()

    def stop(self) -> None:
        """Let all threads go; waits for none."""
        self._stopped.set()
        with self._lock:
            followed, self._open = self._open, []
        for events in followed:
            threading.Thread(target=events.close, daemon=True).start()

    def _follow(self, host: str) -> None:
        wait = PATIENCE
        back = False
        while not self._stopped.is_set():
            try:
                events = self._session.events(host)
                if back:
                    self._tell()
                wait = PATIENCE
                self._listen(events)
                self._tell()  # it ended: the engine or the lab went
            except LearnError:
                pass
            back = True
            if self._stopped.wait(wait):
                return
            wait = min(LONGEST, wait * 2)

    def _listen(self, events: Followed) -> None:
        with self._lock:
            if self._stopped.is_set():
                events.close()
            self._open.append(events)
        try:
            for event in events:
                if matters(event):
                    self._tell()
        finally:
            with self._lock:
                if events in self._open:
                    self._open.remove(events)

    def _tell(self) -> None:
        if not self._stopped.is_set():
            self._news()


def matters(event: Mapping[str, Any]) -> bool:
    """Tell whether an event may change what a check sees or a map shows."""
    action = str(event.get("Action") or event.get("status") or "")
    return not action.startswith(NOISE)
