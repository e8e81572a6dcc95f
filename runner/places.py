"""Where the program keeps things on this machine.

Every command needs these folders first of all, and platformdirs takes longer to import than
`list` takes to run: on Linux its answer is worked out here, elsewhere it is asked. For the same
reason there are plain texts (`…_place`) beside the paths.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

NAME = "learn-docker-net"
HOME_VARIABLE = "LEARN_DOCKER_NET_HOME"
"""Environment variable that names one folder for everything instead; tests use it."""


def data_place() -> str:
    """Give the folder of what must be kept: records and settings. It may not exist yet."""
    home = os.environ.get(HOME_VARIABLE)
    if home:
        return home
    if sys.platform == "linux":
        return _xdg("XDG_DATA_HOME", ".local/share")
    from platformdirs import user_data_dir

    return user_data_dir(NAME, appauthor=False)


def cache_place() -> str:
    """Give the folder of what can be made again. It may not exist yet."""
    home = os.environ.get(HOME_VARIABLE)
    if home:
        return f"{home}/cache"
    if sys.platform == "linux":
        return _xdg("XDG_CACHE_HOME", ".cache")
    from platformdirs import user_cache_dir

    return user_cache_dir(NAME, appauthor=False)


def course_place() -> str:
    """Give the folder of the course that comes with the program: in the package where it is
    installed, beside it in a checkout.
    """
    package = os.path.dirname(__file__)  # noqa: PTH120  (speed)
    inside = f"{package}/lessons"
    return inside if os.path.isdir(inside) else f"{os.path.dirname(package)}/lessons"  # noqa: PTH112, PTH120


def data_folder() -> Path:
    """Give `data_place` as a path."""
    from pathlib import Path

    return Path(data_place())


def cache_folder() -> Path:
    """Give `cache_place` as a path."""
    from pathlib import Path

    return Path(cache_place())


def built_in_course() -> Path:
    """Give `course_place` as a path."""
    from pathlib import Path

    return Path(course_place())


def _xdg(variable: str, default: str) -> str:
    base = os.environ.get(variable, "").strip()
    return f"{base or os.path.expanduser('~/' + default)}/{NAME}"  # noqa: PTH111  (speed)
