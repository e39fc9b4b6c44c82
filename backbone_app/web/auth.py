"""Which credential a view takes and who may call it: stated above it.

The credential is checked before the view's first line; the right of a person
(``Who``) is asked of Jira by the service, which alone knows what it is about. A
test calls every address as everybody else and holds that each is refused.

A token travels in ``Authorization: JWT …`` (Forge's: ``Bearer …``); only a page that Jira opens in an
iframe (a GET) may have it in the query instead. Two tokens in one request are
refused, cookies and bodies are never looked at. The proven caller is the view's
second argument; a test walks the URLconf and finds a statement on every view.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Concatenate, Final, ParamSpec, TypeVar
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from backbone_app import logs
from backbone_app.errors import AddressWaiting, Gone, NotAuthenticated, RemoteUnreachable, WithoutSecret
from backbone_app.services import downloads, forge, tenants
from backbone_app.services.downloads import Grant
from backbone_app.services.forge import Invocation
from backbone_app.services.tenants import Caller, LifecycleCall, Notifier
from backbone_app.web import rates
from backbone_app.web.headers import FRAMED_BY

P = ParamSpec("P")
Proof = TypeVar("Proof")
Stated = TypeVar("Stated", bound=Callable[..., HttpResponseBase])
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
ProvenView = Callable[Concatenate[HttpRequest, Proof, P], HttpResponse]

_HEADER: Final = re.compile(r"JWT ([A-Za-z0-9_.-]+)")
_BEARER: Final = re.compile(r"Bearer ([A-Za-z0-9_.-]+)")
SMALL_BODY: Final = 64 * 1024


class Credential(StrEnum):
    """What a view accepts as proof."""

    PUBLIC = "public"
    LIFECYCLE = "lifecycle"
    SIGNED_REQUEST = "signed request"
    OWN_PAGE = "own page"
    DOWNLOAD_TICKET = "download ticket"
    SIGN_IN_LINK = "link to sign in"
    SIGN_IN = "sign-in of this browser"
    MAIL_TICKET = "mail ticket"
    LINK_HOOK = "webhook of a link"
    FORGE = "Forge"


class Who(StrEnum):
    """Who may call a view, once the proof is good; everybody else is refused."""

    ANYBODY = "anybody"
    ATLASSIAN = "Atlassian"
    FORGE = "Forge"
    SITE = "the site"
    LINKED_SITE = "the linked site"
    VISITOR = "whoever Jira opens the page for"
    READER = "whoever may browse the work item"
    SPACE_ADMIN = "an admin of the space"
    JIRA_ADMIN = "a Jira admin of the site"
    HOLDER = "whoever was given the ticket"
    SIGNING_IN = "the browser that was sent to sign in"


class Page(StrEnum):
    """Where a call comes from, as the audit log names it: the page that offers it, or a machine."""

    NONE = ""
    JIRA = "Jira"
    OVERVIEW = "Overview"
    NEW = "New Synchronization"
    REQUEST = "View Request"
    SYNCHRONIZATION = "Synchronization"
    ACTIVITY = "Activity"
    EXISTING = "Pair existing work items"
    DECIDE = "Decide"
    PANEL = "Work item panel"
    NOTIFICATIONS = "Notifications"
    SETTINGS = "Global settings"
    WORKFLOW = "Workflow editor"
    API = "API"


@dataclass(frozen=True, slots=True)
class Statement:
    """What stands above a view; ``even_disabled``: a site that has switched us off may call it too.

    ``largest_body`` is in bytes: more is refused before anything is read. ``is_counted``: an address
    may call what is public so often only.
    """

    credential: Credential
    who: Who
    page: Page = Page.NONE
    even_disabled: bool = False
    largest_body: int = SMALL_BODY
    is_counted: bool = True


def public(view: View[P]) -> View[P]:
    """State that anybody may call this view."""
    return stating(Statement(Credential.PUBLIC, Who.ANYBODY), view)


def probed(view: View[P]) -> View[P]:
    """State that anybody may call this view, as often as they like: it costs next to nothing."""
    return stating(Statement(Credential.PUBLIC, Who.ANYBODY, is_counted=False), view)


def lifecycle(view: ProvenView[LifecycleCall, P]) -> View[P]:
    """Take what Atlassian signed (RS256); the view gets what was signed."""
    stated = Statement(Credential.LIFECYCLE, Who.ATLASSIAN, Page.JIRA, even_disabled=True)
    return _taking(stated, _lifecycle_call, view)


def forge_call(view: ProvenView[Invocation, P]) -> View[P]:
    """Take what Forge signed for our app (an invocation token); the view gets what was signed."""
    return _taking(Statement(Credential.FORGE, Who.FORGE, Page.JIRA, even_disabled=True), _invocation, view)


def signed_notice(view: ProvenView[Notifier, P]) -> View[P]:
    """Take ``enabled`` and ``disabled``, signed by the site for this request, even a disabled one."""
    stated = Statement(Credential.SIGNED_REQUEST, Who.SITE, Page.JIRA, even_disabled=True)
    return _taking(stated, _notifier, view)


def signed_request(who: Who, *, largest_body: int = SMALL_BODY) -> Callable[[ProvenView[Caller, P]], View[P]]:
    """Take what the site signed for exactly this request: webhooks, and pages that Jira opens."""
    stated = Statement(Credential.SIGNED_REQUEST, who, Page.JIRA, largest_body=largest_body)
    return _by(stated, _signing_caller)


def own_page(who: Who, page: Page) -> Callable[[ProvenView[Caller, P]], View[P]]:
    """Take a token that one of our own pages got from ``AP.context.getToken``, and no other."""
    return _by(Statement(Credential.OWN_PAGE, who, page), _page_caller)


def download_ticket(
    view: Callable[[HttpRequest, Grant], HttpResponseBase],
) -> Callable[[HttpRequest, str], HttpResponseBase]:
    """Take a ticket in the address and use it up; the view gets what it was issued for. Others get 410."""

    @wraps(view)
    def proven(request: HttpRequest, ticket: str) -> HttpResponseBase:
        return view(request, counted(request, lambda each: _redeemed(each, ticket)))

    return stating(Statement(Credential.DOWNLOAD_TICKET, Who.HOLDER), proven)


def _by(
    stated: Statement, prove: Callable[[HttpRequest, Page], Caller]
) -> Callable[[ProvenView[Caller, P]], View[P]]:
    return lambda view: _taking(stated, lambda request: prove(request, stated.page), view)


def _taking(stated: Statement, prove: Callable[[HttpRequest], Proof], view: ProvenView[Proof, P]) -> View[P]:
    @wraps(view)
    def proven(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        proof = counted(request, prove)
        if isinstance(proof, Caller):
            request.META[FRAMED_BY] = (proof.base_url, proof.display_url)
        _admit(stated, proof)
        return view(request, proof, *args, **kwargs)

    return stating(stated, proven)


def stating(stated: Statement, view: Stated) -> Stated:
    """Note on the view what it takes; whoever states it here has to check it."""
    view.statement = stated  # type: ignore[attr-defined]  # functions take attributes, their type does not say so
    return view


def api_caller(request: HttpRequest) -> Caller:
    """Tell whose own-page token a call of the API carries; raises NotAuthenticated and TooMany."""
    caller = counted(request, lambda each: _page_caller(each, Page.API))
    logs.bear(tenant=str(caller.site_id))
    rates.admit_person(caller)
    return caller


def counted(request: HttpRequest, prove: Callable[[HttpRequest], Proof]) -> Proof:
    """Prove a call, and count one that proves nothing; raises what ``prove`` does, and TooMany."""
    try:
        return prove(request)
    except (NotAuthenticated, RemoteUnreachable, AddressWaiting) as refusal:
        # Whoever invents more keys than are asked for in a minute is not refused, and proves nothing either.
        rates.count_refusal(request)
        if isinstance(refusal, WithoutSecret | AddressWaiting):
            request.META[FRAMED_BY] = (refusal.framed_by,)  # to be read where Jira shows the page
        raise


def _admit(stated: Statement, proof: object) -> None:
    """Count a call that is proven, for the site where that is who calls, else for the person; log whose."""
    if isinstance(proof, Caller | Notifier):
        logs.bear(tenant=str(proof.site_id))
    match proof:
        case Caller() | Notifier() if stated.who is Who.SITE:
            rates.admit_site(proof.site_id)
        case Caller():
            rates.admit_person(proof)
        case Invocation():
            rates.admit_installation(proof.installation)


def _redeemed(request: HttpRequest, ticket: str) -> Grant:
    """Use a ticket up, but not for a browser that only fetches what might be wanted."""
    if "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", "")):
        raise Gone
    return downloads.redeem(ticket, now=timezone.now())


def _lifecycle_call(request: HttpRequest) -> LifecycleCall:
    return tenants.verify_install(_header_token(request), *_signed_parts(request), now=timezone.now())


def _invocation(request: HttpRequest) -> Invocation:
    return forge.authenticate(_header_token(request, _BEARER), now=timezone.now())


def _notifier(request: HttpRequest) -> Notifier:
    return tenants.authenticate_notice(_header_token(request), *_signed_parts(request), now=timezone.now())


def _signing_caller(request: HttpRequest, page: Page) -> Caller:
    token = _page_token(request) if request.method == "GET" else _header_token(request)
    return tenants.authenticate_signed(token, *_signed_parts(request), page=page, now=timezone.now())


def _page_caller(request: HttpRequest, page: Page) -> Caller:
    return tenants.authenticate_page(_header_token(request), page=page, now=timezone.now())


def _header_token(request: HttpRequest, form: re.Pattern[str] = _HEADER) -> str:
    if "jwt" in request.GET:
        raise NotAuthenticated("token_in_query")
    # Repeated headers arrive joined by a comma, which the pattern does not know.
    found = form.fullmatch(request.headers.get("Authorization", ""))
    if found is None:
        raise NotAuthenticated("no_token")
    return found[1]


def _page_token(request: HttpRequest) -> str:
    in_query = request.GET.getlist("jwt")
    if not in_query:
        return _header_token(request)
    if len(in_query) > 1 or "Authorization" in request.headers:
        raise NotAuthenticated("two_tokens")
    return in_query[0]


def _signed_parts(request: HttpRequest) -> tuple[str, str, str]:
    """Return method, path and raw query as the signer saw them: without our own base path."""
    base = urlsplit(settings.BACKBONE_BASE_URL).path
    path = _received_path(request)
    if base and path.startswith(f"{base}/"):
        path = path[len(base) :]
    return request.method or "", path, request.META.get("QUERY_STRING", "")


def _received_path(request: HttpRequest) -> str:
    """Return the path undecoded where the server tells it (gunicorn does): ``%2F`` is not ``/``."""
    raw = request.META.get("RAW_URI")
    if isinstance(raw, str):
        return raw.partition("?")[0]
    return quote(request.path, safe="/:@!$&'()*+,;=~-._")
