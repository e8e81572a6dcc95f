"""What is wrong in a lesson file is told with its line and a sentence, all of it at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from runner.course.lesson_file import load_lesson
from runner.errors import CourseError
from tests.course.books import GOOD, spoiled, write_lesson

HERE = "←"
"""Stands in a comment on the line that must be named."""

# name, what is replaced in the good lesson, with what, the sentence, the remedy (its beginning)
BAD: list[tuple[str, str, str, str, str]] = [
    (
        "unknown key",
        "minutes: 12",
        "minutes: 12\nrecapp: x # ←",
        "There is no key `recapp` here.",
        "Did you mean `recap`?",
    ),
    (
        "unknown key of a check",
        "        otherwise: See docker ps -a.",
        "        otherwize: See docker ps -a. # ←",
        "There is no key `otherwize` here.",
        "Did you mean `otherwise`?",
    ),
    (
        "unknown matcher",
        'stdout: {json: {"[0].State.Running": true}}',
        'stdout: {jsn: {"[0].State.Running": true}} # ←',
        "There is no key `jsn` here.",
        "Did you mean `json`?",
    ),
    (
        "key twice",
        "minutes: 12",
        "minutes: 12\nminutes: 13 # ←",
        "`minutes` already stands on line 5.",
        "",
    ),
    (
        "list where a text belongs",
        "title: Link aliases",
        "title: [Link, aliases] # ←",
        "`title` wants a text, here stands a list.",
        "A text that begins with a bracket needs quotes.",
    ),
    (
        "word where a number belongs",
        "minutes: 12",
        "minutes: twelve # ←",
        "`minutes` wants a whole number, here stands `twelve`.",
        "",
    ),
    (
        "quoted number",
        "minutes: 12",
        'minutes: "12" # ←',
        "`minutes` wants a whole number, here stands `12`.",
        "",
    ),
    (
        "nothing written",
        "title: Link aliases",
        "title: # ←",
        "`title` wants a text, here stands nothing.",
        "",
    ),
    (
        "missing key",
        "format: 1\nid: lesson-07",
        "id: lesson-07 # ←",
        "`format` is missing here.",
        "",
    ),
    (
        "text torn by a comma",
        "no: {because: It does.}",
        "no: {because: It does, and more.} # ←",
        "There is no key `and more.` here.",
        "A text with a comma inside `{…}` needs quotes.",
    ),
    (
        "newer format",
        "format: 1\n",
        "format: 2 # ←\n",
        "This is format 2; known is 1.",
        "A newer learn-docker-net may read it.",
    ),
    (
        "odd id",
        "id: lesson-07",
        "id: lesson # ←",
        "`lesson` is not an id of a lesson.",
        "Write `lesson-07`",
    ),
    (
        "id with a capital",
        "- id: tidy",
        "- id: Tidy # ←",
        "`id` wants a name of small letters, digits and hyphens, here stands `Tidy`.",
        "",
    ),
    (
        "step twice",
        "- id: tidy",
        "- id: link # ←",
        "The id `link` is taken on line 32.",
        "",
    ),
    (
        "check twice",
        "- id: in-hosts",
        "- id: linked # ←",
        "The id `linked` is taken on line 51.",
        "",
    ),
    (
        "unknown host",
        "    host: docker\n",
        "    host: dokcer # ←\n",
        "The lesson has no lab host `dokcer`.",
        "Did you mean `docker`?",
    ),
    (
        "unknown host of a command",
        "- {host: second, do: docker ps}",
        "- {host: third, do: docker ps} # ←",
        "The lesson has no lab host `third`.",
        "Known here: docker, second.",
    ),
    (
        "need of nothing",
        "needs: [linked, start.running]",
        "needs: [linked, start.runing] # ←",
        "There is no check `start.runing` to need.",
        "Did you mean `start.running`?",
    ),
    (
        "need of a later step",
        "        capture:",
        "        needs: tidy.gone # ←\n        capture:",
        "`tidy.gone` belongs to a later step.",
        "",
    ),
    (
        "needs in a ring",
        '        probe: {linked: {from: linker, to: "%{target}", alias: "%{alias}"}}',
        '        probe: {linked: {from: linker, to: "%{target}", alias: "%{alias}"}}\n'
        "        needs: [in-hosts] # ←",
        "Checks need each other in a ring: linked → in-hosts → linked.",
        "",
    ),
    (
        "undoes nothing",
        "undoes: [link.linked]",
        "undoes: [link.liked] # ←",
        "There is no check `link.liked` to undo.",
        "Did you mean `link.linked`?",
    ),
    (
        "undoes itself",
        "undoes: [link.linked]",
        "undoes: [tidy.gone] # ←",
        "`tidy.gone` is not a check of an earlier step.",
        "",
    ),
    (
        "wrong way that fails nothing known",
        "fails: [linked]}",
        "fails: [link]} # ←",
        "The step has no check `link`.",
        "Did you mean `linked`?",
    ),
    (
        "wrong way that fails nothing",
        "fails: [linked]}",
        "fails: []} # ←",
        "A wrong way must fail a check at least.",
        "",
    ),
    (
        "negation without control",
        "      - id: gone\n",
        "      - id: gone2 # ←\n        say: x\n        run: cat\n        stdout: {lacks: x}\n"
        "      - id: gone\n",
        "`gone2` says that something is not so, and has no `control`.",
        "Add `control:`",
    ),
    (
        "probe that makes no sense",
        "      - id: gone\n",
        "      - id: same\n        say: x\n        probe:\n          linked: {from: a, to: a} # ←\n"
        "      - id: gone\n",
        "`from` and `to` are the same container.",
        "",
    ),
    (
        "negated control",
        "control: {run: docker version}",
        "control: {run: docker version, exit: 1} # ←",
        "A control must be positive: this one is negated too.",
        "",
    ),
    (
        "engines without because",
        "    undoes: [link.linked]",
        '    undoes: [link.linked]\n    engines: ">=26" # ←',
        "`engines` needs `because`: what the learner is told elsewhere.",
        "",
    ),
    (
        "no engine range",
        'engines: ">=20.10"',
        "engines: 20.10 # ←",
        "`engines` wants engine versions such as `>=20.10` or `>=20.10,<28`, here stands `20.10`.",
        "",
    ),
    (
        "answer that is no choice",
        "answer: yes",
        "answer: yess # ←",
        "`yess` is not among the choices.",
        "Did you mean `yes`?",
    ),
    (
        "fault that is no choice",
        "answer: yes",
        'answer: "%{target}" # ←',
        "`db01` is not among the choices.",
        "",
    ),
    (
        "choice and value at once",
        "      - id: guess\n",
        "      - id: guess # ←\n        knows: hostname\n",
        "A question has `choose` or `knows`, and not both.",
        "",
    ),
    (
        "neither choice nor value",
        "      - id: address\n        say: Which address has it?\n"
        "        knows: docker inspect %{target}\n",
        "      - id: address # ←\n        say: Which address has it?\n",
        "A question has `choose` or `knows`, and not both.",
        "",
    ),
    (
        "wrong choice that is right",
        "no: {because: It does.}",
        "yes: {because: It does.} # ←",
        "`yes` is not one of the wrong choices.",
        "",
    ),
    (
        "default outside its choices",
        "target: {default: web01, choose: [web01, app01, db01]}",
        "target: {default: web02, choose: [web01, app01, db01]} # ←",
        "The default `web02` lies outside its own range.",
        "",
    ),
    (
        "default outside its bounds",
        "port: {default: 8080, between: [8000, 8999]}",
        "port: {default: 80, between: [8000, 8999]} # ←",
        "The default `80` lies outside its own range.",
        "",
    ),
    (
        "default that is not what it is made of",
        'alias: {default: web01-alias, from: "%{target}-alias"}',
        'alias: {default: web-alias, from: "%{target}-alias"} # ←',
        "With the other defaults, `from` makes `web01-alias` of `alias`.",
        "",
    ),
    (
        "variable made of itself",
        'alias: {default: web01-alias, from: "%{target}-alias"}',
        'alias: {default: x, from: "%{other}"}\n  other: {default: x, from: "%{alias}"} # ←',
        "`other` is made of itself in the end.",
        "",
    ),
    (
        "value with a blank",
        "port: {default: 8080, between: [8000, 8999]}",
        "port: {default: 80 80} # ←",
        "`80 80` cannot be a variable's value.",
        "Use letters",
    ),
    (
        "each of nothing to choose from",
        "port: {default: 8080, between: [8000, 8999]}",
        "port: {default: 8080, between: [8000, 8999], each: true} # ←",
        "`each` goes with `choose`: which values are to be played?",
        "",
    ),
    (
        "each of two variables",
        "target: {default: web01, choose: [web01, app01, db01]}",
        "target: {default: web01, choose: [web01, app01, db01], each: true}\n"
        "  fault: {default: a, choose: [a, b], each: true} # ←",
        "One variable of a lesson has `each` at most.",
        "",
    ),
    (
        "two ranges",
        "port: {default: 8080, between: [8000, 8999]}",
        "port: {default: 8080, between: [8000, 8999], choose: [1, 2]} # ←",
        "A variable has one of `choose`, `between` and `from`.",
        "",
    ),
    (
        "unknown variable",
        "      It is `%{target}`.",
        "      It is.\n      It is `%{tarket}`. ←",
        "Nothing here is known by the name `%{tarket}`.",
        "Did you mean `target`?",
    ),
    (
        "captured value without need",
        "solution: docker rm -f linker",
        "solution: docker rm -f %{id12} # ←",
        "Nothing here is known by the name `%{id12}`.",
        "Declare it",
    ),
    (
        "curl's own sign",
        "solution: docker rm -f linker",
        "solution: curl -w '%{http_code}' x # ←",
        "Nothing here is known by the name `%{http_code}`.",
        "Declare it under `variables`, need the check that captures it, or write `%%{`",
    ),
    (
        "regular expression",
        """{matches: '"Id": "(\\w{12})'}""",
        """{matches: '"Id": "(\\w{12}'} # ←\n         """,
        "The regular expression does not compile: "
        "missing ), unterminated subpattern at position 7.",
        "",
    ),
    (
        "regular expression without end",
        """{matches: '"Id": "(\\w{12})'}""",
        """{matches: '"Id": "((\\w+)*)"'} # ←\n         """,
        "The regular expression may take for ever: a repeat in it holds another one, or choices, "
        "that begin as what follows them does.",
        "",
    ),
    (
        "JSON path",
        '"[0].State.Running": true',
        '"[0].State..Running": true # ←\n           ',
        "`[0].State..Running` is not a JSON path, from `..Running` on.",
        "Write it as",
    ),
    (
        "unknown probe",
        "probe: {linked: ",
        "probe: {liked: # ←\n           ",
        "There is no probe `liked`.",
        "Did you mean `linked`?",
    ),
    (
        "probe and command",
        "        run: docker exec linker cat /etc/hosts",
        "        run: docker exec linker cat /etc/hosts # ←\n"
        "        probe: {running: {container: linker}}",
        "`run` cannot stand beside `probe`.",
        "",
    ),
    (
        "no assertion",
        "      - id: gone\n",
        "      - id: nothing # ←\n        say: x\n      - id: gone\n",
        "Nothing is asserted here.",
        "Write `run:`",
    ),
    (
        "length of time",
        "timeout: 10s",
        "timeout: 10 seconds # ←",
        "`timeout` wants a length of time such as `5s`, `500ms` or `2m`, here stands `10 seconds`.",
        "",
    ),
    (
        "no time at all",
        "timeout: 10s",
        "timeout: 0 # ←",
        "`timeout` must be above zero.",
        "",
    ),
    (
        "unknown role",
        "        timeout: 10s",
        "        role: gived # ←",
        "`role` wants one of `normal`, `control`, `given`, here stands `gived`.",
        "Did you mean `given`?",
    ),
    (
        "truth by another word",
        "        timeout: 10s",
        "        engine: yes # ←",
        "`engine` wants `true` or `false`, here stands `yes`.",
        "",
    ),
    (
        "shell on one line",
        "    solution: docker rm -f linker",
        "    solution: docker rm -f 'linker # ←",
        "The shell is still open at its end: a quote, a bracket, `then`, `do` or a here-document.",
        "",
    ),
    (
        "shell in a block",
        "        docker start linker",
        "        docker start linker\n        for x in 1; do )  # ←\n        done",
        "The shell does not parse: syntax error near unexpected token `)'.",
        "",
    ),
    (
        "colon in a text",
        "title: Link aliases",
        "title: Link: aliases # ←",
        "There is a colon where none can stand.",
        "A text that holds `: ` needs quotes",
    ),
    (
        "star in front",
        "title: Link aliases",
        "title: *aliases # ←",
        "No anchor of this name stands above.",
        "A text that begins with `*` needs quotes.",
    ),
    (
        "custom tag",
        "title: Link aliases",
        "title: !!python/object:os.system x # ←",
        "The tag `!!python/object:os.system` is not read here.",
        "Write the value without a tag.",
    ),
    (
        "second document",
        "minutes: 12",
        "minutes: 12\n--- # ←",
        "A second document begins here.",
        "One file holds one",
    ),
]


def problems_of(path: Path) -> list[tuple[int, str, str]]:
    with pytest.raises(CourseError) as caught:
        load_lesson(path, strict=True)
    return [(p.place.line, str(p.message), str(p.remedy or "")) for p in caught.value.problems]


@pytest.mark.parametrize(
    ("old", "new", "sentence", "remedy"), [bad[1:] for bad in BAD], ids=[bad[0] for bad in BAD]
)
def test_each_mistake_is_told(
    tmp_path: Path, old: str, new: str, sentence: str, remedy: str
) -> None:
    text = spoiled((old, new))
    line = next(n for n, words in enumerate(text.split("\n"), 1) if HERE in words)
    found = problems_of(write_lesson(tmp_path, text))
    told = [(at, words) for at, words, _ in found]
    assert (line, sentence) in told
    assert next(r for at, words, r in found if words == sentence).startswith(remedy)


def test_the_good_lesson_has_none(tmp_path: Path) -> None:
    assert load_lesson(write_lesson(tmp_path), strict=True).id == "lesson-07"


def test_all_mistakes_are_told_at_once_in_order(tmp_path: Path) -> None:
    text = spoiled(
        ("minutes: 12", "minuten: 12"),
        ("host: docker\n", "host: dokcer\n"),
        ("undoes: [link.linked]", "undoes: [link.liked]"),
        ("solution: docker rm -f linker", "solution: docker rm -f %{lnk}"),
        ("    title: Gone again\n", ""),
    )
    lines = [line for line, *_ in problems_of(write_lesson(tmp_path, text))]
    assert lines == sorted(lines)
    assert len(lines) == 6  # the misspelt key is missing as well


def test_a_broken_check_does_not_make_what_needs_it_wrong(tmp_path: Path) -> None:
    text = spoiled(("probe: {linked: {from", "probe: {linked: {fromm"))
    found = problems_of(write_lesson(tmp_path, text))
    assert {line for line, *_ in found} == {GOOD[: GOOD.index("probe: {linked")].count("\n") + 1}


def test_places_have_columns(tmp_path: Path) -> None:
    text = spoiled(("answer: yes", "answer: yess"))
    with pytest.raises(CourseError) as caught:
        load_lesson(write_lesson(tmp_path, text))
    (problem,) = caught.value.problems
    assert problem.place.column == len("        answer: ") + 1
    assert str(problem.place).endswith(f"lesson-07-aliases.yaml:{problem.place.line}:17")
