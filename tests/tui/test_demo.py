"""A lesson plays itself: through the real shells of the screen, in a lab that is a directory."""

from __future__ import annotations

import json
from pathlib import Path

from runner.course.course import open_course
from runner.learn.learner import Learner
from runner.terminal.terminal import Terminal
from runner.tui.demo import DemoApp, Pace
from runner.tui.recording import Unseen, recorded
from tests.tui.screenful import Screenful


def demo(screen: Screenful, pictures: Path | None = None) -> DemoApp:
    learner = Learner(open_course(screen.course), screen.store, screen.settings, screen.labs, "ann")
    return DemoApp(learner, "lesson-01", pace=Pace().times(0), pictures=pictures)


def test_a_lesson_is_played_to_its_end(screen: Screenful, tmp_path: Path) -> None:
    film, pictures = tmp_path / "film", tmp_path / "pictures"
    pictures.mkdir()
    app = demo(screen, pictures=pictures)
    app.driver_class = recorded(Unseen, film)
    assert app.run(size=(120, 36)) == 0, app.trouble
    standing = screen.store.standing("lesson-01")
    assert standing is not None
    assert standing.completed is not None
    assert (screen.place / "two").exists()

    names = sorted(path.name for path in pictures.iterdir())
    assert names == ["lesson-01-look.svg", "lesson-01-make.svg", "lesson-01-rename.svg"]
    for path in pictures.iterdir():
        text = path.read_text(encoding="utf-8")
        assert "url(" not in text.replace("url(#", "")
        assert "@font-face" not in text

    terminal = Terminal(36, 120)
    shown = ""
    for line in film.read_text(encoding="utf-8").splitlines()[1:]:
        terminal.feed(json.loads(line)[2].encode())
        shown += "\n".join(terminal.row(y).text for y in range(36))
    for words in ("touch one", "✓ the file one is there", "mv one two", "✓ the file two is there"):
        assert words in shown


def test_what_does_not_come_out_is_told(screen: Screenful) -> None:
    lesson = screen.course / "lesson-01-files.yaml"
    text = lesson.read_text(encoding="utf-8")
    lesson.write_text(text.replace("knows: cat number", "knows: cat nothing"), encoding="utf-8")
    app = demo(screen)
    app.driver_class = Unseen
    assert app.run(size=(80, 24)) == 3
    assert app.trouble is not None
    assert "the answer to number" in str(app.trouble.message)
