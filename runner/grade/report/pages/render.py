"""From templates to files: everything that is put into a page is made harmless on its way.

Jinja2 escapes each value for HTML; before that, `finalize` shows control characters, marks that
turn the writing direction and halves of letters as text, whatever they came from.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from checks.message import Message, msg
from runner.files import whole
from runner.grade import due
from runner.grade.moments import moment
from runner.grade.report.harmless import shown
from runner.words import language, tell, translate

TEMPLATES = Path(__file__).parent / "templates"
GENERATOR = '<meta name="generator" content="learn-docker-net grade">'
"""In every page, so that a page of an earlier run is known as ours."""
_CODE = re.compile(r"`([^`]+)`")
_OPEN = re.compile(r"%\{([\w-]+)\}")
"""A value that only the lab knows, in a claim that was never asked there."""
_TAGS = {"zh": "zh-CN"}
"""How HTML calls our languages, where otherwise."""


class Pages:
    """Writes pages into a folder."""

    def __init__(self, home: Path, zone: str, **common: Any) -> None:
        """Take the folder, the time zone in which times are shown, and what all pages get."""
        self._home = home
        self._environment = _environment(zone)
        style = (TEMPLATES / "report.css").read_text(encoding="utf-8")
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        self._environment.globals.update(
            common,
            style=Markup(style),  # noqa: S704  (our own file)
            style_digest=digest,
            generator=Markup(GENERATOR),  # noqa: S704
            language=_TAGS.get(language(), language()),
            zone=zone,
        )

    def write(self, name: str, template: str, **values: Any) -> Path:
        """Write one page bit by bit, put in place whole; raises OSError."""
        path = self._home / name
        with whole(path) as file:
            for bit in self._environment.get_template(template).generate(values):
                file.write(bit)
        return path


def _environment(zone: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    where = due.zone(zone) or UTC
    environment.globals.update(translate=translate, tell=tell, msg=msg)
    environment.filters.update(
        at=lambda value: time_told(value, where),
        number=number,
        told=told,
        amount=amount,
        minutes=minutes,
        coded=coded,
    )
    return environment


def _harmless(value: Any) -> Any:
    return shown(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def told(value: object) -> str:
    """Give a message in the reader's language, also one that was kept as data."""
    if isinstance(value, Mapping):
        value = Message.from_json(value)
    return tell(value) if isinstance(value, Message) else ""


def time_told(value: str | datetime | None, where: tzinfo) -> str:
    """Give a time in the class's zone, to the minute; a text that is none as it stands."""
    seconds = moment(value) if isinstance(value, str) else value.timestamp() if value else None
    if seconds is None:
        return str(value or "")
    return datetime.fromtimestamp(seconds, where).strftime("%Y-%m-%d %H:%M")


def number(value: float, digits: int = 1) -> str:
    """Give a number with so many digits at most, without noughts at its end."""
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def amount(value: float) -> str:
    """Give points with two digits, as the files have them."""
    return f"{value:.2f}"


def minutes(value: float) -> str:
    """Give minutes: small ones with a digit behind the point."""
    return number(value, 1 if value < 10 else 0)


def coded(text: str) -> Markup:
    """Give a course's sentence, what stands between its backquotes as code.

    For the author's words alone: whatever a learner wrote gets no element of any kind.
    """
    text = _OPEN.sub(r"‹\1›", shown(text))
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704
