"""`check LESSON[/STEP]`: what holds in the lab and what does not."""

from __future__ import annotations

from argparse import Namespace

from runner.cli import early
from runner.cli.face import Face
from runner.cli.parser import Parser
from runner.cli.written import put
from runner.words import translate

TYPE_CHECKING = False
if TYPE_CHECKING:  # the lab's agent is started before anything of weight is imported
    from runner.learn.report import Report


def arguments(parser: Parser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "target",
        nargs="?",
        metavar="LESSON[/STEP]",
        help=translate("what to check; the lesson of your lab where you name none"),
    )
    parser.add_argument("--json", action="store_true", help=translate("all that is known, as JSON"))
    parser.add_argument(
        "--junit", metavar="FILE", help=translate("write JUnit XML too; - for stdout")
    )


def run(options: Namespace, face: Face) -> int:
    """Check, record, show; the exit status is that of the verdicts."""
    begun = early.begin(options)
    try:
        return _check(options, face, begun)
    finally:
        if begun is not None:
            begun.close()


def _check(options: Namespace, face: Face, begun: early.Early | None) -> int:
    from runner.cli.work import work

    with work(options, face, options.target, asks=True, early=begun) as at:
        report = at.session.check([at.step.id] if at.step else None)
        _show(report, options, face, step=at.step.id if at.step else None)
        face.out.flush()
        if not report.bare:
            at.session.copy_record()
    return int(report.exit)


def _show(report: Report, options: Namespace, face: Face, *, step: str | None) -> None:
    if options.junit:
        from runner.cli.junit import junit

        put(options.junit, junit(report), face)
    if options.json:
        import json

        from runner.cli.report_json import report_json

        json.dump(report_json(report), face.out, ensure_ascii=False, indent=2)
        face.say()
    elif options.junit != "-":
        from runner.cli.verdicts import show_report

        steps = None if step is None else [one for one in report.lesson.steps if one.id == step]
        show_report(report, face, steps=steps)
