"""Incoming application links: which applications may ask people for leave, and where they take it.

https://confluence.atlassian.com/adminjiraserver/configure-an-incoming-link-1115659067.html
"""

from urllib.parse import urlsplit

from jira_sandbox.state.provider import SCOPES, Client
from jira_sandbox.state.site import Site
from jira_sandbox.wire import Refusal

LONGEST_NAME = 255


def must_provide(site: Site) -> None:
    """Refuse with 404 where there is no OAuth 2.0 provider."""
    if not site.edition.has_provider:
        raise Refusal(404, "There is no OAuth 2.0 provider here.")


def register(site: Site, *, name: str, redirect_url: str, scope: str = "WRITE") -> Client:
    """Save a link and give its credentials; Refusal 400 names what the form says wrongly."""
    must_provide(site)
    faults = _faults(site, name=name, redirect_url=redirect_url, scope=scope)
    if faults:
        raise Refusal(400, errors=faults)
    client = Client(
        client_id=site.provider.draw("client ids").replace("-", ""),
        client_secret=site.provider.secret("client secrets"),
        name=name.strip(),
        redirect_url=redirect_url,
        scope=next(each for each in SCOPES if each == scope),
    )
    site.provider.clients[client.client_id] = client
    return client


def find(site: Site, client_id: str) -> Client:
    """Find a link by its client id; Refusal 404 if there is none."""
    found = site.provider.clients.get(client_id)
    if found is None:
        raise Refusal(404, "There is no such application link.")
    return found


def remove(site: Site, client: Client) -> None:
    """Delete a link; what it was given dies with it."""
    provider = site.provider
    number = client.client_id
    del provider.clients[number]
    provider.codes = {code: each for code, each in provider.codes.items() if each.client_id != number}
    provider.grants = {name: each for name, each in provider.grants.items() if each.client_id != number}


def _faults(site: Site, *, name: str, redirect_url: str, scope: str) -> dict[str, str]:
    rules = (
        ("name", 0 < len(name.strip()) <= LONGEST_NAME, "Enter a name."),
        ("redirect_url", _is_address(redirect_url), "Enter a valid URL."),
        ("redirect_url", _is_safe(site, redirect_url), "The redirect URL must use HTTPS."),
        ("scope", scope in SCOPES, "Choose a permission."),
    )
    return {field: words for field, is_met, words in reversed(rules) if not is_met}


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    is_plain = url.isascii() and url.isprintable() and " " not in url
    return is_plain and parts.scheme in {"http", "https"} and bool(parts.hostname) and "#" not in url


def _is_safe(site: Site, url: str) -> bool:
    """Whether codes go over TLS; a sandbox that is served without it, on loopback, asks that of nobody."""
    return url.startswith("https://") or site.base_url.startswith("http://")
