"""`grade CLASS.yaml`: a whole class judged, and its gradebook."""

from __future__ import annotations

import os
from argparse import Namespace, _ActionsContainer
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from checks.message import msg
from runner.cli.face import Face
from runner.cli.parser import ENGINES, Parser
from runner.cli.text import safe, width
from runner.errors import LearnError, UsageError
from runner.words import tell, translate

if TYPE_CHECKING:
    from runner.grade.book import Book
    from runner.grade.class_ import Where
    from runner.grade.planning import Plan
    from runner.grade.result import Run
    from runner.grade.store import Results
    from runner.grade.task import Judges

_GOES_WITH = {"on": "replay", "i_trust_this": "replay", "docker": "replay", "tls": "scheduler"}
"""Options that would be passed over in silence without another one."""


def arguments(parser: Parser) -> None:
    """Declare what the command takes."""
    parser.add_argument("file", type=Path, metavar="CLASS.yaml", help=translate("the class"))
    parser.add_argument(
        "--lessons",
        metavar="LESSONS",
        help=translate("such as lesson-06..lesson-10,challenge-01; all that the class counts"),
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help=translate("folder for results and reports")
    )
    _figure(
        parser,
        "--jobs",
        min(os.cpu_count() or 1, 16),
        translate("so many processes that judge; one a processor core"),
    )
    parser.add_argument(
        "--again",
        action="store_true",
        help=translate("begin anew, also where a run was cut off; else that goes on"),
    )
    parser.add_argument(
        "--compare", metavar="RUN", help=translate("say what came out otherwise in an earlier run")
    )
    _live(parser)
    _replay(parser)
    _cluster(parser)


def _live(parser: Parser) -> None:
    group = parser.add_argument_group(translate("learners' labs, looked at live"))
    _figure(group, "--labs", 8, translate("so many labs side by side; 8"))
    _figure(group, "--per-host", 4, translate("so many at once on one machine; 4"))
    _figure(group, "--limit", 300, translate("what one learner's lab may take; 300"), "SECONDS")


def _figure(group: _ActionsContainer, name: str, default: int, help_: str, what: str = "N") -> None:
    group.add_argument(name, type=int, default=default, metavar=what, help=help_)


def _replay(parser: Parser) -> None:
    group = parser.add_argument_group(translate("the learners' commands run anew"))
    group.add_argument(
        "--replay",
        action="store_true",
        help=translate("judge a fresh lab in which the logged commands were run anew"),
    )
    group.add_argument(
        "--on", metavar="CONTEXT", help=translate("the Docker context of a throwaway machine")
    )
    group.add_argument(
        "--i-trust-this",
        action="store_true",
        help=translate("let strangers' commands run on this machine's own engine"),
    )
    group.add_argument(
        "--docker", choices=ENGINES, help=translate("the lab's engine; the learner's by default")
    )


def _cluster(parser: Parser) -> None:
    group = parser.add_argument_group(translate("a cluster"))
    group.add_argument(
        "--scheduler",
        metavar="tls://ADDRESS",
        help=translate("have a Dask cluster judge the submissions"),
    )
    group.add_argument(
        "--tls",
        type=Path,
        metavar="DIR",
        help=translate("folder with ca.pem, cert.pem and key.pem for the cluster"),
    )


def run(options: Namespace, face: Face) -> int:
    """Judge, keep, show; the exit status is 3 where something could not be judged."""
    from runner.grade.book import Book
    from runner.grade.class_file import load_class
    from runner.grade.folder import alone, results_folder
    from runner.grade.planning import make_plan
    from runner.grade.result import Mode
    from runner.grade.store import Results

    _sensible(options)
    class_ = load_class(options.file)
    folder = results_folder(options.file, options.out)
    with alone(folder), Results(folder / "results.sqlite") as results:
        before = _earlier(options.compare, results)
        mode = Mode.REPLAY if options.replay else Mode.SUBMISSION
        plan = make_plan(class_, options.lessons, mode=mode)
        ended = _grade(plan, results, options, face)
        book = Book(class_=class_, rules=plan.rules, run=ended, results=results)
        written = _write(book, folder)  # first: whoever reads the table may go away
        status = _show(book, face)
        _tell_written(written, ended, folder, face)
        if before is not None:
            _compare(results, before, ended, face)
    return status


def _sensible(options: Namespace) -> None:
    """Refuse options that do not go together."""
    for name in ("jobs", "labs", "per_host", "limit"):
        if getattr(options, name) < 1:
            option = f"--{name.replace('_', '-')}"
            raise UsageError(msg("{option} is at least 1.", option=option))
    if options.replay and options.scheduler:
        raise UsageError(
            msg("--replay needs an engine beside it and cannot be sent to a cluster."),
            remedy=msg("Leave out --scheduler."),
        )
    for name, needed in _GOES_WITH.items():
        if getattr(options, name) and not getattr(options, needed):
            raise UsageError(
                msg(
                    "--{option} says something only with --{other}.",
                    option=name.replace("_", "-"),
                    other=needed,
                ),
                remedy=msg("Add --{other}, or leave it out.", other=needed),
            )


def _grade(plan: Plan, results: Results, options: Namespace, face: Face) -> Run:
    from runner.cli.grade_progress import Progress
    from runner.grade.run import Grading

    progress = Progress(face)
    judges = _judges(plan, options, face)
    grading = Grading(plan, results, judges, progress.judged, progress.waiting)
    cut_off = None if options.again else grading.cut_off()
    if cut_off is not None:
        face.tell(
            msg("Going on with run {run}, begun {began}.", run=cut_off.id, began=cut_off.began)
        )
    try:
        return grading.run(again=options.again)
    except KeyboardInterrupt:
        face.note(msg("Stopped. What is judged is kept; the same command goes on from here."))
        raise


def _judges(plan: Plan, options: Namespace, face: Face) -> Mapping[Where, Judges]:
    """Choose who judges what; nothing is started or connected yet."""
    from runner.grade.class_ import Where

    found: dict[Where, Judges] = {}
    if any(one.source.where is Where.ENGINE for one in plan.class_.learners):
        from runner.grade.live import Crew

        found[Where.ENGINE] = Crew(
            labs=options.labs, per_host=options.per_host, limit=options.limit
        )
    found[Where.SUBMISSION] = _of_submissions(options, face)
    return found


def _of_submissions(options: Namespace, face: Face) -> Judges:
    if options.replay:
        from runner.grade.replay import Replays, engine_for

        docker = engine_for(options.on, trusted=options.i_trust_this)
        return Replays(docker, options.docker, limit=options.limit, tell=face.tell)
    if options.scheduler:
        from runner.grade.cluster import Cluster

        return Cluster(options.scheduler, options.tls)
    from runner.grade.pool import Pool

    return Pool(options.jobs)


def _show(book: Book, face: Face) -> int:
    from runner.grade.report.table import Table
    from runner.grade.run import exit_of

    for line in Table(book, face.columns, face.paint, width, safe).lines():
        face.say(line)
    outcomes = [outcome for _, outcome in book.results.done(book.run).values()]
    return int(exit_of(outcomes))


def _write(book: Book, folder: Path) -> list[Path]:
    from runner.grade.report import write_all

    try:
        written = list(write_all(book, folder))
        book.results.written(book.run)
        return written
    except OSError as error:
        raise LearnError(
            msg("{path} cannot be written: {why}", path=str(folder), why=error.strerror or "?"),
            remedy=msg("Name another folder with --out; what is judged is kept."),
        ) from error


def _tell_written(written: list[Path], run: Run, folder: Path, face: Face) -> None:
    for path in written:
        face.note(msg("Written: {path}", path=str(path)))
    face.note(msg("Run {run} is kept in {folder}.", run=run.id, folder=str(folder)))


def _earlier(wanted: str | None, results: Results) -> Run | None:
    if wanted is None:
        return None
    runs = {one.id: one for one in results.runs()}
    if wanted not in runs:
        known = ", ".join(runs) or translate("none")
        raise UsageError(
            msg("There is no run {run}.", run=wanted),
            remedy=msg("There are: {known}.", known=known),
        )
    return runs[wanted]


def _compare(results: Results, before: Run, after: Run, face: Face) -> None:
    from runner.grade.report.wording import OUTCOMES
    from runner.grade.result import Outcome

    def told(found: tuple[str, float] | None) -> str:
        if found is None:
            return "-"
        outcome, score = Outcome(found[0]), found[1]
        return f"{score:.1f}" if outcome is Outcome.GRADED else translate(OUTCOMES[outcome])

    changes = list(results.compare(before, after))
    face.say()
    if not changes:
        face.say(tell(msg("All came out as in run {run}.", run=before.id)))
        return
    face.say(tell(msg("Otherwise than in run {run}:", run=before.id)))
    for one in changes:
        face.say(safe(f"  {one.learner} {one.lesson}: {told(one.before)} → {told(one.after)}"))
