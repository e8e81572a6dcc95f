"""The string literals below fields, which Python itself throws away.

Read from the source by `ast`, only where a schema is made; no lesson is loaded through here.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from functools import lru_cache
from itertools import pairwise


@lru_cache(maxsize=256)
def field_texts(cls: type) -> dict[str, str]:
    """Give the docstrings of a class's fields, by the fields' names, on one line each."""
    found: dict[str, str] = {}
    for base in reversed(cls.__mro__[:-1]):
        tree = ast.parse(textwrap.dedent(inspect.getsource(base)))
        body = tree.body[0].body if isinstance(tree.body[0], ast.ClassDef) else []
        for statement, following in pairwise(body):
            text = _literal(following)
            if isinstance(statement, ast.AnnAssign) and text is not None:
                target = statement.target
                if isinstance(target, ast.Name):
                    found[target.id] = one_line(text)
    return found


def class_text(cls: type) -> str:
    """Give a class's own docstring on one line; nothing for the one that dataclass makes up."""
    text = cls.__dict__.get("__doc__") or ""
    return "" if text.startswith(f"{cls.__name__}(") else one_line(text)


def one_line(text: str) -> str:
    """Join the lines of a docstring."""
    return " ".join(text.split())


def _literal(statement: ast.stmt) -> str | None:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        value = statement.value.value
        return value if isinstance(value, str) else None
    return None
