"""Waiting for somebody who signs in elsewhere: a page looks again and again whether they have."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from backbone_app.services.linking import Progress


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
