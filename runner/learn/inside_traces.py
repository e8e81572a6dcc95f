"""Run inside a lab host, by the lab's own Python: prints what was changed there and typed there.

Arguments: the offset of the slice wanted. The whole is JSON through zlib and base64; of it a slice
is printed that an agent's answer holds, after a line with the whole's length and digest.
Only the standard library: this file's text travels to the lab.
"""

import base64
import hashlib
import json
import os
import stat
import sys
import zlib
from typing import Any

BEGUN = "/var/lib/misc/begun"
"""Its time is that of the lab host's first start; what changed later is the learner's."""
ROOTS = ("/etc", "/root")
LOG = "/var/log/learn-docker-net/shell.log"
PACKAGES = "/var/lib/dpkg/info"
OURS = ("/etc/machine-id", "/etc/mtab", "/etc/.updated", "/etc/.pwd.lock", "/root/.bash_history")
"""The start of the server changes these; the history is in the log."""
SLICE = 180_000
ONE = 256 * 1024
ALL = 2 * 1024 * 1024
LOG_TAIL = 512 * 1024
ENTRIES = 2_000


def changed(begun: float, roots: tuple[str, ...]) -> tuple[list[dict[str, Any]], bool]:
    """Give the files whose content, mode or name is newer than the lab, and whether any are cut."""
    found: list[dict[str, Any]] = []
    room = ALL
    cut = False
    for root in roots:
        for folder, folders, files in os.walk(root):
            folders.sort()
            links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
            for name in sorted(files + links):
                path = os.path.join(folder, name)
                entry = look(path, begun, room)
                if entry is None:
                    continue
                if len(found) == ENTRIES:
                    return found, True
                room -= entry["size"] if "content" in entry else 0
                cut = cut or entry["change"] == "left out"
                found.append(entry)
    return found, cut


def look(path: str, begun: float, room: int) -> "dict[str, Any] | None":
    """Give one file as an entry; None where it is as old as the lab, or gone meanwhile."""
    try:
        path.encode()
        facts = os.lstat(path)
        if facts.st_ctime <= begun or path in OURS:
            return None
        entry: dict[str, Any] = {"path": path, "mode": stat.S_IMODE(facts.st_mode)}
        entry["size"] = facts.st_size
        if stat.S_ISLNK(facts.st_mode):
            return {**entry, "change": "link", "target": os.readlink(path)}
        if not stat.S_ISREG(facts.st_mode) or facts.st_size > min(ONE, room):
            return {**entry, "change": "left out"}
        with open(path, "rb") as file:
            content = file.read(facts.st_size)
    except (OSError, UnicodeError):
        return None
    return {**entry, "change": "written", "content": base64.b64encode(content).decode()}


def removed(begun: float, roots: tuple[str, ...], packages: str) -> list[dict[str, Any]]:
    """Give the packages' files that are gone from folders in which something changed."""
    found = []
    young: dict[str, bool] = {}
    try:
        lists = sorted(name for name in os.listdir(packages) if name.endswith(".list"))
    except OSError:
        return []
    for name in lists:
        with open(os.path.join(packages, name), errors="replace") as file:
            for path in map(str.strip, file):
                if not path.startswith(tuple(f"{root}/" for root in roots)):
                    continue
                folder = os.path.dirname(path)
                if folder not in young:
                    young[folder] = newer(folder, begun)
                if young[folder] and not os.path.lexists(path):
                    found.append({"path": path, "change": "removed"})
    return found[:ENTRIES]


def newer(folder: str, begun: float) -> bool:
    """Tell whether a folder, or the nearest above that is still there, was changed."""
    while folder != "/":
        try:
            return os.lstat(folder).st_ctime > begun
        except OSError:
            folder = os.path.dirname(folder)
    return False


def log(path: str) -> tuple[str, bool]:
    """Give the end of the shells' log, from a whole line on."""
    try:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            file.seek(max(0, size - LOG_TAIL))
            data = file.read(LOG_TAIL)
    except OSError:
        return "", False
    if size > LOG_TAIL:
        data = data.partition(b"\n")[2]
    return data.decode("utf-8", "replace"), size > LOG_TAIL


def whole(begun: str = BEGUN, roots: tuple[str, ...] = ROOTS, packages: str = PACKAGES) -> bytes:
    """Give everything, packed."""
    try:
        since = os.stat(begun).st_ctime
    except OSError:
        since = float("inf")
    files, cut = changed(since, roots)
    typed, cut_log = log(LOG)
    files += removed(since, roots, packages)
    data = {"files": files, "log": typed, "cut": cut or cut_log}
    return base64.b64encode(zlib.compress(json.dumps(data).encode()))


if __name__ == "__main__":
    packed = whole()
    offset = int(sys.argv[1])
    print(len(packed), hashlib.sha256(packed).hexdigest())
    print(packed[offset : offset + SLICE].decode())
