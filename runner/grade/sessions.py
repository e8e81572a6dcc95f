"""Which commands wait for somebody at the keyboard, and which go on until somebody ends them.

Told from a command's words alone; what a learner really did with a program nobody has logged.
"""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

EDITORS = frozenset(
    ["vi", "vim", "nvim", "nano", "pico", "emacs", "ed", "joe", "micro", "mcedit", "view"]
)
_SCREENS = frozenset(
    ["less", "more", "man", "top", "htop", "watch", "mc", "tmux", "screen", "ssh", "telnet"]
)
_SHELLS = frozenset(["bash", "sh", "ash", "dash", "zsh"])
_TALKERS = {
    "mysql": ("-e", "--execute"),
    "mariadb": ("-e", "--execute"),
    "psql": ("-c", "--command", "-f", "--file", "-l", "--list"),
}
"""Programs with a prompt of their own, and the options by which they show none."""
_INTERPRETERS = frozenset(["python", "python3", "node", "irb", "bc", "ftp", "sftp"])
_FOLLOW = frozenset({"-f", "--follow", "-F"})
_FLAGS = "ditPqT"
"""Short options of `docker run` and `exec` that take no value."""
_LONG_FLAGS = frozenset(
    [
        *("--detach", "--interactive", "--tty", "--publish-all", "--quiet", "--rm", "--init"),
        *("--privileged", "--read-only", "--no-healthcheck", "--oom-kill-disable", "--sig-proxy"),
        *("--no-TTY", "--no-deps", "--service-ports", "--use-aliases", "--build"),
    ]
)


def is_session(words: Sequence[str]) -> bool:
    """Tell whether a command waits for somebody at the keyboard."""
    program, rest = posixpath.basename(words[0]), words[1:]
    if program in EDITORS or program in _SCREENS:
        return True
    if program == "nsenter":
        return posixpath.basename(words[-1]) in _SHELLS
    if program in _SHELLS:
        return all(word.startswith("-") and "c" not in word for word in rest)
    if program in ("tail", "journalctl"):
        return bool(_FOLLOW & set(rest))
    if program in ("docker", "docker-compose"):
        return _is_docker_session(_of_docker(words))
    return _is_prompt(program, rest)


def is_endless(words: Sequence[str]) -> bool:
    """Tell whether a command goes on until somebody presses Ctrl-C."""
    program, rest = posixpath.basename(words[0]), words[1:]
    short = [word for word in rest if word.startswith("-") and not word.startswith("--")]
    if program in ("ping", "ping6", "arping"):
        return not any(word.startswith(("-c", "-w")) for word in short)
    if program == "tcpdump":
        return not any(word.startswith("-c") for word in short)
    if program in ("nc", "ncat", "netcat"):
        return any("l" in word for word in short)
    if program in ("docker", "docker-compose"):
        verb, *rest = _of_docker(words) or [""]
        if verb == "up":
            return not {"-d", "--detach", "--wait"} & set(rest)
        inner = _inside(rest)[1] if verb in ("run", "exec") else []
        return bool(inner) and is_endless(inner)
    return False


def _is_prompt(program: str, rest: Sequence[str]) -> bool:
    if any(word.startswith("<") for word in rest):
        return False
    if program in _TALKERS:
        return not any(word.startswith(_TALKERS[program]) for word in rest)
    if program == "redis-cli":
        return _words_of(rest, "h p a n u s") == []
    if program == "cat":
        return not rest or rest[0].startswith(">")
    return program in _INTERPRETERS and all(word in ("-i", "-q") for word in rest)


def _words_of(rest: Sequence[str], valued: str) -> list[str]:
    """Give what is no option and no option's value."""
    found, skip = [], False
    for word in rest:
        if not skip and not word.startswith("-"):
            found.append(word)
        skip = not skip and word.startswith("-") and word[1:] in valued.split()
    return found


def _of_docker(words: Sequence[str]) -> list[str]:
    """Give a docker command from its verb on, `compose` and `container` left out."""
    rest = list(words[1:])
    compose = posixpath.basename(words[0]) == "docker-compose"
    while rest and (rest[0] in ("container", "compose") or (compose and rest[0].startswith("-"))):
        compose = compose or rest[0] == "compose"
        valued = rest[0] in ("-f", "-p", "--file", "--project-name", "--profile", "--env-file")
        rest = rest[2:] if valued else rest[1:]
    if compose and rest[:1] in (["exec"], ["run"]):
        rest.insert(1, "-it")  # as compose has it where nobody says otherwise
    return rest


def _is_docker_session(words: Sequence[str]) -> bool:
    verb, *rest = words or [""]
    if verb in ("attach", "events"):
        return True
    if verb == "stats":
        return "--no-stream" not in rest
    if verb == "logs":
        return bool(_FOLLOW & set(rest))
    if verb not in ("exec", "run", "start"):
        return False
    options, inner = _inside(rest)
    if not _asks(options):
        return False
    return verb == "start" or not inner or is_session(inner)


def _inside(rest: Sequence[str]) -> tuple[list[str], list[str]]:
    """Give the options of `run` or `exec`, and the command that stands behind the container."""
    index = 0
    while index < len(rest) and rest[index].startswith("-"):
        index += 2 if _takes_next(rest[index]) else 1
    return list(rest[:index]), list(rest[index + 1 :])


def _takes_next(option: str) -> bool:
    if option.startswith("--"):
        return "=" not in option and option not in _LONG_FLAGS
    return option[-1] not in _FLAGS and all(letter in _FLAGS for letter in option[1:-1])


def _asks(options: Sequence[str]) -> bool:
    """Tell whether the keyboard is handed on: `-i`, alone or among other letters."""
    return "--interactive" in options or any(
        word[:1] == "-" and "i" in word[1:] and all(letter in f"{_FLAGS}a" for letter in word[1:])
        for word in options
    )
