"""Pages as most of Jira's lists have them: ``startAt``, ``maxResults``, ``total``, ``isLast``, ``values``."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from jira_sandbox.routing import Call
from jira_sandbox.state.values import Json
from jira_sandbox.wire import Refusal, Response, answer

PAGE, MOST = 50, 100
_Value = TypeVar("_Value")


def page(
    call: Call,
    found: Sequence[_Value],
    show: Callable[[_Value], Json],
    *,
    size: int = PAGE,
    most: int = MOST,
) -> Response:
    """Show the page of ``found`` that ``startAt`` and ``maxResults`` ask for; ``size`` is the default.

    ``nextPage`` leads on with the same query; the last page has none.
    """
    start = call.number("startAt", 0, most=10**9)
    size = call.number("maxResults", size, most=most)
    shown: dict[str, Json] = {
        "self": _link(call, start, size),
        "maxResults": size,
        "startAt": start,
        "total": len(found),
        "isLast": start + size >= len(found),
        "values": [show(each) for each in found[start : start + size]],
    }
    if not shown["isLast"]:
        shown["nextPage"] = _link(call, start + size, size)
    return answer(200, shown, objects=len(shown["values"]))


def ordered(
    call: Call, found: Sequence[_Value], ranks: dict[str, Callable[[_Value], Any]], *, default: str = ""
) -> list[_Value]:
    """Put ``found`` into the order ``orderBy`` names (``-`` turns it round); Refusal 400 for another name.

    A rank gives what to sort by; what has None comes last, whichever way.
    """
    # A plus that was not escaped comes as a blank.
    asked = (call.request.parameter("orderBy") or default).strip()
    if not asked:
        return list(found)
    name = asked.lstrip("+-")
    if name not in ranks:
        raise Refusal(400, f"Parameter 'orderBy' must be one of {', '.join(ranks)}, with + or - before it.")
    rank = ranks[name]
    having = [each for each in found if rank(each) is not None]
    lacking = [each for each in found if rank(each) is None]
    return sorted(having, key=rank, reverse=asked.startswith("-")) + lacking


def _link(call: Call, start: int, size: int) -> str:
    kept = [(name, value) for name, value in call.request.query if name not in {"startAt", "maxResults"}]
    query = urlencode([*kept, ("maxResults", size), ("startAt", start)])
    return f"{call.site.base_url}{call.request.path}?{query}"
