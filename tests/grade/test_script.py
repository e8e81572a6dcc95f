"""What of a shell's log can be typed anew, and what stands in its place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks.verdict import State
from runner.grade.script import Act, Command, Held, Left, script_of
from runner.grade.work import Change, ChangedFile, LabWork, Seen, Typed, Work

DAEMON = ChangedFile(
    host="docker", path="/etc/docker/daemon.json", change=Change.WRITTEN, content=b"{}"
)
NOTES = ChangedFile(host="docker", path="/root/notes", change=Change.WRITTEN, content=b"x")
OTHER = ChangedFile(host="docker2", path="/root/notes", change=Change.WRITTEN, content=b"y")


def typed(command: str, at: int = 0, folder: str = "/root") -> Typed:
    return Typed(
        host="docker", folder=folder, command=command, status=0, at=f"2026-11-20T10:{at:02}:00Z"
    )


def acts(*commands: Typed, seen: tuple[Seen, ...] = ()) -> list[Act]:
    lab = LabWork(lab="a", typed=commands, files=(DAEMON, NOTES, OTHER))
    return list(script_of(Work(lesson="lesson-01", digest="", seen=seen), lab))


@pytest.mark.parametrize(
    "command",
    [
        "docker run -d --name web01 localhost/box sleep infinity",
        "docker run -it --rm localhost/box ping -c 1 web01",
        "docker exec -it web01 cat /etc/hosts",
        "docker exec web01 bash -c 'ip addr'",
        "bash -c 'docker ps'",
        "bash script.sh",
        "nsenter -t 1 -n ip addr",
        "docker exec web01 grep -i x /etc/hosts",
        "docker exec -e A=1 -it web01 mysql -uroot -e 'show tables'",
        "docker run -it -p 80:80 localhost/box ping -w 3 web01",
        "docker compose up -d",
        "docker compose exec web ping -c 1 db",
        "python3 -c 'print(1)'",
        "mysql -h db <tables.sql",
        "redis-cli -h cache get x",
        "cat >notes <<END\nx\nEND",
        "nc -z web01 80",
        "ping -c1 web01",
        "tail -n 3 /var/log/syslog",
        "echo 'an unclosed quote",
        "A=1",
        "# only a word",
        "",
    ],
)
def test_plain_commands_are_typed(command: str) -> None:
    [act] = acts(typed(command))
    assert act == Command(typed(command))


@pytest.mark.parametrize(
    "command",
    [
        "bash",
        "sudo bash -l",
        "docker exec -it web01 bash",
        "docker exec -ti web01 /bin/sh",
        "docker container exec --interactive --tty web01 sh",
        "docker run -it localhost/box bash",
        "docker attach web01",
        "docker logs -f web01",
        "docker events",
        "journalctl -f -u docker",
        "less /etc/hosts",
        "ssh docker2",
        "nsenter -t 1 -n bash",
        "top",
        "docker run -it localhost/box",
        "docker run -it --rm --name x -p 80:80 localhost/box",
        "docker exec -it -e A=1 web01 mysql -uroot -psecret",
        "docker start -ai web01",
        "docker stats",
        "docker compose logs -f",
        "docker compose -f a.yaml logs --follow web",
        "docker compose exec web sh",
        "mysql -h db -uroot -psecret",
        "redis-cli -h cache",
        "python3",
        "cat >notes",
    ],
)
def test_sessions_leave_what_they_left(command: str) -> None:
    [act] = acts(typed(command))
    assert act == Left(typed(command), (DAEMON, NOTES))


@pytest.mark.parametrize(
    ("command", "folder"),
    [
        ("vim /etc/docker/daemon.json", "/root"),
        ("sudo nano daemon.json", "/etc/docker"),
        ("EDITOR=x vi ../docker/daemon.json", "/etc/systemd"),
    ],
)
def test_an_editor_leaves_the_file_that_it_names(command: str, folder: str) -> None:
    [act] = acts(typed(command, folder=folder))
    assert act == Left(typed(command, folder=folder), (DAEMON,))


@pytest.mark.parametrize(
    "command",
    [
        "ping web",
        "sudo tcpdump -i eth0 -w /tmp/x",
        "nc -l 80",
        "nc -lvp 80",
        "docker exec -it web01 ping web02",
        "docker run --rm localhost/box ping web02",
        "docker compose up",
    ],
)
def test_what_goes_on_for_ever_is_ended_when_the_learner_may_have(command: str) -> None:
    found = acts(typed("true", 1), typed(command, 1), typed("docker ps", 2), typed(command, 3))
    assert [one.ends for one in found if isinstance(one, Command)] == [None, 1.0, None, 10.0]


def test_what_the_learner_interrupted_is_interrupted() -> None:
    stopped = replace(typed("docker wait web01", 2), status=130, at="2026-11-20T10:02:04Z")
    found = acts(typed("docker ps", 2), stopped)
    assert found == [Command(typed("docker ps", 2)), Command(stopped, 4.0)]
    assert acts(stopped) == [Command(stopped, 5.0)]


def test_checks_are_asked_between_the_commands_where_they_held() -> None:
    def seen(check: str, at: str, lab: str = "a") -> Seen:
        state = State.PASSED
        return Seen(check=check, at=at, lab=lab, first=False, state=state, observation=None)

    found = acts(
        typed("two", 2),
        typed("one", 1),
        seen=(
            seen("x.b", "2026-11-20T10:01:30Z"),
            seen("x.c", "2026-11-20T10:01:30Z"),
            seen("x.b", "2026-11-20T10:03:00Z"),
            seen("x.d", "2026-11-20T10:03:00Z"),
            seen("x.e", "2026-11-20T10:03:00Z", lab="b"),
        ),
    )
    assert found == [
        Command(typed("one", 1)),
        Held("2026-11-20T10:01:30Z", ("x.b", "x.c")),
        Command(typed("two", 2)),
        Held("2026-11-20T10:03:00Z", ("x.d",)),
    ]


@pytest.mark.parametrize(
    ("command", "check"),
    [
        ("2026-11-20T10:00:41Z", "2026-11-20T10:00:41.936Z"),
        ("2026-11-20T10:00:41.120Z", "2026-11-20T10:00:41.936Z"),
        ("2026-11-20T10:00:41.120Z", "2026-11-20T10:00:42Z"),
    ],
)
def test_what_held_within_the_second_of_a_command_held_after_it(command: str, check: str) -> None:
    line = replace(typed("docker ps"), at=command)
    held = Seen(
        check="first.runs", at=check, lab="a", first=True, state=State.PASSED, observation=None
    )
    assert acts(line, seen=(held,)) == [Command(line), Held(check, ("first.runs",))]
