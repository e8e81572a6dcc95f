"""The conversation itself: greeting, lines that make no sense, files, the end."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from tests.lab.agents import INSIDE, agent_argv, gone, raw_agent, until


def test_greets_with_what_it_knows() -> None:
    with raw_agent() as agent:
        assert agent.hello == {
            "hello": 1,
            "lab": "l1",
            "host": "docker",
            "engine": "",
            "kernel": [],
        }


def test_the_folder_runs_under_any_name(tmp_path: Path) -> None:
    folder = shutil.copytree(INSIDE, tmp_path / "agent", ignore=shutil.ignore_patterns("*.pyc"))
    done = subprocess.run(
        agent_argv(inside=folder), stdin=subprocess.DEVNULL, capture_output=True, check=True
    )
    assert json.loads(done.stdout)["hello"] == 1


def test_starts_without_slow_modules() -> None:
    code = f"import sys; sys.path.insert(0, {str(INSIDE.parent)!r}); import inside.agent"
    argv = [sys.executable, "-I", "-S", "-c", f"{code}; print(*sys.modules)"]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    slow = {
        "asyncio",
        "ctypes",
        "dataclasses",
        "email",
        "http.client",
        "logging",
        "ssl",
        "subprocess",
    }
    loaded = set(done.stdout.split())
    assert not slow & loaded
    assert not {name for name in loaded if name.startswith(("checks", "runner"))}


def test_a_line_without_sense_is_answered_and_the_next_one_works() -> None:
    with raw_agent() as agent:
        for line in ("nonsense", "[1, 2]", '{"n": 1}', '{"n": 1, "request": 5}', "\x00\xff"):
            agent.say(line)
            assert agent.line()["outcome"] == "broken"
        agent.ask(9, kind="run", command="echo still here", timeout=5, engine=False)
        answer = agent.line()
        assert (answer["n"], answer["stdout"]) == (9, "still here\n")


def test_unknown_and_incomplete_questions_are_broken() -> None:
    with raw_agent() as agent:
        agent.ask(1, kind="dance")
        assert (reply := agent.line())["n"] == 1 and reply["outcome"] == "broken"
        agent.ask(2, kind="run")
        assert (reply := agent.line())["n"] == 2 and reply["outcome"] == "broken"
        agent.ask(3, kind="net", what="levitate", timeout=1)
        assert (reply := agent.line())["n"] == 3 and "levitate" in json.dumps(reply["why"])


def test_at_most_sixteen_at_once_and_the_others_in_turn(tmp_path: Path) -> None:
    wait = f"touch {tmp_path}/$N; while [ ! -e {tmp_path}/go ]; do sleep 0.02; done"
    with raw_agent() as agent:
        for number in range(17):
            command = f"N={number}; {wait}"
            agent.ask(number, kind="run", command=command, timeout=60, engine=False)
        until(lambda: len(list(tmp_path.iterdir())) == 16)
        agent.ask(99, kind="cancel", of=1)  # the loop goes on taking lines
        assert len(list(tmp_path.iterdir())) == 16
        (tmp_path / "go").touch()
        answers = [agent.line() for _ in range(17)]
    assert {answer["n"] for answer in answers} == set(range(17))
    assert {answer["status"] for answer in answers} == {0}


def test_the_end_of_stdin_kills_what_was_started(tmp_path: Path) -> None:
    escaped, running = tmp_path / "escaped", tmp_path / "running"
    with raw_agent() as agent:
        escape = (
            f"setsid sh -c 'echo $$ >{escaped}; exec sleep 1000' >/dev/null 2>&1 &"
            f" until [ -s {escaped} ]; do sleep 0.01; done"
        )
        agent.ask(1, kind="run", command=escape, timeout=60, engine=False)
        agent.ask(
            2, kind="run", command=f"echo $$ >{running}; sleep 1000", timeout=60, engine=False
        )
        pids = [int(_written(path)) for path in (escaped, running)]
        assert agent.hang_up() == 0
    until(lambda: all(gone(pid) for pid in pids))


def _written(path: Path) -> str:
    until(lambda: path.exists() and path.read_text().strip())
    return path.read_text()


def test_writes_a_file_whole(tmp_path: Path) -> None:
    target = tmp_path / "new" / "folder" / "daemon.json"
    with raw_agent() as agent:
        agent.ask(1, kind="write", path=str(target), text='{"icc": false}\r\n中')
        assert agent.line()["value"] == {"bytes": len(target.read_bytes())}
        assert target.read_bytes().decode() == '{"icc": false}\r\n中'
        agent.ask(2, kind="write", path=str(target), text="again")
        agent.line()
        assert target.read_text() == "again"
        assert list(target.parent.iterdir()) == [target]
        agent.ask(3, kind="write", path=str(target / "below"), text="x")
        assert agent.line()["outcome"] == "broken"


def test_events_without_an_engine_are_refused() -> None:
    with raw_agent() as agent:
        agent.ask(4, kind="events")
        assert (reply := agent.line())["n"] == 4 and reply["outcome"] == "no engine"
