"""Ask for a download: the answer names an address that the page's script fetches at once."""

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from backbone_app.services import audit_log, pairs
from backbone_app.services.tenants import Caller
from backbone_app.web.auth import Page, Who, own_page
from backbone_app.web.downloads import address, new_ticket


def _pairs_from(page: Page) -> Callable[..., HttpResponse]:
    """Make the view for one of the pages that offer it: the log tells from which it was."""

    @require_POST
    @own_page(Who.SPACE_ADMIN, page)
    def offer(request: HttpRequest, caller: Caller, space: str, sync_id: uuid.UUID) -> HttpResponse:  # noqa: ARG001
        ticket = new_ticket()
        pairs.offer(caller, space, sync_id, ticket=ticket, now=timezone.now())
        return _leading_to(ticket)

    return offer


pairs_from_overview = _pairs_from(Page.OVERVIEW)
pairs_from_synchronization = _pairs_from(Page.SYNCHRONIZATION)


@require_POST
@own_page(Who.JIRA_ADMIN, Page.SETTINGS)
def audit(request: HttpRequest, caller: Caller) -> HttpResponse:  # noqa: ARG001 - proven, that is enough
    """Let a Jira admin fetch the whole audit log."""
    ticket = new_ticket()
    audit_log.offer(caller, ticket, now=timezone.now())
    return _leading_to(ticket)


def _leading_to(ticket: str) -> HttpResponse:
    return trigger_client_event(HttpResponse(status=204), "app:download", {"url": address(ticket)})
