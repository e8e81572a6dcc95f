"""YAML as editors' language servers read it (1.2, core schema), for validating by JSON Schema."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml


class CoreLoader(yaml.SafeLoader):
    """Knows `true`, `false`, `null` and numbers; `yes` and `on` are texts."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - as its base declares it


for name, pattern, first in (
    ("bool", r"true|false", "tf"),
    ("null", r"null|~|", ["n", "~", ""]),
    ("int", r"[-+]?\d+", "-+0123456789"),
    ("float", r"[-+]?(\.\d+|\d+\.\d*)", "-+.0123456789"),
):
    CoreLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{name}", re.compile(f"^(?:{pattern})$"), list(first)
    )


def read_core(path: Path) -> Any:
    """Read a file as an editor would."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=CoreLoader)
