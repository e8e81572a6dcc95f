"""`course.yaml` as an author writes it, and the look into lesson files that a listing needs."""

from __future__ import annotations

from dataclasses import dataclass

from checks.kinds import Name, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class PartFile:
    """A part of a course: lessons that belong together, under a title."""

    id: Name
    title: Text
    lessons: tuple[Name, ...]
    """The lessons' ids, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseFile:
    """A course: the folder's `course.yaml`. Its lessons stand in `lessons`, or in `parts`."""

    format: int
    """Of the grammar; 1."""
    id: Name
    """The course's name for records and labels; never change it once learners have begun."""
    title: Text
    languages: tuple[Name, ...] = (Name("en"),)
    """The first is the lessons' own; each other has a folder of that name with overlays."""
    lessons: tuple[Name, ...] = ()
    """The lessons' ids in order, for a course without parts."""
    parts: tuple[PartFile, ...] = ()
    """The parts in order, each with its lessons."""
