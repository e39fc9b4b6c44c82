"""Webhooks of linked sites: the credential that each is given, and where they arrive."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from backbone_app import logs, metrics
from backbone_app.errors import NotJson
from backbone_app.services import intake, link_hooks
from backbone_app.services.link_hooks import Proof, Proven
from backbone_app.web import rates
from backbone_app.web.auth import Credential, Page, Statement, Who, counted, stating
from backbone_app.web.webhooks import IDENTIFIER, LARGEST_BODY

View = Callable[[HttpRequest, Proven], HttpResponse]


def link_hook(view: View) -> Callable[[HttpRequest, str], HttpResponse]:
    """Take what a linked site delivers: by the token in the address and what proves the sender besides.

    Up to Jira 9 that is nothing, from 10 on a signature, of a Cloud site a token of Atlassian's.
    """

    @wraps(view)
    def proven(request: HttpRequest, token: str) -> HttpResponse:
        given = Proof(
            signature=request.headers.get("X-Hub-Signature", ""),
            authorization=request.headers.get("Authorization", ""),
        )
        now = timezone.now()
        sender = counted(request, lambda each: link_hooks.prove(token, given, each.body, now=now))
        logs.bear(tenant=str(sender.site_id))
        rates.admit_site(sender.site_id)
        return view(request, sender)

    stated = Statement(Credential.LINK_HOOK, Who.LINKED_SITE, Page.JIRA, largest_body=LARGEST_BODY)
    return stating(stated, proven)


@metrics.WEBHOOK_ACK.timed()
@require_POST
@link_hook
def link(request: HttpRequest, sender: Proven) -> HttpResponse:
    """Take in one delivery; it counts as received once the answer is 2xx."""
    if request.content_type != "application/json":
        raise NotJson
    identifier, now = request.headers.get(IDENTIFIER), timezone.now()
    told = link_hooks.told(sender, request.body, identifier=identifier, now=now)
    intake.take_in(site_id=sender.site_id, body=told.body, identifier=told.identifier, now=now)
    return HttpResponse(status=204)
