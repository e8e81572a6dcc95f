"""`http`: a page as a program in the container gets it; a failure is explained rung by rung."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from checks.explain import starts
from checks.kinds import Pattern, Plain
from checks.message import Message, msg
from checks.probes import mistakes
from checks.probes.climb import Broken, Climb, End, Held, Nonsense, Probe, net
from checks.probes.mistakes import Mistakes
from checks.probes.objects import listed
from checks.probes.party import Party, party
from checks.probes.path import is_address
from checks.probes.reaches import Reaches
from checks.search import search

_URL = re.compile(r"http://([^/?#:\s]+)(?::(\d{1,5}))?(?:[/?#]\S*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Http(Probe):
    """A web server answers a container, or the lab host, with a page."""

    from_: Plain | None = None
    """The container that asks; left out, the lab host itself."""
    url: Plain
    """Such as `http://web/`; `http` only. Redirects are answers, not followed."""
    is_: Plain | None = None
    """The container that must answer, as in `reaches`; left out, whoever does."""
    is_on: Plain | None = None
    """The lab host on which the answering container runs, where it is another one."""
    status: tuple[Plain, ...] = (Plain("200"),)
    """The statuses that are right."""
    contains: tuple[Plain, ...] = ()
    """Texts that the page must have."""
    matches: tuple[Pattern, ...] = ()
    """Regular expressions that must be found in the page; `^` and `$` are those of a line."""
    headers: Mapping[Plain, Plain] | None = None
    """Headers that the answer must have, with a text that each must contain."""

    def expected(self) -> Message:
        """Say what is asked for and what must come."""
        source = msg("the lab host") if self.from_ is None else self.from_
        values = {"source": source, "url": self.url, "status": listed(self.status)}
        if self.is_ is None:
            return msg("{source} gets {url} with status {status}", **values)
        return msg(
            "{source} gets {url} with status {status} from {target}", **values, target=self.is_
        )

    def mistakes(self) -> Mistakes:
        """What is no address of a page, what is no status."""
        if "%{" not in self.url and _URL.fullmatch(self.url) is None:
            text = self.url
            yield msg(
                "`url` wants an address such as `http://web/`, here stands `{text}`.", text=text
            )
        for status in self.status:
            yield from mistakes.number("status", status)

    def climb(self) -> Climb[End]:
        """Whose the server is, then the page; what gives no page is climbed by `reaches`."""
        server, port = self._server()
        ladder = Reaches(from_=self.from_, to=server, is_=self.is_, is_on=self.is_on, port=port)
        source = yield from party("asks", self.from_)
        if isinstance(source, Broken):
            return source
        if self.is_ is not None:
            end = yield from ladder.climb_as("way-")
            if isinstance(end, Broken):
                return end
        value = yield from net("http", "http", source.id, {"url": self.url, "method": "GET"})
        if value["error"] is not None:
            return (yield from self._explain(str(value["error"]), source, ladder))
        return self._read(value, source)

    def _server(self) -> tuple[Plain, Plain]:
        found = _URL.fullmatch(self.url)
        if found is None:
            raise Nonsense(f"not an http address: {self.url}")
        return Plain(found[1]), Plain(found[2] or "80")

    def _explain(self, error: str, source: Party, ladder: Reaches) -> Climb[Broken]:
        """Let `reaches` find the broken rung where the address is known to be somebody's."""
        # Without `is` a name need not be a container's; then the error itself must do.
        if self.is_ is None and is_address(ladder.to):
            end = yield from ladder.climb_as("way-")
            if isinstance(end, Broken):
                return end
        return Broken(_failure(error, self.url), self._look(source))

    def _read(self, value: Mapping[str, object], source: Party) -> End:
        status, body, headers = str(value["status"]), value["body"], value["headers"]
        if not isinstance(body, str) or not isinstance(headers, Mapping):
            raise Nonsense("http: neither page nor headers")
        if status not in self.status:
            return Broken(msg("the status is {status}", status=status), self._look(source))
        missing: list[str] = [text for text in self.contains if text not in body]
        missing += [text for text in self.matches if not search(text, body)]
        if missing:
            said = msg(
                "the page does not have: {text}; it has {page}",
                text=missing[0],
                page=starts(body) if body.strip() else msg("nothing"),
            )
            return Broken(said, self._look(source))
        have = {str(name).lower(): str(text) for name, text in headers.items()}
        for name, text in (self.headers or {}).items():
            if text not in have.get(name.lower(), "") or name.lower() not in have:
                said = msg(
                    "the header {name} is: {text}", name=name, text=have.get(name.lower(), "–")
                )
                return Broken(said, self._look(source))
        return Held()

    def _look(self, source: Party) -> Message:
        return msg("`{command}` shows the answer", command=source.command(f"curl -i {self.url}"))


def _failure(error: str, url: str) -> Message:
    kind, _, rest = error.partition(": ")
    if kind == "name":
        return msg("the name in {url} is not known: {why}", url=url, why=rest)
    told = _FAILURES.get(error)
    if told is None:
        raise Nonsense(f"http: {error!r}")
    return msg("{what}: {url}", what=told, url=url)


_FAILURES = {
    "refused": msg("the connection is refused"),
    "reset": msg("the connection is broken off"),
    "timeout": msg("there is no answer"),
    "unreachable": msg("the server cannot be reached"),
    "no http": msg("what answers does not speak HTTP"),
}
