"""What goes wrong with a call on purpose, and the exact moments at which a test acts.

Both wait for a call that fits: its method, and a regular expression sought in its path (``/issue/[0-9]+$``).
An empty method fits all.
Only the app's calls fit unless ``caller`` says otherwise, because people are rarely what a test is about.

| kind | what becomes of the call |
|---|---|
| ``lose_before_effect``, ``lose_answer_after_effect`` | the connection breaks |
| ``refuse_before_effect``, ``refuse_after_effect`` | answered ``status`` with ``headers`` |
| ``busy`` | answered 429 with ``headers``, no effect |
| ``time_out_before_effect``, ``time_out_after_effect`` | no answer while the caller waits |
| ``effect_after_time_out`` | no answer; the effect comes ``seconds`` later by the world's clock |
| ``event_before_answer`` | what is due is delivered between effect and answer, if the world has a courier |
| ``drop_metadata`` | the ``historyMetadata`` of the body is not seen |
| ``cut_short`` | ``Content-Length`` promises more than comes: half of the body |
| ``name_unknown``, ``tls_failed`` | no connection is made, or none that could be trusted |
"""

import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from jira_sandbox.wire import ConnectionLost, NameUnknown, Request, Response, TimedOut, TlsFailed, answer

Kind = Literal[
    "lose_before_effect",
    "lose_answer_after_effect",
    "refuse_before_effect",
    "refuse_after_effect",
    "busy",
    "time_out_before_effect",
    "time_out_after_effect",
    "effect_after_time_out",
    "event_before_answer",
    "drop_metadata",
    "cut_short",
    "name_unknown",
    "tls_failed",
]
Caller = Literal["app", "person", "nobody", "anyone"]
Act = Callable[[Request], None]
ALWAYS = 1_000_000_000
"""As often as anybody will call."""
_BEFORE: dict[str, type[ConnectionLost]] = {
    "lose_before_effect": ConnectionLost,
    "time_out_before_effect": TimedOut,
    "name_unknown": NameUnknown,
    "tls_failed": TlsFailed,
}
_AFTER: dict[str, type[ConnectionLost]] = {
    "lose_answer_after_effect": ConnectionLost,
    "time_out_after_effect": TimedOut,
}


@dataclass(slots=True, kw_only=True)
class Misfortune:
    """One thing that goes wrong ``times`` times; what it does stands in the module's table."""

    match: tuple[str, str]
    kind: Kind
    times: int = 1
    status: int = 503
    headers: dict[str, str] = field(default_factory=dict)
    caller: Caller = "app"
    site: str = ""
    seconds: float = 0.0

    def before_effect(self) -> Response | None:
        """Give the answer that keeps the call from its effect, None to let it go on, or lose it."""
        if self.kind in _BEFORE:
            raise _BEFORE[self.kind]("the request was lost")
        if self.kind in {"busy", "refuse_before_effect"}:
            return self._told(429 if self.kind == "busy" else self.status)
        return None

    def after_effect(self, response: Response) -> Response:
        """Give what is heard of the answer, or lose it."""
        if self.kind in _AFTER:
            raise _AFTER[self.kind]("the answer was lost")
        if self.kind == "refuse_after_effect":
            return self._told(self.status)
        if self.kind == "cut_short" and response.size:
            return replace(response, cut_at=response.size // 2)
        return response

    def heard(self, request: Request) -> Request:
        """Give what the site sees of the request."""
        return _without_metadata(request) if self.kind == "drop_metadata" else request

    def _told(self, status: int) -> Response:
        told = answer(status, {"errorMessages": ["Try again later."], "errors": {}}, objects=0)
        return Response(status, {**told.headers, **self.headers}, told.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """A share, from 0 to 1, of the app's calls that meet what ``make`` gives; it draws by ``chance``.

    A call without credentials counts as the app's: so it fetches the files that Jira sends it on to.
    """

    share: float
    make: Callable[[random.Random], Misfortune]
    chance: random.Random

    def met(self, site: str, caller: str, request: Request) -> Misfortune | None:
        """Draw for this call; None if it is lucky, or what was drawn does not fit it."""
        if caller == "person" or self.chance.random() >= self.share:
            return None
        drawn = self.make(self.chance)
        return drawn if _strikes(drawn, site, caller, request) else None


@dataclass(slots=True)
class Misfortunes:
    """The misfortunes still to come: ``waiting`` for their call, or ``drawn`` for each one."""

    waiting: list[Misfortune] = field(default_factory=list)
    drawn: list[Draw] = field(default_factory=list)

    def add(self, misfortune: Misfortune) -> None:
        """Let it happen to the next calls that fit."""
        self.waiting.append(misfortune)

    def remove(self, misfortune: Misfortune) -> None:
        """Let it not happen any more; it may have been used up."""
        self.waiting = [each for each in self.waiting if each is not misfortune]

    def strike(self, site: str, caller: str, request: Request) -> Misfortune | None:
        """Draw the misfortune this call meets, used up by one; None if it is lucky."""
        for misfortune in self.waiting:
            if _strikes(misfortune, site, caller, request):
                misfortune.times -= 1
                if misfortune.times <= 0:
                    self.waiting.remove(misfortune)
                return misfortune
        met = (draw.met(site, caller, request) for draw in self.drawn)
        return next((each for each in met if each), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hook:
    match: tuple[str, str]
    act: Act
    caller: Caller


@dataclass(slots=True)
class Hooks:
    """Functions called once each, just before a call has its effect or between its effect and its answer.

    They run without the world's lock, so they may call the site themselves and let deliveries go out.
    """

    _before: list[_Hook] = field(default_factory=list)
    _after: list[_Hook] = field(default_factory=list)

    def before(self, method: str, path: str, act: Act, *, caller: Caller = "app") -> None:
        """Call ``act`` before the next call that fits has its effect."""
        self._before.append(_Hook(match=(method, path), act=act, caller=caller))

    def after(self, method: str, path: str, act: Act, *, caller: Caller = "app") -> None:
        """Call ``act`` when the next call that fits has had its effect and is not yet answered."""
        self._after.append(_Hook(match=(method, path), act=act, caller=caller))

    def run_before(self, caller: str, request: Request) -> None:
        """Run what waits for this call to begin."""
        _run(self._before, caller, request)

    def run_after(self, caller: str, request: Request) -> None:
        """Run what waits for this call to have had its effect."""
        _run(self._after, caller, request)


def _run(hooks: list[_Hook], caller: str, request: Request) -> None:
    fitting = [each for each in hooks if _fits(each.match, request) and each.caller in {"anyone", caller}]
    for hook in fitting:
        hooks.remove(hook)  # first: the act may make a call that fits as well
    for hook in fitting:
        hook.act(request)


def _strikes(misfortune: Misfortune, site: str, caller: str, request: Request) -> bool:
    fits = _fits(misfortune.match, request) and misfortune.caller in {"anyone", caller}
    return fits and misfortune.site in {"", site}


def _fits(match: tuple[str, str], request: Request) -> bool:
    method, path = match
    return method in {"", request.method} and re.search(path, request.path) is not None


def _without_metadata(request: Request) -> Request:
    try:
        content = json.loads(request.body)
    except ValueError:
        return request
    if not isinstance(content, dict) or "historyMetadata" not in content:
        return request
    del content["historyMetadata"]
    return replace(request, body=json.dumps(content, ensure_ascii=False).encode())
