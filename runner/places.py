"""Where the program keeps things on this machine.

Every command needs these folders first of all, and platformdirs takes longer to import than
`list` takes to run: on Linux its answer is worked out here, elsewhere it is asked.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

NAME = "learn-docker-net"
HOME_VARIABLE = "LEARN_DOCKER_NET_HOME"
"""Environment variable that names one folder for everything instead; tests use it."""


def data_folder() -> Path:
    """Give the folder of what must be kept: records and settings. It may not exist yet."""
    home = os.environ.get(HOME_VARIABLE)
    if home:
        return Path(home)
    if sys.platform == "linux":
        return _xdg("XDG_DATA_HOME", ".local/share")
    from platformdirs import user_data_path

    return user_data_path(NAME, appauthor=False)


def cache_folder() -> Path:
    """Give the folder of what can be made again. It may not exist yet."""
    home = os.environ.get(HOME_VARIABLE)
    if home:
        return Path(home, "cache")
    if sys.platform == "linux":
        return _xdg("XDG_CACHE_HOME", ".cache")
    from platformdirs import user_cache_path

    return user_cache_path(NAME, appauthor=False)


def built_in_course() -> Path:
    """Give the folder of the course that comes with the program: in the package where it is
    installed, beside it in a checkout.
    """
    package = Path(__file__).parent
    inside = package / "lessons"
    return inside if inside.is_dir() else package.parent / "lessons"


def _xdg(variable: str, default: str) -> Path:
    base = os.environ.get(variable, "").strip()
    return Path(base, NAME) if base else Path.home() / default / NAME
