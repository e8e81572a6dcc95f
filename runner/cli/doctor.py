"""`doctor`: what stands in the way of labs on this machine, each thing with its remedy."""

from __future__ import annotations

import json
from argparse import Namespace

from runner.cli.face import Face
from runner.cli.parser import Parser
from runner.cli.text import pad, safe, width, wrap
from runner.errors import Exit
from runner.lab.doctor import Finding, Health, examine
from runner.lab.names import owner
from runner.words import mark, tell, translate

_WORDS = {Health.OK: mark("ok"), Health.WARN: mark("narrow"), Health.BAD: mark("BAD")}
_STYLES = {Health.OK: "green", Health.WARN: "yellow", Health.BAD: "red"}


def arguments(parser: Parser) -> None:
    """Declare what the command takes."""
    parser.add_argument("--json", action="store_true", help=translate("as JSON"))


def run(options: Namespace, face: Face) -> int:
    """Examine and write; the exit status is 1 where labs cannot work."""
    findings = examine(owner())
    if options.json:
        json.dump([_data(finding) for finding in findings], face.out, ensure_ascii=False, indent=2)
        face.say()
    else:
        column = max(width(translate(word)) for word in _WORDS.values())
        for finding in findings:
            _show(finding, column, face)
    bad = any(finding.state is Health.BAD for finding in findings)
    return int(Exit.FAILED if bad else Exit.OK)


def _data(finding: Finding) -> dict[str, object]:
    data = finding.to_json() | {"message": tell(finding.message)}
    if finding.remedy is not None:
        data["remedy"] = tell(finding.remedy)
    return data


def _show(finding: Finding, column: int, face: Face) -> None:
    label = pad(translate(_WORDS[finding.state]), column)
    words = f"{finding.name}: {tell(finding.message)}"
    lines = wrap(safe(words), face.columns, first=f"{label}  ")
    face.say(face.paint(_STYLES[finding.state], label) + lines[0][len(label) :])
    for line in lines[1:]:
        face.say(line)
    indent = " " * (column + 4)
    if finding.remedy is not None:
        for line in wrap(safe(tell(finding.remedy)), face.columns, first=indent):
            face.say(line)
    for line in safe(finding.details).strip().splitlines()[-5:]:
        face.say(face.paint("dim", f"{indent}| {line}"))
