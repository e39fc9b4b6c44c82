"""Signing in on a site that our app is not installed on: the pages outside Jira, and the way back to us.

A link's page shows who asks for what (GET) and goes on when its button is pressed (POST). What keeps others
from pressing it for somebody: a cookie that only our own page sets, and a form token that belongs to that
cookie. The cookie is no session: it lasts a quarter of an hour and says nothing but that it is this browser.
"""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from backbone_app.errors import LinkGone, SignInOver
from backbone_app.services import link_hooks, linking
from backbone_app.services.link_hooks import Webhook
from backbone_app.services.linking import Departure, Landing, Opening, Return
from backbone_app.web import rates
from backbone_app.web.auth import Credential, Statement, Who, counted, stating
from backbone_app.web.headers import OPENED_FROM_JIRA, STANDS_ALONE

COOKIE: Final = "backbone-sign-in" if settings.BACKBONE_ALLOW_LOOPBACK else "__Host-backbone-sign-in"
COOKIE_SECONDS: Final = 15 * 60
FORM_SECONDS: Final = 60 * 60
VERIFIER_BYTES: Final = 32

View = Callable[[HttpRequest, str, Opening], HttpResponse]
_TOLD: Final = ("state", "code", "error", "iss")
"""All that is read of the address by which somebody comes back."""


def sign_in_link(view: View) -> Callable[[HttpRequest, str], HttpResponseBase]:
    """Take a link's token in the address; the view gets what it opens. Others get 410.

    An address that tries many in vain has none looked at for a while.
    """

    @wraps(view)
    def proven(request: HttpRequest, token: str) -> HttpResponse:
        _stand_alone(request)
        rates.admit_guess(request)
        return view(request, token, counted(request, lambda each: _opened(each, token)))

    return stating(Statement(Credential.SIGN_IN_LINK, Who.HOLDER), proven)


def _opened(request: HttpRequest, token: str) -> Opening:
    try:
        return linking.opening(token, now=timezone.now())
    except LinkGone:
        rates.count_guess(request)
        raise


def _signing_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Take the browser that our page has sent away, and no other one: by its cookie, and its state."""

    @wraps(view)
    def proven(request: HttpRequest, **named: UUID) -> HttpResponse:
        _stand_alone(request)
        return counted(request, lambda each: view(each, **named))

    return stating(Statement(Credential.SIGN_IN, Who.SIGNING_IN), proven)


@require_http_methods(["GET", "POST"])
@sign_in_link
def sign_in(request: HttpRequest, token: str, opened: Opening) -> HttpResponse:
    """Show who asks for what (GET), or go on to the other site (POST)."""
    browser = request.COOKIES.get(COOKIE, "")
    if request.method == "POST":
        counted(request, lambda each: _must_be_our_form(each, browser, opened.attempt))
        leads_to = linking.depart(token, _departure(browser), now=timezone.now())
        return _remembered(_going_on(request, leads_to), browser)
    browser = browser or secrets.token_urlsafe(32)
    shown = linking.landing(token, now=timezone.now())
    form_token = _form_token(browser, opened.attempt)
    context = {"opened": shown, "token": token, "form_token": form_token, "title": _title("Sign in")}
    context |= {"webhook": _webhook(shown)}
    return _remembered(render(request, "sign_in/landing.html", context), browser)


@require_http_methods(["GET", "POST"])
@sign_in_link
def take_back(request: HttpRequest, token: str, opened: Opening) -> HttpResponse:
    """Ask whoever has the link whether access is to be taken back (GET), and take it back (POST)."""
    shown = linking.landing(token, now=timezone.now())
    return _taking_back(request, opened.attempt, shown, reverse("take-back", args=[token]))


@require_http_methods(["GET", "POST"])
@_signing_in
def take_back_at_once(request: HttpRequest, attempt: UUID) -> HttpResponse:
    """Do the same for the browser that has just been there, and may not have the link."""
    arrived = linking.arrived(attempt, request.COOKIES.get(COOKIE, ""), now=timezone.now())
    return _taking_back(request, attempt, arrived, reverse("take-back-at-once", args=[attempt]))


@require_GET
@_signing_in
def callback_of_data_center(request: HttpRequest, application: UUID) -> HttpResponse:
    """Take a browser back from a Data Center."""
    return _came_back(request, application)


@require_GET
@_signing_in
def callback_of_cloud(request: HttpRequest) -> HttpResponse:
    """Take a browser back from Atlassian: one address for all Cloud sites, as its OAuth app has one."""
    return _came_back(request, None)


def _came_back(request: HttpRequest, application: UUID | None) -> HttpResponse:
    """Show what became of it at an address without a code."""
    told = [request.GET.getlist(name) for name in _TOLD]
    if any(len(each) > 1 for each in told):
        raise SignInOver
    state, code, error, issuer = (each[0] if each else "" for each in told)
    back = Return(state, request.COOKIES.get(COOKIE, ""), code, error, issuer)
    row = linking.conclude(back, application=application, now=timezone.now())
    return HttpResponseRedirect(reverse("signed-in", args=[row.pk]), status=303)


@require_POST
@_signing_in
def sign_in_again(request: HttpRequest, attempt: UUID) -> HttpResponse:
    """Lead the browser there once more that comes from a sign-in which came to nothing."""
    browser = request.COOKIES.get(COOKIE, "")
    linking.arrived(attempt, browser, now=timezone.now())  # raises LinkGone for any other browser
    counted(request, lambda each: _must_be_our_form(each, browser, attempt))
    leads_to = linking.depart_again(attempt, _departure(browser), now=timezone.now())
    return _remembered(_going_on(request, leads_to), browser)


@require_GET
@_signing_in
def signed_in(request: HttpRequest, attempt: UUID) -> HttpResponse:
    """Show what became of the sign-in to the browser that was there."""
    browser = request.COOKIES.get(COOKIE, "")
    arrived = linking.arrived(attempt, browser, now=timezone.now())
    title = _title("Signed in" if arrived.is_done else "Not signed in")
    context = {"arrived": arrived, "form_token": _form_token(browser, attempt), "title": title}
    context |= {"webhook": _webhook(arrived)}
    return render(request, "sign_in/signed_in.html", context)


def new_token() -> str:
    """Draw what nobody can guess: 256 bits."""
    return secrets.token_urlsafe(32)


def address(token: str) -> str:
    """Give the whole address of a link, to be opened outside Jira."""
    return f"{settings.BACKBONE_BASE_URL}{reverse('sign-in', args=[token])}"


def _stand_alone(request: HttpRequest) -> None:
    request.META[STANDS_ALONE] = request.META[OPENED_FROM_JIRA] = True


def _webhook(opened: Landing) -> Webhook | None:
    """Show the webhook to whoever has let us in: somebody over there may have to make it by hand."""
    return link_hooks.beyond(opened.link) if opened.link else None


def _title(what: str) -> str:
    return f"{what} - Backbone Work Sync"


def _departure(browser: str) -> Departure:
    return Departure(secrets.token_urlsafe(32), browser, secrets.token_bytes(VERIFIER_BYTES))


def _going_on(request: HttpRequest, leads_to: str) -> HttpResponse:
    """Lead to the other site by a page of its own.

    After a redirect browsers would hold our policy for forms against every host on the way, and where people
    sign in at an identity provider of theirs we do not know which those are.
    """
    told = {"host": urlsplit(leads_to).hostname or "", "leads_to": leads_to, "title": _title("Sign in")}
    answer = render(request, "sign_in/going_on.html", told)
    answer["Refresh"] = f"0; url={leads_to}"
    return answer


def _must_be_our_form(request: HttpRequest, browser: str, attempt: UUID) -> None:
    """Make sure that our page was shown in this browser and its button pressed; raises SignInOver."""
    try:
        signed = _signer(browser).unsign(request.POST.get("form_token", ""), max_age=FORM_SECONDS)
    except BadSignature:
        raise SignInOver from None
    if not browser or signed != str(attempt):
        raise SignInOver


def _taking_back(request: HttpRequest, attempt: UUID, opened: Landing, action: str) -> HttpResponse:
    browser = request.COOKIES.get(COOKIE, "")
    title = _title("Take back")
    if request.method == "POST":
        counted(request, lambda each: _must_be_our_form(each, browser, attempt))
        is_told = linking.take_back(opened, now=timezone.now())
        told = {"opened": opened, "is_told": is_told, "title": title}
        return render(request, "sign_in/taken_back.html", told)
    browser = browser or secrets.token_urlsafe(32)
    asked = {"opened": opened, "action": action, "form_token": _form_token(browser, attempt), "title": title}
    return _remembered(render(request, "sign_in/take_back.html", asked), browser)


def _form_token(browser: str, attempt: UUID) -> str:
    return _signer(browser).sign(str(attempt))


def _signer(browser: str) -> TimestampSigner:
    return TimestampSigner(salt=f"backbone_app.web.sign_in {browser}")


def _remembered(response: HttpResponse, browser: str) -> HttpResponse:
    """Know the browser again when the other site sends it back: a lax cookie comes along then."""
    is_secure = not settings.BACKBONE_ALLOW_LOOPBACK
    response.set_cookie(
        COOKIE, browser, max_age=COOKIE_SECONDS, secure=is_secure, httponly=True, samesite="Lax"
    )
    return response
