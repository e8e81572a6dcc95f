"""Opens the screen: the course, the record and the labs handed to it, and closed after it."""

from __future__ import annotations

import os
import signal
from argparse import Namespace

from checks.message import Message
from runner import words
from runner.cli.consent import agree_to_course, agree_to_labs
from runner.cli.face import Face
from runner.cli.target import Target, find_step
from runner.cli.work import course_folder, open_papers, open_store, read_lesson
from runner.course.course import Course, open_course
from runner.record.files import settings_file
from runner.record.settings import Settings
from runner.record.store import Store


def run_screen(options: Namespace, face: Face) -> int:
    """Show the screen until the learner leaves; give the exit status."""
    folder = course_folder(options)
    course = open_course(folder)
    agree_to_labs(face)
    if folder is not None:
        agree_to_course(face, folder)
    store = open_store(course, options, face)
    settings = Settings(settings_file(), notice=face.note)
    try:
        _speak(options, settings, course)
        return _show(options, course, store, settings)
    finally:
        settings.close()
        store.close()


def _show(options: Namespace, course: Course, store: Store, settings: Settings) -> int:
    # A screen goes with its terminal, also where `nohup` is somewhere above; its shells, which
    # inherit this, must hear of the hang-up too.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    if options.no_color:
        os.environ["NO_COLOR"] = "1"
    # Before Textual is imported: how long Escape waits for what may follow it, in milliseconds.
    os.environ.setdefault("ESCDELAY", "25")
    from runner.cli.made import MadeLabs
    from runner.lab.names import owner
    from runner.learn.learner import Learner
    from runner.tui.app import LearnApp
    from runner.tui.survey import Survey

    wanted = Target.read(options.target)
    lesson = course.find(wanted.lesson) if wanted.lesson else None
    papers = open_papers(course, options)
    step = (
        find_step(read_lesson(papers, lesson), wanted.step).id if lesson and wanted.step else None
    )

    def consent(question: Message) -> bool:
        return options.yes or app.agree(question)

    learner = Learner(course, store, settings, MadeLabs(consent), owner(), papers)
    app = LearnApp(
        learner,
        lesson=lesson,
        step=step,
        docker=options.docker,
        replace=getattr(options, "replace", False),
        survey=Survey,
    )
    if getattr(options, "record", None) is not None:
        from runner.tui.recording import recorded

        app.driver_class = recorded(app.driver_class, options.record, course.title("en"))
    return app.run() or app.return_code or 0


def _speak(options: Namespace, settings: Settings, course: Course) -> None:
    """Speak what was asked for now, else what was chosen on the screen last time."""
    kept = settings.get("screen.language")
    if options.lang is None and kept in course.languages:
        words.use(str(kept))
