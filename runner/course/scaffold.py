"""`course new`: a lesson to fill in, its overlay, and its line in `course.yaml`.

The lesson is whole but for `…` where words are wanted; lint names each of them.
"""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

from checks.message import msg
from runner.course.course import Course, open_course
from runner.course.index import COURSE_FILE
from runner.course.listing import read_course
from runner.course.rules import LESSON_ID
from runner.course.translation import update_overlay
from runner.errors import LearnError, UsageError

TEMPLATE = """\
# yaml-language-server: $schema=schema/lesson.schema.json
# Wherever … stands, something is still to be written; `learn-docker-net course lint` lists the
# places, `learn-docker-net course prove {id}` plays the lesson in a lab.
format: 1
id: {id}
title: {title}
# What the learner can do afterwards, in one sentence.
goal: …
minutes: 10
# The headings of the notes that the lesson covers, word for word.
source: []
# The lab hosts, each a small server with a Docker engine of its own; the first is the default.
hosts: {{docker: {{}}}}
images: [localhost/box]
# Drawn for each learner; used as %{{target}}. (%%{{ stands for a literal %{{.)
variables:
  target: {{default: web01, choose: [web01, app01, db01]}}

steps:
  - id: start
    title: …
    # Markdown, lines of 76 columns at most. One idea a step.
    text: |
      …
    # Offered to the learner; leave it out where they should find the command.
    try: docker run -d --name %{{target}} localhost/box sleep infinity
    checks:
      - id: running
        # A full clause: what holds when it is done.
        say: the container %{{target}} is running
        # Any command, with what must come of it; or a probe, such as
        #   probe: {{reaches: {{from: web01, to: db01}}}}
        run: docker inspect -f '{{{{.State.Running}}}}' %{{target}}
        stdout: "true"
        # Said on failure: the likely cause, the next place to look.
        otherwise: …
    # From a nudge to nearly the command.
    hints:
      - …
      - …
    # Typed at the prompt in a proof, and by `learn-docker-net solve`.
    solution: docker run -d --name %{{target}} localhost/box sleep infinity
    # Other ways that must pass too, by a name of yours:
    #   also_right:
    #     created-first: |
    #       docker create --name %{{target}} localhost/box sleep infinity
    #       docker start %{{target}}
    # Ways that look done and are not, and the checks that must catch them.
    wrong:
      not-started:
        do: docker create --name %{{target}} localhost/box sleep infinity
        fails: [running]

# What to remember, in a few lines.
recap: |
  …
"""

_LISTED = re.compile(r"^(?P<head>\s*lessons:\s*\[)(?P<ids>[^\]\n]*)(?P<tail>\].*)$", re.MULTILINE)


def new_lesson(course: Course, lesson_id: str, title: str) -> list[Path]:
    """Write a lesson to fill in, and its overlays; gives the files written or changed.

    Raises UsageError for an id that is none or is taken, LearnError where the id cannot be put
    into course.yaml.
    """
    if not LESSON_ID.fullmatch(lesson_id):
        raise UsageError(
            msg("`{id}` is not an id of a lesson.", id=lesson_id),
            remedy=msg("Write `lesson-07` or `challenge-03`: a word and two digits."),
        )
    taken = [*course.path.glob(f"{lesson_id}-*.yaml"), *course.path.glob(f"{lesson_id}.yaml")]
    if taken or lesson_id in course.lessons:
        raise UsageError(msg("The course has {lesson} already.", lesson=lesson_id))
    listing = _listed(course.path / COURSE_FILE, lesson_id)
    path = course.path / f"{lesson_id}-{slug(title)}.yaml"
    path.write_text(TEMPLATE.format(id=lesson_id, title=_quoted(title)), encoding="utf-8")
    (course.path / COURSE_FILE).write_text(listing, encoding="utf-8")
    read_course(course.path)
    renewed = open_course(course.path)
    overlays = [
        update_overlay(renewed, lesson_id, language).path for language in course.languages[1:]
    ]
    return [path, *overlays, course.path / COURSE_FILE]


def slug(title: str) -> str:
    """Make the part of a file name that tells what a lesson is about."""
    ascii_title = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", ascii_title.lower())
    return "-".join(words[:5]) or "untitled"


def _quoted(title: str) -> str:
    plain = re.fullmatch(r"[^\W\d_][\w ,;.()/-]*", title) and title == title.strip()
    return title if plain else json.dumps(title, ensure_ascii=False)


def _listed(path: Path, lesson_id: str) -> str:
    """Give course.yaml with the lesson in the last list that has one before it."""
    source = path.read_text(encoding="utf-8")
    lists = list(_LISTED.finditer(source))
    if not lists:
        raise LearnError(
            msg("course.yaml has no line `lessons: […]` to put {lesson} into.", lesson=lesson_id),
            remedy=msg("Write the list on one line, then try again."),
        )
    chosen = lists[0]
    for found in lists:
        if any(known < lesson_id for known in _ids(found)):
            chosen = found
    ids = _ids(chosen)
    position = sum(1 for known in ids if known < lesson_id) if ids == sorted(ids) else len(ids)
    ids.insert(position, lesson_id)
    line = f"{chosen['head']}{', '.join(ids)}{chosen['tail']}"
    return source[: chosen.start()] + line + source[chosen.end() :]


def _ids(found: re.Match[str]) -> list[str]:
    return [word.strip() for word in found["ids"].split(",") if word.strip()]
