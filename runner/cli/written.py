"""What a command writes to a file that was named, or to stdout for `-`."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runner.cli.face import Face


def put(name: str, text: str, face: Face) -> None:
    """Write a text; LearnError where the file cannot be written."""
    if name == "-":
        face.out.write(text)
        return
    from pathlib import Path

    from checks.message import msg
    from runner.errors import LearnError

    try:
        Path(name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise LearnError(
            msg("{path} cannot be written: {why}", path=name, why=error.strerror or str(error)),
            remedy=msg("Name a file in a folder that you may write to."),
        ) from error
