"""Who may have a page: whoever opened the address with the token, in a browser that says so itself.

Three things are asked of every request. The name that the browser was given (`Host`) must be this
machine's own, or a foreign name that was turned to 127.0.0.1 would do (DNS rebinding). The page
that asks (`Origin`, `Sec-Fetch-Site`) must be ours: cookies do not tell ports apart, and websockets
know no same-origin rule. And the token, or the cookie that was given for it, must be right.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from checks.message import Message, msg
from runner.words import tell

ADDRESS = "127.0.0.1"
"""The only address that is listened on."""
NAMES = (ADDRESS, "localhost")
"""What a browser may call it."""
_STRAY = ("cross-site", "same-site")
"""`Sec-Fetch-Site` of a request that another page makes; `same-site` is another port."""


def _secret() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True)
class Guard:
    """Lets requests to one port in, or answers them with 403 and why."""

    port: int
    token: str = field(default_factory=_secret, repr=False)
    """What the address in the terminal carries."""
    session: str = field(default_factory=_secret, repr=False)
    """What the cookie carries; good as long as the server runs."""

    @property
    def url(self) -> str:
        """The address to open, with the token."""
        return f"http://{ADDRESS}:{self.port}/?token={self.token}"

    @property
    def cookie(self) -> str:
        """The cookie's name; browsers send a cookie to every port, so it says which it is for."""
        return f"learn-docker-net-{self.port}"

    def admit(self, request: web.Request) -> bool:
        """Check a request; tell whether it brought the token and is to be given the cookie.

        Raises HTTPForbidden for a request that is not let in.
        """
        if request.headers.getall("Host", []) not in [[host] for host in self._hosts()]:
            raise _refused(msg("This server answers to 127.0.0.1 and localhost alone."))
        self._check_origin(request)
        if request.path == "/" and "token" in request.query:
            if not _same(request.query["token"], self.token):
                raise _refused(msg("The token is not right; it is another at each start."))
            return True
        if not _same(request.cookies.get(self.cookie, ""), self.session):
            raise _refused(msg("Open the address with the token that the terminal shows."))
        if request.headers.get("Sec-Fetch-Site") in _STRAY:
            raise _refused(msg("Another page has asked for this one."))
        return False

    def remember(self, response: web.StreamResponse) -> None:
        """Give the cookie that stands for the token from now on."""
        response.set_cookie(self.cookie, self.session, path="/", httponly=True, samesite="Strict")

    def middleware(self) -> Middleware:
        """Give the check as aiohttp wants it, in front of everything that is served."""

        @web.middleware
        async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
            new = self.admit(request)
            response = await handler(request)
            if new:
                self.remember(response)
            return response

        return guarded

    async def harden(self, request: web.Request, response: web.StreamResponse) -> None:
        """Tell the browser to load nothing from elsewhere, keep nothing and be framed by nobody."""
        sockets = " ".join(f"ws://{host}" for host in self._hosts())
        # xterm writes its measures as style elements; images are its own, as data.
        response.headers["Content-Security-Policy"] = (
            f"default-src 'self'; connect-src 'self' {sockets};"
            " style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none';"
            " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Cache-Control"] = "no-store"

    def _check_origin(self, request: web.Request) -> None:
        origins = request.headers.getall("Origin", [])
        if not origins and not _upgrades(request):
            return  # browsers leave it out where a page is opened by hand
        if origins != [f"http://{request.host}"]:
            raise _refused(msg("Another page has asked for this one."))

    def _hosts(self) -> list[str]:
        named = [f"{name}:{self.port}" for name in NAMES]
        return [*named, *NAMES] if self.port == 80 else named


def _same(given: str, wanted: str) -> bool:
    """Compare in a time that tells nothing of how much is right."""
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), wanted.encode())


def _upgrades(request: web.Request) -> bool:
    return request.path == "/ws" or "Upgrade" in request.headers


def _refused(why: Message) -> web.HTTPForbidden:
    return web.HTTPForbidden(text=tell(why) + "\n")
