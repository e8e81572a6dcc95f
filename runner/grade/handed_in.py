"""What was handed in, and whose it is.

Files may be called anything: learning platforms rename them. Whose a file is stands in its head.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from checks.message import msg
from runner.grade.class_ import Class, Learner, Source, Where
from runner.grade.finding import Finding, FindingKind, Weight
from runner.grade.heads import wrong_class
from runner.grade.packed import LIMITS, SUFFIX, BadSubmission, Limits
from runner.grade.submission import Head, Signature, open_submission

MOST = 10_000
"""Files looked at in one folder."""
NAMED = 200
"""Files that are named as passed over."""
SHOWN = 3
"""Of these so many in the sentence itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """The class's submissions, sorted out."""

    files: Mapping[str, Path] = field(default_factory=dict)
    """By learner: the file that counts, the one made last of those that are validly signed."""
    findings: tuple[Finding, ...] = ()
    """About files, those that belong to nobody included."""


@dataclass(frozen=True, slots=True)
class _Given:
    path: Path
    head: Head
    signature: Signature

    @property
    def signer(self) -> str:
        """Give the key that it is signed with: in a head alone anybody can write any."""
        return self.head.key if self.signature is Signature.GOOD else ""


def gather(class_: Class, limits: Limits = LIMITS) -> HandedIn:
    """Find each learner's submission in the class's folder and by the names in its file.

    Only heads are read; nothing that is wrong with a file raises.
    """
    findings: list[Finding] = []
    by_learner: dict[str, list[_Given]] = {}
    broken: dict[str, Path] = {}
    keys = {one.id: one.key for one in class_.learners}
    named = {file: one.id for one in class_.learners for file in one.source.files if file.exists()}
    there = _in(class_.submissions)
    if len(there) > MOST:
        findings.append(_too_many(len(there)))
    known = {path.resolve() for path in named}
    for path in [*named, *(path for path in there[:MOST] if path.resolve() not in known)]:
        whose = named.get(path)
        try:
            given = _look(path, limits)
        except BadSubmission as error:
            guessed = whose or _guess(class_, path)
            findings.append(_broken(path, guessed, error))
            broken |= {guessed: path} if guessed else {}
            continue
        learner = whose or given.head.learner
        if learner not in keys:
            findings.append(_nobodys(given))
        elif whose is None and given.head.class_id != class_.id:
            findings.append(wrong_class(given.head, class_, learner, given.path.name))
        else:
            by_learner.setdefault(learner, []).append(given)
    findings += _passed_over(class_, known)
    files = {
        learner: _latest(learner, keys, them, findings) for learner, them in by_learner.items()
    }
    return HandedIn(files={**broken, **files}, findings=tuple(findings))


def with_sources(class_: Class, handed_in: HandedIn) -> Class:
    """Give the class with each learner's file put in; learners with an engine keep that."""

    def one(learner: Learner) -> Learner:
        path = handed_in.files.get(learner.id)
        if path is None or learner.source.where is Where.ENGINE:
            return learner
        return replace(learner, source=Source(where=Where.SUBMISSION, files=(path,)))

    return replace(class_, learners=tuple(map(one, class_.learners)))


def _in(folder: Path | None) -> Sequence[Path]:
    """List a folder and the folders in it, which platforms make for each learner."""
    if folder is None or not folder.is_dir():
        return ()
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() == SUFFIX and not path.is_symlink() and path.is_file()
    ]


def _passed_over(class_: Class, known: Collection[Path]) -> list[Finding]:
    """Name what lies in the folder and is no submission by its name, or only a link: a platform may
    have given a learner's file another ending.
    """
    names: dict[str, list[str]] = {}
    folder = class_.submissions
    for path in islice(_others(folder), NAMED):
        if path.resolve() not in known and folder is not None:
            name = str(path.relative_to(folder))
            names.setdefault(_guess(class_, path), []).append(name)
    return [
        Finding(
            kind=FindingKind.PASSED_OVER,
            weight=Weight.NOTE,
            learner=learner,
            message=msg(
                "Passed over ({count}), since it is a link or does not end in {suffix}: {names}",
                count=len(found),
                suffix=SUFFIX,
                names=", ".join(found[:SHOWN]),
            ),
            evidence="\n".join(found),
        )
        for learner, found in names.items()
    ]


def _others(folder: Path | None) -> Iterator[Path]:
    """Give what is neither a submission nor a folder; hidden files are a system's own."""
    if folder is None or not folder.is_dir():
        return
    for path in sorted(folder.rglob("*")):
        odd = path.is_symlink() or (path.is_file() and path.suffix.lower() != SUFFIX)
        if odd and not path.name.startswith("."):
            yield path


def _too_many(count: int) -> Finding:
    return Finding(
        kind=FindingKind.CUT_SHORT,
        weight=Weight.DOUBT,
        message=msg(
            "The folder holds {count} submissions; the first {most} were looked at.",
            count=count,
            most=MOST,
        ),
    )


def _look(path: Path, limits: Limits) -> _Given:
    with open_submission(path, limits) as found:
        return _Given(path, found.head, found.signature)


def _broken(path: Path, whose: str, error: BadSubmission) -> Finding:
    return Finding(
        kind=error.kind,
        weight=Weight.BARS,
        learner=whose,
        message=msg("{file}: {why}", file=path.name, why=error.message),
        evidence=error.details,
    )


def _guess(class_: Class, path: Path) -> str:
    """Guess whose a broken file is by its name and its folder's, as platforms write them; empty
    where that is not plain.
    """
    words = f"{path.parent.name} {path.stem}".casefold()
    found = [one.id for one in class_.learners if _named(one.id, words) or _named(one.name, words)]
    return found[0] if len(found) == 1 else ""


def _named(word: str, words: str) -> bool:
    return bool(re.search(rf"(?<![^\W_]){re.escape(word.casefold())}(?![^\W_])", words))


def _latest(
    learner: str, keys: Mapping[str, str | None], given: Sequence[_Given], findings: list[Finding]
) -> Path:
    """Choose the file that counts: by the learner's own key before any other, by one that is not
    another learner's before one that is, then sound before broken, then the one made last. So
    nobody can push a file of theirs in front of one that is signed with a registered key.
    """
    own = keys[learner]
    others = {key for one, key in keys.items() if one != learner}

    def worth(one: _Given) -> tuple[bool, bool, bool, bool, str, str]:
        return (
            bool(one.signer) and one.signer == own,
            bool(one.signer) and one.signer not in others,
            bool(one.signer),
            one.head.learner == learner,
            one.head.made,
            one.path.name,
        )

    order = sorted(given, key=worth)
    if len(order) > 1:
        findings.append(_several(learner, own, order))
    return order[-1].path


def _several(learner: str, own: str | None, order: Sequence[_Given]) -> Finding:
    one_hand = len({one.signer for one in order}) == 1
    facts = {"count": len(order), "file": order[-1].path.name}
    if one_hand or order[-1].signer == own:
        message = msg("{count} files were handed in; {file} counts.", **facts)
    else:
        message = msg(
            "{count} files were handed in, signed by different hands, and none with a key that the"
            " learner has sent: {file} counts, and may be somebody else's.",
            **facts,
        )
    lines = [
        f"{one.path.name}: made {one.head.made}, key {one.signer or '- (not validly signed)'}"
        for one in order
    ]
    return Finding(
        kind=FindingKind.SEVERAL_FILES,
        weight=Weight.NOTE if one_hand else Weight.DOUBT,
        learner=learner,
        message=message,
        evidence="\n".join(lines),
    )


def _nobodys(given: _Given) -> Finding:
    return Finding(
        kind=FindingKind.UNKNOWN_LEARNER,
        weight=Weight.NOTE,
        message=msg(
            "{file} is of {learner}, who is not in this class.",
            file=given.path.name,
            learner=given.head.learner,
        ),
        evidence=f"class {given.head.class_id}, learner {given.head.learner}",
    )
