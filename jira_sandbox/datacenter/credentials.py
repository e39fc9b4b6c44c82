"""Who calls a Data Center: a person by password or personal access token, an application for a person.

Where basic authentication is off, Jira answers 403 to whoever tries it:
https://confluence.atlassian.com/enterprise/disabling-basic-authentication-1044776464.html
https://codeclou.io/blog/2021/03/disabling-basic-auth-in-jira-and-allowlisting-customfield-editor-rest-api/
"""

from urllib.parse import quote

from jira_sandbox.auth import REFUSED, Caller, by_password
from jira_sandbox.datacenter.oauth import scopes
from jira_sandbox.datacenter.refusals import Stopped
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import User
from jira_sandbox.wire import Refusal, Request

SWITCHED_OFF = "Basic Authentication has been disabled on this instance."


def identify(site: Site, request: Request) -> Caller | None:
    """Find the caller, None when the request names nobody; Refusal 401 when it names somebody wrongly.

    403 for a password where none is taken.
    """
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    match scheme.lower():
        case "":
            return None
        case "basic" if not takes_passwords(site):
            raise Stopped(403, SWITCHED_OFF)
        case "basic":
            return Caller(kind="person", user=by_password(site, credentials.strip()))
        case "bearer":
            return _bearer(site, credentials.strip())
        case _:
            raise Refusal(401, REFUSED)


def takes_passwords(site: Site) -> bool:
    """Whether basic authentication is on: as somebody switched it, else as the edition comes."""
    return site.edition.takes_passwords if site.takes_passwords is None else site.takes_passwords


def challenge(site: Site, request: Request) -> dict[str, str]:
    """Give the headers of a 401, which name OAuth whatever is taken, as logs of Jira's answers show."""
    headers = {"WWW-Authenticate": f'OAuth realm="{quote(site.base_url, safe="")}"'}
    was_tried = "authorization" in request.headers
    return headers | ({"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"} if was_tried else {})


def _bearer(site: Site, token: str) -> Caller:
    return _owner(site, token) or _application(site, token)


def _owner(site: Site, secret: str) -> Caller | None:
    """Find the person whose personal access token it is; from now on it has been used."""
    now = site.clock()
    found = next((each for each in site.personal_tokens.values() if each.secret == secret), None)
    if found is None:
        return None
    if not found.is_good(now):
        raise Refusal(401, REFUSED)
    found.used = now
    return Caller(kind="person", user=_active(site, found.account_id))


def _application(site: Site, token: str) -> Caller:
    """Let an application act for the person who gave it leave, within the scope and that person's rights."""
    grants = site.provider.grants.values()
    found = next((each for each in grants if each.access_token == token), None)
    if found is None or found.expires <= site.clock():
        raise Refusal(401, REFUSED)
    person = _active(site, found.account_id)
    return Caller(kind="app", user=person, scopes=scopes.operations(site, person, found.scope))


def _active(site: Site, account_id: str) -> User:
    person = site.users.get(account_id)
    if person is None or not person.active:
        raise Refusal(401, REFUSED)
    return person
