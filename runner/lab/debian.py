"""Debian trixie as an image: pulled where a registry answers, else made from Debian's packages."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Sequence

from checks.message import Message, msg
from runner.errors import LearnError
from runner.lab.build import MIRROR_VARIABLE, Pace, Progress
from runner.lab.outer import Docker, Done, end, follow
from runner.lab.recipe import DEBIAN, FOLDER

PUBLIC = "debian:trixie-slim"
REGISTRY_PATIENCE = 10.0
"""Seconds that a registry gets for its first word; after that it counts as out of reach."""
LOCK_PATIENCE = 120
"""Seconds that another program which installs packages gets to end."""
WORTH_SAYING = 2.0
"""Seconds of silence after which the registry's is told, and then again."""
MIRROR = "http://deb.debian.org/debian"
MAKER = "mmdebstrap"

Consent = Callable[[Message], bool]
"""Asks the person whether something may be done; True where they agree."""


def ensure_debian(docker: Docker, progress: Progress, consent: Consent) -> None:
    """See to it that `DEBIAN` is in the outer engine.

    Raises `LearnError` where there is neither a registry nor a way to make it.
    """
    if docker.run("image", "inspect", DEBIAN).ok:
        return
    had = docker.run("image", "inspect", PUBLIC).ok
    if had or _pull(docker, progress):
        docker.check("tag", PUBLIC, DEBIAN)
        if not had:
            docker.run("rmi", PUBLIC)  # takes the name away, the image stays under ours
        return
    _need_maker(progress, consent)
    _make(docker, progress)


def _pull(docker: Docker, progress: Progress) -> bool:
    progress(msg("Asking the registry for Debian."))
    heard = threading.Event()

    def line(text: str) -> None:
        if "Pulling from" in text:
            heard.set()
            progress(msg("Pulling Debian from the registry."))

    process = docker.start("pull", PUBLIC)
    watch = threading.Thread(target=_give_up, args=(process, heard, progress), daemon=True)
    watch.start()
    try:
        assert process.stdout is not None  # noqa: S101  (PIPE is what `start` asks for)
        for raw in process.stdout:
            line(raw.decode("utf-8", "replace"))
        return process.wait() == 0
    finally:
        heard.set()
        end(process)


def _give_up(process: subprocess.Popen[bytes], heard: threading.Event, progress: Progress) -> None:
    until = time.monotonic() + REGISTRY_PATIENCE
    while not heard.wait(max(0.0, min(WORTH_SAYING, until - time.monotonic()))):
        if time.monotonic() >= until:
            end(process)
            return
        progress(
            msg("No answer yet; after {seconds} seconds we do without a registry.",
                seconds=f"{REGISTRY_PATIENCE:g}")
        )  # fmt: skip


def _need_maker(progress: Progress, consent: Consent) -> None:
    if shutil.which(MAKER):
        return
    by_hand = msg(
        "Install it (`apt-get install mmdebstrap debian-archive-keyring`), or connect to a"
        " registry, or bring the images with `learn-docker-net images load FILE`."
    )
    missing = msg("No registry answers, and mmdebstrap, which makes a Debian image, is missing.")
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        raise LearnError(missing, remedy=by_hand)
    if not consent(msg("No registry answers. Install mmdebstrap to make the images here?")):
        raise LearnError(missing, remedy=by_hand)
    install(["mmdebstrap", "debian-archive-keyring"], progress)


def install(packages: list[str], progress: Progress, where_known: Sequence[str] = ()) -> None:
    """Install packages of the distribution; the caller has the person's consent and is root.

    Those of `where_known` only where the distribution has them. Raises `LearnError` with apt's
    last words where it fails.
    """
    progress(msg("Reading the list of the distribution's packages."))
    _apt(progress, "update")
    known = [name for name in where_known if _in_distribution(name)]
    wanted = [*packages, *known]
    progress(msg("Installing {packages}.", packages=", ".join(wanted)))
    _mend(progress)
    _apt(progress, "install", "--yes", "--no-install-recommends", *wanted)


def _apt(progress: Progress, *words: str) -> None:
    command = ["apt-get", "--quiet", "-o", f"DPkg::Lock::Timeout={LOCK_PATIENCE}", *words]
    done = _follow(progress, command)
    if not done.ok:
        raise LearnError(
            msg("`{command}` failed.", command=" ".join(command)),
            remedy=msg("Look at what it says, mend it and run this command again."),
            details=done.stdout[-2000:].strip(),
        )


def _mend(progress: Progress) -> None:
    """Finish what an interrupted installation left half done; apt refuses to work before that.

    While somebody else installs, dpkg refuses at once; apt then waits for them.
    """
    _follow(progress, ["dpkg", "--configure", "-a"])


def _follow(progress: Progress, command: list[str]) -> Done:
    pace = Pace(progress)
    return follow(
        command,
        on_line=lambda line: pace.say(msg("Installing: {words}", words=line[:60])),
        environment={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    )


def _in_distribution(package: str) -> bool:
    done = subprocess.run(["apt-cache", "show", package], capture_output=True, check=False)
    return done.returncode == 0


def _make(docker: Docker, progress: Progress) -> None:
    """Make the image with mmdebstrap, straight into the engine; nothing is left when it fails."""
    progress(msg("Making Debian from its packages; this takes about 20 seconds."))
    mirror = os.environ.get(MIRROR_VARIABLE) or MIRROR
    maker = subprocess.Popen(
        [
            MAKER,
            "--variant=minbase",
            "--include=ca-certificates",
            f"--dpkgopt={FOLDER / 'base' / 'dpkg.cfg'}",
            "trixie",
            "-",
            mirror,
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    words: list[str] = []
    reader = threading.Thread(target=_read, args=(maker, words, progress), daemon=True)
    reader.start()
    draft = f"{DEBIAN}-draft"
    taker = docker.start("import", "--change", "LABEL learn-docker-net=1", "-", draft,
                         stdin=maker.stdout)  # fmt: skip
    if maker.stdout is not None:
        maker.stdout.close()  # the engine's alone now, so that mmdebstrap hears when it goes away
    try:
        taken = taker.wait() == 0
        made = maker.wait() == 0
        if not (taken and made):
            raise _not_made(words, taker)
        docker.check("tag", draft, DEBIAN)
    finally:
        end(maker)
        end(taker)
        reader.join(5)
        docker.run("rmi", draft)


def _read(maker: subprocess.Popen[bytes], words: list[str], progress: Progress) -> None:
    pace = Pace(progress)
    assert maker.stderr is not None  # noqa: S101  (PIPE was asked for)
    for raw in maker.stderr:
        words.append(raw.decode("utf-8", "replace").rstrip())
        if words[-1].startswith("I: "):
            pace.say(msg("Making Debian: {words}", words=words[-1][3:]))


def _not_made(words: list[str], taker: subprocess.Popen[bytes]) -> LearnError:
    said = b""
    with contextlib.suppress(ValueError, OSError):
        said = taker.stdout.read() if taker.stdout else b""
    return LearnError(
        msg("The Debian image could not be made."),
        remedy=msg(
            "Is a Debian mirror within reach? {variable} names another one.",
            variable=MIRROR_VARIABLE,
        ),
        details="\n".join([*words[-15:], said.decode("utf-8", "replace")]).strip(),
    )
