"""What clients ask the provider without a person: tokens, and the end of them."""

import hmac
from urllib.parse import parse_qsl

from jira_sandbox.datacenter.oauth import clients, granting
from jira_sandbox.datacenter.oauth.refusals import ClientRefused
from jira_sandbox.meters import Cost
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.provider import Client, Grant
from jira_sandbox.wire import Response, answer

Form = dict[str, str]
_GRANTS = {"authorization_code": granting.exchange, "refresh_token": granting.refresh}


def token(call: Call) -> Response:
    """Give tokens for a code or a refresh token."""
    clients.must_provide(call.site)
    form = _form(call)
    try:
        return _told(_granted(call, form))
    except ClientRefused as refused:
        return refused.answer()


def revoke(call: Call) -> Response:
    """End what a token stands for; 200 whatever it was, if the client is known."""
    clients.must_provide(call.site)
    form = _form(call)
    try:
        granting.revoke(call.site, _client(call, form), form)
    except ClientRefused as refused:
        return refused.answer()
    return Response(200)


def _granted(call: Call, form: Form) -> Grant:
    kind = form.get("grant_type", "")
    if not kind:
        raise ClientRefused("invalid_request", "The parameter grant_type is required.")
    if kind not in _GRANTS:
        raise ClientRefused("unsupported_grant_type", "The grant type is not supported.")
    return _GRANTS[kind](call.site, _client(call, form), form)


def _client(call: Call, form: Form) -> Client:
    found = call.site.provider.clients.get(form.get("client_id", ""))
    secret = form.get("client_secret", "")
    if found is None or not hmac.compare_digest(found.client_secret.encode(), secret.encode()):
        raise ClientRefused("invalid_client", "The client id or the client secret is not valid.")
    return found


def _form(call: Call) -> Form:
    """Read the form; what stands in the address is not heeded, for addresses end up in logs."""
    return dict(parse_qsl(call.request.body.decode(errors="replace"), keep_blank_values=True))


def _told(grant: Grant) -> Response:
    shown = {
        "access_token": grant.access_token,
        "token_type": "bearer",
        "expires_in": int((grant.expires - grant.created).total_seconds()),
        "refresh_token": grant.refresh_token,
        "created_at": int(grant.created.timestamp()),
    }
    told = answer(200, shown)
    return Response(200, {**told.headers, "Cache-Control": "no-store"}, told.body, told.objects)


_OAUTH = "/rest/oauth2/latest"
ROUTES = (
    Route("POST", f"{_OAUTH}/token", token, scope="NONE", cost=Cost.WRITE, is_public=True),
    Route("POST", f"{_OAUTH}/revoke", revoke, scope="NONE", cost=Cost.WRITE, is_public=True),
)
