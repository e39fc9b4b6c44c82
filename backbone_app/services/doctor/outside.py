"""What is outside this machine: our own address, those who sign installations, the mail server."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings

from backbone_app import gateway, mail
from backbone_app.errors import EgressRefused, RemoteUnreachable
from backbone_app.jira.egress import outside
from backbone_app.jira.egress.outside import CertificateRefused, Seen
from backbone_app.mail import MailNotTaken
from backbone_app.services.doctor.findings import Finding, bad, fine, odd

SOON_DAYS: Final = 14
YEAR: Final = 31_536_000
STYLES: Final = "/static/backbone.css"

Ask = Callable[[str], Seen]


def key_hosts(_now: datetime) -> Iterator[Finding]:
    """Make one call to each host whose keys installations and Forge's calls are checked with."""
    for address in (*settings.BACKBONE_INSTALL_KEY_HOSTS, settings.BACKBONE_FORGE_KEYS_URL):
        host = urlsplit(address).hostname
        try:
            gateway.door().send("GET", address, headers={})
        except EgressRefused:
            yield bad(
                "key hosts",
                f"{host} may not be called: its name leads to an address that is not public, or denied.",
                "Look at this machine's DNS and at BACKBONE_DENIED_NETWORKS.",
            )
        except RemoteUnreachable:
            yield bad(
                "key hosts",
                f"{host} does not answer: nobody can install the app.",
                "Let this machine resolve names and call that host over https.",
            )
        else:
            yield fine("key hosts", f"{host} answers")


def mail_server(_now: datetime) -> Iterator[Finding]:
    """Open a connection to the mail server as a mail would; none is sent."""
    if not mail.is_configured():
        yield odd(
            "mail",
            "BACKBONE_MAIL_URL is not set: people are told by the pages alone.",
            "Set it with BACKBONE_MAIL_FROM, and admins can have mail sent to addresses.",
        )
        return
    try:
        mail.reach()
    except MailNotTaken as refused:
        yield bad(
            "mail",
            f"The mail server of BACKBONE_MAIL_URL takes nothing from us ({refused.trouble}).",
            "See that it can be reached from here, speaks TLS with a certificate for its name, and that user "
            "and password are right. Mail waits for a day.",
        )
    else:
        yield fine("mail", "the server can be reached")


def public_address(now: datetime) -> Iterator[Finding]:
    """Look at our own address as somebody from outside does."""
    authorities = str(settings.BACKBONE_AUTHORITIES) if settings.BACKBONE_AUTHORITIES else None

    def ask(path: str) -> Seen:
        return outside.look(settings.BACKBONE_BASE_URL, path, authorities=authorities)

    try:
        health = ask("/healthz")
        yield _certificate(health, now)
        yield _alive(health)
        yield _strict(health)
        yield _descriptor(ask("/atlassian-connect.json"))
        yield _static(ask(STYLES))
    except CertificateRefused as refused:
        yield bad(
            "certificate",
            f"Nobody believes the certificate of {settings.BACKBONE_BASE_URL}: {refused.reason}.",
            "Have it renewed, and served with those that signed it.",
        )
    except RemoteUnreachable:
        yield bad(
            "public address",
            f"{settings.BACKBONE_BASE_URL} cannot be reached from here.",
            "See that the proxy runs and that the name leads to it; if this machine only cannot "
            "reach itself by that name, ask from another one.",
        )


def _certificate(seen: Seen, now: datetime) -> Finding:
    if seen.expires is None:
        return odd("certificate", "The address is plain http.", "Serve https: Jira calls nothing else.")
    days = (seen.expires - now).days
    if days < SOON_DAYS:
        return odd(
            "certificate", f"It ends in {days} days.", "Have it renewed; mostly that fails in silence."
        )
    return fine("certificate", f"good for {days} days")


def _alive(seen: Seen) -> Finding:
    if seen.status == 200 and _json(seen) == {"status": "ok"}:
        return fine("public address", "answers as ours")
    return bad(
        "public address",
        f"/healthz answers {seen.status}, and not as this app does.",
        "See that the proxy hands everything on to gunicorn, with X-Forwarded-Proto and the Host it was "
        "asked for; BACKBONE_BEHIND_PROXY=yes and BACKBONE_ALLOWED_HOSTS belong to it.",
    )


def _strict(seen: Seen) -> Finding:
    age = re.search(r"max-age=(\d+)", seen.headers.get("strict-transport-security", ""))
    if age and int(age[1]) >= YEAR:
        return fine("HSTS", "a year or more")
    return odd(
        "HSTS",
        "Browsers are not told to use https only.",
        "Let the proxy pass the header Strict-Transport-Security on, and say X-Forwarded-Proto.",
    )


def _descriptor(seen: Seen) -> Finding:
    said = _json(seen)
    ours = json.loads((settings.BASE_DIR / "atlassian-connect.json").read_text(encoding="utf-8"))
    ours |= {"key": settings.BACKBONE_APP_KEY, "baseUrl": settings.BACKBONE_BASE_URL}
    if said == ours:
        return fine("descriptor", "served as ours")
    return bad(
        "descriptor",
        "What is served at /atlassian-connect.json is not what this code would serve.",
        "Restart the web server after an upgrade; see that no cache and no other app stands in front.",
    )


def _static(seen: Seen) -> Finding:
    if seen.status == 200:
        return fine("static files", "are served")
    return bad(
        "static files",
        f"{STYLES} answers {seen.status}: pages are without styles and scripts.",
        "Let the proxy hand /static/ on as well, and start the web server in a whole checkout.",
    )


def _json(seen: Seen) -> Any:
    try:
        return json.loads(seen.body)
    except ValueError:
        return None
