"""From a person's leave to tokens: the code, what it is exchanged for, and how that is renewed and ends.

Functions that take a ``form`` read what a client sent to the token endpoint; ClientRefused when it is wrong.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping

from jira_sandbox.connect import tokens
from jira_sandbox.datacenter.oauth.asking import Asked
from jira_sandbox.datacenter.oauth.refusals import ClientRefused
from jira_sandbox.state.provider import Client, Code, Grant, Scope
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import User


def allow(site: Site, person: User, asked: Asked) -> str:
    """Note a person's leave and give the code that stands for it."""
    code = site.provider.secret("codes")
    site.provider.codes[code] = Code(
        client_id=asked.client.client_id,
        account_id=person.account_id,
        scope=asked.scope,
        expires=site.clock() + site.provider.code_life,
        challenge=asked.challenge,
        method=asked.method,
    )
    return code


def give(site: Site, client: Client, person: User, scope: Scope) -> Grant:
    """Give tokens outright, as if ``person`` had agreed."""
    return _kept(site, _fresh(site, client, person.account_id, scope, number=site.provider.draw("grants")))


def exchange(site: Site, client: Client, form: Mapping[str, str]) -> Grant:
    """Give tokens for a code. One that comes again gives nothing, and takes back what it gave.

    Whoever brings it the second time may be who it was meant for (RFC 6749, 4.1.2).
    """
    text, provider = _required(form, "code"), site.provider
    code = provider.codes.get(text)
    if code is None or code.client_id != client.client_id:
        raise ClientRefused("invalid_grant", "The authorization code is not valid.")
    if text in provider.exchanged:
        provider.grants.pop(provider.exchanged[text], None)
        raise ClientRefused("invalid_grant", "The authorization code was used before.")
    _must_fit(site, client, code, form)
    grant = give(site, client, _person(site, code.account_id), code.scope)
    provider.exchanged[text] = grant.id
    return grant


def refresh(site: Site, client: Client, form: Mapping[str, str]) -> Grant:
    """Give new tokens for a refresh token; neither old one is good any more."""
    secret = _required(form, "refresh_token")
    _must_return(client, form)
    grant = next((each for each in _of(site, client) if each.refresh_token == secret), None)
    if grant is None or grant.refreshable_until <= site.clock():
        raise ClientRefused("invalid_grant", "The refresh token is not valid.")
    _person(site, grant.account_id)
    return _kept(site, _fresh(site, client, grant.account_id, grant.scope, number=grant.id))


def revoke(site: Site, client: Client, form: Mapping[str, str]) -> None:
    """End the leave that either of its tokens stands for; nothing happens for others (RFC 7009, 2.2)."""
    token = _required(form, "token")
    for each in _of(site, client):
        if token in {each.access_token, each.refresh_token}:
            del site.provider.grants[each.id]


def _fresh(site: Site, client: Client, account_id: str, scope: Scope, *, number: str) -> Grant:
    provider, now = site.provider, site.clock()
    return Grant(
        id=number,
        client_id=client.client_id,
        account_id=account_id,
        scope=scope,
        access_token=_token(site),
        refresh_token=_token(site),
        created=now,
        expires=now + provider.token_life,
        refreshable_until=now + provider.refresh_life,
    )


def _kept(site: Site, grant: Grant) -> Grant:
    site.provider.grants[grant.id] = grant
    return grant


def _token(site: Site) -> str:
    """Draw a token that looks like Jira's, a JWT of an id that says nothing."""
    claims = {"id": site.provider.draw("tokens").replace("-", "")}
    return tokens.sign_hs256(claims, site.provider.secret("token secrets"))


def _must_fit(site: Site, client: Client, code: Code, form: Mapping[str, str]) -> None:
    _must_return(client, form)
    if code.expires <= site.clock():
        raise ClientRefused("invalid_grant", "The authorization code has expired.")
    if code.challenge and not _proves(code, form.get("code_verifier", "")):
        raise ClientRefused("invalid_grant", "The code verifier does not fit the code challenge.")


def _must_return(client: Client, form: Mapping[str, str]) -> None:
    if _required(form, "redirect_uri") != client.redirect_url:
        raise ClientRefused("invalid_grant", "The redirect URI is not the registered one.")


def _proves(code: Code, verifier: str) -> bool:
    """Whether it is the verifier of the challenge (RFC 7636, 4.6)."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    made = digest if code.method == "S256" else verifier.encode()
    return hmac.compare_digest(made, code.challenge.encode())


def _of(site: Site, client: Client) -> list[Grant]:
    return [each for each in site.provider.grants.values() if each.client_id == client.client_id]


def _person(site: Site, account_id: str) -> User:
    person = site.users.get(account_id)
    if person is None or not person.active:
        raise ClientRefused("invalid_grant", "The person who gave leave is not active.")
    return person


def _required(form: Mapping[str, str], name: str) -> str:
    if not form.get(name):
        raise ClientRefused("invalid_request", f"The parameter {name} is required.")
    return form[name]
