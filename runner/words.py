"""The program's own words in the reader's language.

English stands in the source as templates (`msg` in `checks.message`, `mark` here); the catalogues
under `runner/locale` hold the rest. Imports next to nothing: every command starts here.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing alone would cost a tenth of the command line's start
    from collections.abc import Callable, Mapping

    from checks.message import Message

DOMAIN = "learn_docker_net"
LANGUAGES = ("en", "zh")
"""The languages that the program itself speaks; a course may speak others."""
CATALOGUES = {"zh": "zh_CN"}
"""The catalogue of each language but English."""
FOLDER = os.path.join(os.path.dirname(__file__), "locale")  # noqa: PTH118, PTH120  (speed)

_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")

_language = "en"
_translate: Callable[[str], str] = str


def mark(text: str) -> str:
    """Give the text as it is; marks an English sentence for translation at the place of use."""
    return text


def use(language: str) -> None:
    """Speak this language from now on; one without a catalogue stays English in our own words."""
    global _language, _translate
    _language = language
    if language not in CATALOGUES:
        _translate = str
        if "gettext" in sys.modules:
            sys.modules["gettext"].textdomain("messages")
        return
    import gettext

    gettext.bindtextdomain(DOMAIN, FOLDER)
    gettext.textdomain(DOMAIN)  # argparse's own sentences go through the default domain
    os.environ["LANGUAGE"] = CATALOGUES[language]
    found = gettext.translation(DOMAIN, FOLDER, [CATALOGUES[language]], fallback=True)
    _translate = found.gettext


def language() -> str:
    """Give the language in use, as course folders name it: `en`, `zh`."""
    return _language


def translate(text: str) -> str:
    """Give an English template in the language in use."""
    return _translate(text) if text else text


def tell(message: Message) -> str:
    """Give a message in the language in use, its values filled in."""
    return message.render(translate)


def from_locale(environment: Mapping[str, str]) -> str:
    """Give the language that the environment asks for: `zh` for `zh_CN.UTF-8`, `en` for `C`."""
    text = next((environment[name] for name in _VARIABLES if environment.get(name)), "")
    code = _code(text)
    if code in ("", "c", "posix"):
        return "en"
    for wanted in (environment.get("LANGUAGE") or text).split(":"):
        if _code(wanted) in LANGUAGES:
            return _code(wanted)
    return "en"


def _code(text: str) -> str:
    return text.partition(".")[0].partition("@")[0].replace("-", "_").partition("_")[0].lower()
