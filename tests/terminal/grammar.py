"""Byte streams to try a terminal with: what programs write, and what none ever would."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from functools import cache
from pathlib import Path

_NUMBERS = ("", "0", "1", "2", "3", "4", "7", "12", "24", "80", "500", "65536", "99999999999")
_FINALS = "@ABCDEFGHIJKLMPSTXZ`abcdefghlmnpqrstu"
_MODES = (1, 3, 5, 6, 7, 9, 12, 25, 47, 66, 69, 1000, 1002, 1003, 1004, 1006, 1007, 1047, 1048)
_MORE_MODES = (1049, 2004, 2026, 4, 20, 31337)
_STRANGE = (
    "漢",
    "字",
    "é",
    "e\u0301",
    "\u0301",
    "\u200d",
    "\ufe0f",
    "❤\ufe0f",
    "👨\u200d👩\u200d👧",
    "👍🏽",
    "🇩🇪",
    "🇩",
    "한",
    "\u1100\u1161\u11a8",
    "ก็",
    "\u202e",
    "\u2028",
    "\ufeff",
    "\U0010ffff",
    "\x85",
    "\x84",
    "\x8d",
    "\x9b5C",
    "\x9d0;t\x9c",
    "\x8e",
    "│",
    "─",
    "ﷺ",
    "\u3164",
    "🏽",
    "a" + "\u0300" * 40,
)
_BROKEN = (b"\xff", b"\xc3", b"\xe6\xbc", b"\xf0\x9f\x91", b"\x80", b"\xed\xa0\x80", b"\xc0\xaf")

_ESCAPES = (
    *("7", "8", "D", "E", "H", "M", "N", "O", "Z", "=", ">", "n", "o", "c", "#8", "\\"),
    *("(0", "(B", ")0", "*A", "+0", " F", "%G", "(", "###3"),
)
_OSC = (
    b"0;",
    b"2;",
    b"7;file://h/",
    b"52;c;",
    b"133;D;0;n=",
    b"133;A;",
    b"133;A;",
    b"8;;",
    b"4;1;?",
    b"",
)

Piece = Callable[[random.Random], bytes]


def _text(rng: random.Random) -> bytes:
    return bytes(rng.choices(b"abcdefgh ABCXYZ_`jklmqx#0123", k=rng.choice((1, 3, 10, 40, 200))))


def _lines(rng: random.Random) -> bytes:
    end = rng.choice((b"\r\n", b"\r\n", b"\n", b"\n\r", b"\v"))
    return b"".join(_text(rng) + end for _ in range(rng.choice((1, 3, 8, 60))))


def _strange(rng: random.Random) -> bytes:
    return "".join(rng.choices(_STRANGE, k=rng.randint(1, 6))).encode()


def _control(rng: random.Random) -> bytes:
    return bytes(rng.choices(b"\b\t\n\r\v\f\x0e\x0f\x07\x00\x18\x1a\x7f", k=rng.randint(1, 4)))


def _parameters(rng: random.Random) -> str:
    return ";".join(rng.choices(_NUMBERS, k=rng.randint(0, 3)))


def _csi(rng: random.Random) -> bytes:
    prefix = rng.choice(("", "", "", "", "?", ">", "=", "<"))
    between = rng.choice(("", "", "", "", " ", "$", "!", "''"))
    return f"\x1b[{prefix}{_parameters(rng)}{between}{rng.choice(_FINALS)}".encode()


def _move(rng: random.Random) -> bytes:
    return f"\x1b[{rng.randint(0, 30)};{rng.randint(0, 90)}{rng.choice('HHHfr')}".encode()


def _sgr(rng: random.Random) -> bytes:
    known = (
        "",
        "0",
        "1",
        "7",
        "31",
        "44",
        "38;5;200",
        "48;2;1;2;3",
        "4:3",
        "38:2::9:8:7",
        "58;5;1",
    )
    odd = ("58;5;1", "38", "38;5", "38;2;1", "48;9;1", "38;5;999", ":", "38:", ";;;", "1;" * 80)
    return f"\x1b[{rng.choice(known + known + odd)}m".encode()


def _mode(rng: random.Random) -> bytes:
    number = rng.choice(_MODES + _MORE_MODES)
    return f"\x1b[{rng.choice(('?', '?', '?', ''))}{number}{rng.choice('hhl')}".encode()


def _escape(rng: random.Random) -> bytes:
    return b"\x1b" + rng.choice(_ESCAPES).encode()


def _string(rng: random.Random) -> bytes:
    opening = rng.choice((b"]", b"]", b"]", b"P", b"X", b"^", b"_"))
    code = rng.choice(
        (
            b"0;",
            b"2;",
            b"7;file://h/",
            b"52;c;",
            b"133;D;0;n=",
            b"133;A;",
            b"133;A;",
            b"8;;",
            b"4;1;?",
            b"",
        )
    )
    body = _text(rng) if rng.random() < 0.9 else b"A" * rng.choice((4096, 4097, 9000))
    end = rng.choice((b"\x07", b"\x1b\\", b"\xc2\x9c", b"\x18", b"\x1b[m", b"", b"\x1b"))
    return b"\x1b" + opening + code + body + end


def _cut(rng: random.Random) -> bytes:
    whole = rng.choice((_csi, _sgr, _string, _escape))(rng)
    return whole[: rng.randint(1, len(whole))]


def _interrupted(rng: random.Random) -> bytes:
    whole = _csi(rng)
    place = rng.randint(1, len(whole))
    return whole[:place] + rng.choice((_control(rng), _strange(rng), b"\x1b")) + whole[place:]


def _noise(rng: random.Random) -> bytes:
    return rng.randbytes(rng.choice((1, 5, 60)))


def _broken(rng: random.Random) -> bytes:
    return rng.choice(_BROKEN)


@cache
def _recordings() -> tuple[bytes, ...]:
    files = sorted((Path(__file__).parent / "recordings").glob("*[a-z].gz"))
    return tuple(gzip.decompress(f.read_bytes()) for f in files if ".json" not in f.name)


def _recorded(rng: random.Random) -> bytes:
    """Give a piece of what a real program wrote, now and then with some bytes spoiled."""
    whole = rng.choice(_recordings())
    start = rng.randrange(len(whole))
    piece = bytearray(whole[start : start + rng.choice((20, 200, 2000))])
    for _ in range(rng.choice((0, 0, 1, 5))):
        piece[rng.randrange(len(piece))] = rng.choice((0x1B, 0x5B, 0x3B, 0x0A, rng.randrange(256)))
    return bytes(piece)


_PIECES: tuple[tuple[int, Piece], ...] = (
    (8, _text),
    (4, _lines),
    (6, _strange),
    (6, _control),
    (10, _csi),
    (6, _move),
    (6, _sgr),
    (5, _mode),
    (5, _escape),
    (3, _string),
    (2, _cut),
    (2, _interrupted),
    (1, _noise),
    (1, _broken),
    (2, _recorded),
)


def stream(rng: random.Random, pieces: int = 60) -> bytes:
    """Make a stream; the same generator state makes the same one."""
    weights = [weight for weight, _ in _PIECES]
    chosen = rng.choices([piece for _, piece in _PIECES], weights, k=pieces)
    return b"".join(piece(rng) for piece in chosen)


def cut(rng: random.Random, data: bytes) -> list[bytes]:
    """Cut a stream into pieces of all sizes."""
    pieces = []
    at = 0
    while at < len(data):
        size = rng.choice((1, 1, 2, 7, 50, 1000))
        pieces.append(data[at : at + size])
        at += size
    return pieces
