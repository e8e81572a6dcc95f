"""The course's words on the screen: Markdown for whole texts, marked-up lines for short ones.

Nothing from a course or a lab is read as Textual's own markup, and control characters are shown,
not obeyed.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token
from textual.content import Content
from textual.widgets import Markdown
from textual.widgets.markdown import MarkdownBlock, MarkdownFence

from checks.fill import finish

_CONTROLS = {
    code: f"\\x{code:02x}"
    for code in (*(code for code in range(0x20) if code not in (9, 10)), *range(0x7F, 0xA0))
} | {
    # These turn the order of what follows round, or end a line.
    code: f"\\u{code:04x}"
    for code in (0x061C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A))
}
_INLINE = re.compile(r"(`+)(?P<code>.+?)\1|\*\*(?P<strong>.+?)\*\*|\*(?P<em>[^*\s][^*]*)\*")
_PICTURE = re.compile(r"[+|]--|--[+|]|==|[─│┌└├╭╰]|^ *\| .*\|$", re.MULTILINE)
"""What lines are drawn with: such a block keeps its columns, others may be wrapped."""
_STYLES = {"code": "$text-accent", "strong": "bold", "em": "italic"}


def parser() -> MarkdownIt:
    """Give the Markdown that lessons are written in; no HTML, no bare links."""
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def text(markdown: str) -> str:
    """Give a course's text ready for the parser."""
    return plain(finish(markdown))


def plain(words: str) -> str:
    r"""Show control characters as `\x1b` and `\u202e`, so that nothing in them is obeyed."""
    return words.replace("\r\n", "\n").expandtabs().translate(_CONTROLS)


def inline(markdown: str, style: str = "") -> Content:
    """Give one paragraph with its code and emphasis marked."""
    words = " ".join(text(markdown).split())
    parts: list[Content] = []
    last = 0
    for found in _INLINE.finditer(words):
        parts.append(Content(words[last : found.start()]))
        kind = found.lastgroup or "code"
        parts.append(Content.styled(found[kind], _STYLES[kind]))
        last = found.end()
    whole = Content("").join([*parts, Content(words[last:])])
    return whole.stylize_before(style) if style else whole


class CodeBlock(MarkdownFence):
    """Code in a lesson: commands wrap, a `-picture` is scrolled where it is too wide."""

    def __init__(self, markdown: Markdown, token: Token, code: str) -> None:
        """Take the code; what it is shows in what it is made of."""
        super().__init__(markdown, token, code)
        self.set_class(bool(_PICTURE.search(code)), "-picture")

    @classmethod
    def highlight(cls, code: str, language: str, ansi: bool = False, dark: bool = False) -> Content:
        """Give commands their colours; a picture, and what the author named otherwise, none."""
        if _PICTURE.search(code) or language not in ("", "bash", "sh"):
            return Content(code)
        return super().highlight(code, "bash", ansi, dark)


class LessonText(Markdown):
    """A text of the course."""

    BLOCKS: dict[str, type[MarkdownBlock]] = {  # noqa: RUF012  (as Textual declares it)
        **Markdown.BLOCKS,
        "fence": CodeBlock,
        "code_block": CodeBlock,
    }

    def __init__(self, markdown: str) -> None:
        """Take the text as the author wrote it."""
        super().__init__(text(markdown), parser_factory=parser, open_links=False)
