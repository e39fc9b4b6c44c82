"""A link to sign in with, as a page shows it, and waiting for whoever signs in with it elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from backbone_app.services.linking import Progress


@dataclass(frozen=True, slots=True)
class Asked:
    """A link that was just made: its ``address``, told only now, and the page's own addresses.

    ``look_at`` tells how far the sign-in has come; ``copy_at`` makes another link, to be sent to somebody,
    with what the page ``carries``; ``withdraw_at`` takes this one back.
    """

    found: Progress
    address: str = field(repr=False)
    look_at: str
    copy_at: str
    withdraw_at: str
    carries: Mapping[str, str]

    @property
    def context(self) -> dict[str, object]:
        """What ``partials/sign_in_link.html`` shows."""
        carries = dict(self.carries)
        return {
            **waiting(self.found, look_at=self.look_at),
            "address": self.address,
            "copy_at": self.copy_at,
            "withdraw_at": self.withdraw_at,
            "carries": orjson.dumps(carries).decode(),
            "carries_back": orjson.dumps(carries | {"back": "yes"}).decode(),
        }


WITHDRAWN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "title": "Link withdrawn",
        "body": "Nobody can sign in with it any more. To ask anew, make another one.",
        "type": "success",
    }
)
"""The flag that says so."""


def waiting(found: Progress, *, look_at: str) -> dict[str, object]:
    """Give what the part of a page needs that waits; ``look_at`` is the address that tells how far it is.

    ``shown`` is the word by which the page tells later that it says so already.
    """
    return {"found": found, "shown": found.trouble or found.status, "look_at": look_at}


def show_news(request: HttpRequest, found: Progress, *, look_at: str) -> HttpResponse:
    """Tell a page that waits how far it is; 204 where it says so already."""
    context = waiting(found, look_at=look_at)
    if request.GET.get("shown") == context["shown"]:
        return HttpResponse(status=204)
    return render(request, "partials/waiting.html", context)
