"""Whether shell texts parse, all of a course in one bash process.

Starting `bash -n` for each of a lesson's hundred texts takes longer than everything else that lint
does. So one bash gets them all and parses each inside the body of a function, in one command that
begins with `return`: the body is parsed to its end before the `return` is obeyed, and nothing after
it ever is. A text that closes the body by itself would hide what follows; therefore each is parsed
inside `if … fi` as well: whatever closes the one is an error in the other. No text is executed.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass

from yaml.nodes import ScalarNode

from checks.fill import finish
from checks.message import Message, msg
from runner.course.yaml_nodes import Document
from runner.errors import LearnError, Problem

_PARSER = """
parse() { eval "return 7; $1"; }
printf '\\1start\\n' >&2
number=0
while IFS= read -r -d '' text; do
    printf '\\1%d\\n' "$number" >&2
    parse "ldn_body() { :
$text
}"
    parse "if :; then :
$text
fi"
    number=$((number + 1))
done
printf '\\1end\\n' >&2
"""
_OPTIONS = ("--noprofile", "--norc", "--restricted", "-c", _PARSER)
_ENVIRONMENT = {"PATH": "/nowhere", "LC_ALL": "C.UTF-8"}
_LIMIT = 60.0
"""Seconds for all texts together; 10,000 of them take about one."""
_CALIBRATION = "a && || b"
"""An error on its first line: the versions of bash count the lines of an `eval` differently."""
_LINE = re.compile(r"line (\d+): (.*)$")
_AT_LINE = re.compile(r" at line \d+")
_PLACEHOLDER = re.compile(r"%\{[^{}\n]*\}")


@dataclass(frozen=True, slots=True)
class Script:
    """A shell text and where it stands."""

    document: Document
    node: ScalarNode
    text: str
    first_line: int = 1
    """Of the text within the node."""


def check_scripts(scripts: Sequence[Script]) -> list[Problem]:
    """Give a problem for each text that bash cannot parse; LearnError where there is no bash."""
    texts = [_prepared(script.text) for script in scripts]
    return [
        Problem(
            scripts[number].document.place(
                scripts[number].node, scripts[number].first_line - 1 + line
            ),
            message,
        )
        for number, (line, message) in sorted(parse_all(texts).items())
    ]


def _prepared(text: str) -> str:
    """Put a word for each value, and one for our own two marks, which only escapes can write."""
    return _PLACEHOLDER.sub("x", finish(text)).replace("\0", "?").replace("\1", "?")


def parse_all(texts: Sequence[str]) -> dict[int, tuple[int, Message]]:
    """Give line (from 1) and what is wrong for each text that does not parse, by its number."""
    complaints: dict[int, tuple[int, Message]] = {}
    first = 0
    while first < len(texts):
        said = _parse([_CALIBRATION, *texts[first:]])
        if len(said) < 2:
            raise LearnError(msg("bash does not do as expected, so the shell cannot be parsed."))
        offset = _words(said[0])[0] - 1
        for number in range(1, min(len(said), len(texts) - first + 1)):
            line, words = _words(said[number])
            if words:
                text = texts[first + number - 1]
                complaints[first + number - 1] = _complaint(text, line - offset, words)
        # A broken `$(` ends bash itself: go on behind the text that it was reading.
        first += len(said) - 1
    return complaints


def _parse(texts: Sequence[str]) -> list[list[str]]:
    """Run bash once; give its words on each text, as far as it got."""
    bash = shutil.which("bash")
    if bash is None:
        raise LearnError(
            msg("There is no bash on this machine, so the lessons' shell cannot be parsed."),
            remedy=msg("Install bash."),
        )
    with tempfile.TemporaryFile() as file:
        file.write(b"".join(text.encode(errors="replace") + b"\0" for text in texts))
        file.seek(0)
        try:
            done = subprocess.run(
                [bash, *_OPTIONS],
                stdin=file,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=_ENVIRONMENT,
                timeout=_LIMIT,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise LearnError(msg("Parsing the lessons' shell took too long.")) from None
    parts = done.stderr.decode(errors="replace").split("\1")[2:]
    return [part.splitlines()[1:] for part in parts if not part.startswith("end\n")]


def _words(lines: list[str]) -> tuple[int, str]:
    """Take the line number and the words of the first complaint; 0 and nothing without one."""
    for line in lines:
        match = _LINE.search(line)
        if match is not None:
            return int(match[1]), _AT_LINE.sub("", match[2]).strip()
    return (0, "") if not any(lines) else (0, lines[0])


def _complaint(text: str, line: int, words: str) -> tuple[int, Message]:
    last = text.rstrip("\n").count("\n") + 1
    if line > last or "EOF" in words:
        return min(max(line, 1), last), msg(
            "The shell is still open at its end: "
            "a quote, a bracket, `then`, `do` or a here-document."
        )
    return max(line, 1), msg("The shell does not parse: {said}.", said=words)
