"""What the links of a mail lead to: pages outside Jira, for whoever owns the address.

Opening one changes nothing, since mail programs and scanners open them too; a button does, and so does the
one click of a mail program that unsubscribes (RFC 8058), which is a POST without a page.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from backbone_app.services import notifying
from backbone_app.services.notifying import Owner, Purpose
from backbone_app.web.mail_tickets import mail_ticket


@require_http_methods(["GET", "HEAD", "POST"])
@mail_ticket(Purpose.CONFIRM)
def confirm(request: HttpRequest, owner: Owner) -> HttpResponse:
    """Say what confirming means (GET), or confirm (POST)."""
    if request.method != "POST":
        return _page(request, "confirm", owner, title="Confirm your address")
    notifying.confirm(owner, now=timezone.now())
    return _page(request, "confirmed", owner, title="Address confirmed")


@require_http_methods(["GET", "HEAD", "POST"])
@mail_ticket(Purpose.LEAVE)
def leave(request: HttpRequest, owner: Owner) -> HttpResponse:
    """Say what unsubscribing means (GET), or unsubscribe (POST)."""
    if request.method != "POST":
        return _page(request, "leave", owner, title="No more mail")
    notifying.leave(owner, now=timezone.now())
    return _page(request, "left", owner, title="Unsubscribed")


def _page(request: HttpRequest, name: str, owner: Owner, *, title: str) -> HttpResponse:
    return render(request, f"outside/{name}.html", {"owner": owner, "title": f"{title} - Backbone Work Sync"})
