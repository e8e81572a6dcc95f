"""What a lab knows of its learner: what its shells logged, which files under /etc and /root are not
as in a clean lab.

Taken by our own agent and the lab's read-only Python, so that a replaced `bash` or `cat` changes
nothing; yet whoever is root there can change log and files themselves.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from checks.asking import Lab, Run
from checks.message import msg
from runner.errors import LearnError
from runner.learn.shell_log import read_log

TIMEOUT = 20.0
"""Seconds for one slice."""
LARGEST = 16 * 1024 * 1024
"""Bytes of what comes out of a lab, unpacked."""
_TRIES = 3
_MARK = "LDN_TRACES_END"


def take_traces(lab: Lab, lab_id: str, since: str = "") -> dict[str, Any]:
    """Take the traces of all lab hosts, as plain data that `runner.grade.traces_json` reads.

    A host that does not answer has none, and the whole is called cut. Raises nothing.
    """
    hosts: dict[str, Any] = {}
    cut = False
    for host in lab.hosts:
        try:
            found = _of_host(lab, host)
        except LearnError:
            cut = True
            continue
        rows, shortened = read_log(str(found.get("log", "")))
        files = found.get("files")
        hosts[host] = {"log": rows, "files": files if isinstance(files, list) else []}
        cut = cut or shortened or bool(found.get("cut"))
    return {"lab": lab_id, "engine": lab.engine, "since": since, "cut": cut, "hosts": hosts}


def _of_host(lab: Lab, host: str) -> dict[str, Any]:
    for _ in range(_TRIES):
        with contextlib.suppress(_Changed):
            return _unpacked(host, _slices(lab, host))
    raise _silent(host)


class _Changed(Exception):
    """Between two slices something was typed or changed."""


def _slices(lab: Lab, host: str) -> str:
    packed, length, digest = _slice(lab, host, 0)
    while len(packed) < length:
        more, *same = _slice(lab, host, len(packed))
        if same != [length, digest] or not more:
            raise _Changed
        packed += more
    return packed


def _slice(lab: Lab, host: str, offset: int) -> tuple[str, int, str]:
    script = f"/ldn/bin/python3 -I -S - {offset} <<'{_MARK}'\n{_program()}\n{_MARK}\n"
    answer = lab.ask(host, Run(script, timeout=TIMEOUT, engine=False))
    if not answer.ended or answer.status != 0:
        raise _silent(host, answer.stderr)
    head, _, packed = answer.stdout.partition("\n")
    length, _, digest = head.partition(" ")
    if not length.isdecimal() or not 0 < int(length) <= LARGEST:
        raise _silent(host, head)
    return packed.strip(), int(length), digest


def _unpacked(host: str, packed: str) -> dict[str, Any]:
    try:
        unpacking = zlib.decompressobj()
        data = unpacking.decompress(base64.b64decode(packed), LARGEST)
        found = json.loads(data)
    except (binascii.Error, zlib.error, ValueError, RecursionError) as error:
        raise _silent(host, str(error)) from error
    if not isinstance(found, dict):
        raise _silent(host)
    return found


def _silent(host: str, said: str = "") -> LearnError:
    return LearnError(
        msg("The lab host {host} does not tell what was typed and changed.", host=host),
        remedy=msg("`learn-docker-net doctor` tells more."),
        details=said,
    )


@lru_cache(maxsize=1)
def _program() -> str:
    return Path(__file__).with_name("inside_traces.py").read_text(encoding="utf-8")
