"""The file in which proofs are kept: written anew after each trial, so that a run can go on."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from checks.message import msg
from runner.errors import LearnError
from runner.files import write_whole
from runner.prove.trial import Played, Trial

VERSION = 2
"""Of the file's form."""


class Results:
    """Trials played so far, by engine and trial."""

    def __init__(self, path: Path, played: Iterable[Played] = ()) -> None:
        """Keep results under `path`; nothing is read or written yet."""
        self.path = path
        self._played = {(one.docker, one.trial.key): one for one in played}

    @classmethod
    def read(cls, path: Path) -> Results:
        """Read an earlier run's file; none there gives none. LearnError for a broken one."""
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            if data["version"] != VERSION:
                raise ValueError(data["version"])
            return cls(path, [Played.from_json(item) for item in data["played"]])
        except FileNotFoundError:
            return cls(path)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise LearnError(
                msg(
                    "{path} does not hold the results of a proof: {error}",
                    path=str(path),
                    error=str(error),
                ),
                remedy=msg("Run the proof without --resume; the file is then written anew."),
            ) from error

    @classmethod
    def begin(cls, path: Path) -> Results:
        """Take what other runs left, to be replaced trial by trial; a broken file gives none."""
        try:
            return cls.read(path)
        except LearnError:
            return cls(path)

    def has(self, trial: Trial, docker: str, digest: str) -> bool:
        """Tell whether the trial was played on this lesson as it stands, without a miss."""
        found = self._played.get((docker, trial.key))
        return found is not None and found.digest == digest and not found.misses

    def add(self, played: Played) -> None:
        """Keep a result, in the file too."""
        self._played[played.docker, played.trial.key] = played
        self._write()

    def all(self) -> list[Played]:
        """Give all results, sorted by engine, lesson and trial."""
        return sorted(self._played.values(), key=lambda one: (one.docker, one.trial))

    def _write(self) -> None:
        data = {"version": VERSION, "played": [one.to_json() for one in self.all()]}
        write_whole(self.path, json.dumps(data, ensure_ascii=False, indent=1))
