"""``POST https://auth.atlassian.com/oauth/token``: tokens for a code, and new ones for a refresh token.

Statuses and words as Atlassian's server gives them: 401 ``access_denied`` for a client that is none, 403 for
what is worth nothing. https://developer.atlassian.com/cloud/oauth/getting-started/refresh-tokens/
"""

import hmac
import json
from urllib.parse import parse_qsl

from jira_sandbox.state.threelo import OAuthApp
from jira_sandbox.state.values import Json
from jira_sandbox.threelo import granting
from jira_sandbox.threelo.refusals import GrantRefusal
from jira_sandbox.wire import Request, Response, answer
from jira_sandbox.world import World

HOST = "auth.atlassian.com"
PATH = "/oauth/token"
Form = dict[str, Json]


def answered(world: World, request: Request) -> Response:
    """Answer a token request, in JSON or as a form; misfortunes and hooks meet it too."""
    misfortune = world.misfortunes.strike(HOST, "nobody", request)
    spared = misfortune.before_effect() if misfortune else None
    if spared:
        return spared
    world.hooks.run_before("nobody", request)
    response = _answer(world, request)
    world.hooks.run_after("nobody", request)
    return misfortune.after_effect(response) if misfortune else response


def _answer(world: World, request: Request) -> Response:
    try:
        form = _form(request)
        with world.lock:
            return answer(200, _told(world, _granted(world, form)))
    except GrantRefusal as refusal:
        return refusal.answer()


def _granted(world: World, form: Form) -> granting.Tokens:
    kind = _text(form, "grant_type")
    if kind not in {"authorization_code", "refresh_token"}:
        raise GrantRefusal(403, "unsupported_grant_type", f"Unsupported grant type: {kind}")
    app = _client(world, form)
    if kind == "refresh_token":
        return granting.refreshed(world, app, _text(form, "refresh_token"))
    code = _text(form, "code")
    if _text(form, "redirect_uri") != app.callback_url:
        raise GrantRefusal(403, "unauthorized_client", "The redirect URI is not that of the app.")
    return granting.exchanged(world, app, code)


def _client(world: World, form: Form) -> OAuthApp:
    app = world.accounts.apps.get(_text(form, "client_id"))
    secret = _text(form, "client_secret")
    if app is None or not hmac.compare_digest(app.client_secret.encode(), secret.encode()):
        raise GrantRefusal(401, "access_denied", "Unauthorized")
    return app


def _told(world: World, tokens: granting.Tokens) -> Json:
    told: Form = {
        "access_token": tokens.access_token,
        "expires_in": int(world.accounts.access_life.total_seconds()),
        "token_type": "Bearer",
        "scope": " ".join(tokens.scopes),
    }
    return told | ({"refresh_token": tokens.refresh_token} if tokens.refresh_token else {})


def _form(request: Request) -> Form:
    if not request.headers.get("content-type", "").startswith("application/json"):
        return dict(parse_qsl(request.body.decode(errors="replace")))
    try:
        read = json.loads(request.body)
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, dict):
        raise GrantRefusal(400, "invalid_request", "The body is not a JSON object.")
    return read


def _text(form: Form, name: str) -> str:
    value = form.get(name)
    if not isinstance(value, str) or not value:
        raise GrantRefusal(400, "invalid_request", f"Missing required parameter: {name}")
    return value
