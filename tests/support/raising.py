"""A URLconf whose views raise, for the tests of the error table."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from backbone_app import errors
from backbone_app.web.auth import public

RAISED: list[Exception] = []
"""What the next request raises."""


@public
def raising(request: HttpRequest) -> HttpResponse:
    raise RAISED.pop()


urlpatterns = [path("raise", raising)]
handler400 = "backbone_app.web.errors.malformed"
handler403 = "backbone_app.web.errors.forbidden"
handler404 = "backbone_app.web.errors.not_found"
handler500 = "backbone_app.web.errors.crashed"

SITE = "acme.atlassian.net"
EVERY_KIND: list[tuple[errors.BackboneError, int]] = [
    (errors.NotAuthenticated("case"), 401),
    (errors.Gone(), 410),
    (errors.LinkSpent(), 410),
    (errors.LinkGone(), 410),
    (errors.SignInOver(), 400),
    (errors.WithoutSecret("https://acme.atlassian.net"), 401),
    (errors.AddressWaiting("https://acme.atlassian.net"), 503),
    (errors.NotAllowed("You need a right."), 403),
    (errors.NotFound("request"), 404),
    (errors.Outdated("Somebody was faster."), 409),
    (errors.Closed("It was answered."), 410),
    (errors.NotLicensed("The remote licence has expired."), 409),
    (errors.NoOAuthApp(), 409),
    (errors.LinkToMend(), 409),
    (errors.InvalidInput("name", "The name is too long."), 422),
    (errors.MalformedDelivery("it is not JSON"), 400),
    (errors.NotJson(), 415),
    (errors.TooLarge(), 413),
    (errors.TooMany(7.5), 429),
    (errors.EgressRefused(), 400),
    (errors.RemoteBusy(SITE, 7.5), 503),
    (errors.HeldOff(SITE, 1800), 503),
    (errors.RemoteUnreachable(SITE), 503),
    (errors.CertificateRefused(SITE, "self-signed certificate"), 503),
    (errors.LinkBroken(SITE), 502),
    (errors.OutcomeUnknown(SITE), 502),
    (errors.RemoteRefused(SITE, 400, messages=("quoting what a user typed",)), 502),
    (errors.RemoteMissing(SITE, 404), 502),
    (errors.RemoteMoved(SITE, 302), 502),
    (errors.SecretUnreadable("a place"), 503),
    (errors.LeaseLost(), 500),
    (errors.LinkBroken(SITE), 502),
    (errors.LinkGone(), 410),
    (errors.SignInOver(), 400),
    (errors.CertificateRefused(SITE, "it has expired"), 503),
]
