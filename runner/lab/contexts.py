"""Which context the `docker` command line uses, and whether there are any, read from its own files.

Asking the command line would not do: a client before Docker 23 has no `docker context show`, and
where there is no client nobody answers at all.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

DEFAULT = "default"
"""The engine of this machine, or what DOCKER_HOST names."""


def current_context() -> str:
    """Name the context in use: DOCKER_CONTEXT's, else the one that the configuration keeps."""
    return os.environ.get("DOCKER_CONTEXT") or _configured()


def any_context() -> bool:
    """Tell whether somebody made a context: each has a file of its own."""
    try:
        return any(path.is_file() for path in _folder().glob("contexts/meta/*/*"))
    except OSError:
        return False


def _configured() -> str:
    try:
        config = json.loads((_folder() / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return DEFAULT
    name = config.get("currentContext") if isinstance(config, dict) else None
    return str(name or DEFAULT)


def _folder() -> Path:
    return Path(os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker")
