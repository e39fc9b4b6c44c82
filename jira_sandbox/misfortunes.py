"""What goes wrong on purpose, and the exact moments at which a test acts.

Both wait for a call that fits: its method, and a regular expression sought in its path (``/issue/[0-9]+$``).
An empty method fits all.
Only the app's calls fit unless ``caller`` says otherwise, because people are rarely what a test is about.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from jira_sandbox.wire import Request

Kind = Literal["lose_before_effect", "lose_answer_after_effect", "refuse_before_effect", "busy"]
Caller = Literal["app", "person", "nobody", "anyone"]
Act = Callable[[Request], None]


@dataclass(slots=True, kw_only=True)
class Misfortune:
    """One thing that goes wrong ``times`` times.

    ``refuse_before_effect`` answers ``status``, ``busy`` answers 429; both with ``headers``.
    The two losses break the connection before or after the call had its effect.
    """

    match: tuple[str, str]
    kind: Kind
    times: int = 1
    status: int = 503
    headers: dict[str, str] = field(default_factory=dict)
    caller: Caller = "app"
    site: str = ""


@dataclass(slots=True)
class Misfortunes:
    """The misfortunes still to come."""

    waiting: list[Misfortune] = field(default_factory=list)

    def add(self, misfortune: Misfortune) -> None:
        """Let it happen to the next calls that fit."""
        self.waiting.append(misfortune)

    def strike(self, site: str, caller: str, request: Request) -> Misfortune | None:
        """Draw the misfortune this call meets, used up by one; None if it is lucky."""
        for misfortune in self.waiting:
            fits = _fits(misfortune.match, request) and misfortune.caller in {"anyone", caller}
            if fits and misfortune.site in {"", site}:
                misfortune.times -= 1
                if misfortune.times <= 0:
                    self.waiting.remove(misfortune)
                return misfortune
        return None


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


def _fits(match: tuple[str, str], request: Request) -> bool:
    method, path = match
    return method in {"", request.method} and re.search(path, request.path) is not None
