"""What the files of the report are called: made from ids, never from names.

An id that is a plain lower-case word names its file itself; any other one gets a digest of the
whole id behind a full stop, which plain ones do not have. So no two ids share a file, also where
capitals do not tell files apart, and a learner's page keeps its name from run to run.
"""

from __future__ import annotations

import hashlib
import re

_PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_OTHER = re.compile(r"[^a-z0-9_-]+")
_DEVICE = re.compile(r"con|prn|aux|nul|com\d|lpt\d")
"""Names that Windows gives to devices, whatever stands behind the full stop."""
_KEPT = 40


def page_name(id_: str) -> str:
    """Give the name of the file that is about a learner or a lesson."""
    if _PLAIN.fullmatch(id_) and not _DEVICE.fullmatch(id_):
        return f"{id_}.html"
    digest = hashlib.sha256(id_.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    told = _OTHER.sub("-", id_.lower()).strip("-_")[:_KEPT]
    return f"{told or 'id'}-.{digest}.html"


def anchor(kind: str, *parts: str) -> str:
    """Give the name of a place in a page; a check and a question of one id have two."""
    return "-".join((kind, *(_OTHER.sub("-", part.lower()) for part in parts)))
