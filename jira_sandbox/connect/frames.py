"""Addresses and tokens for an app's pages inside Jira's."""

from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from jira_sandbox.connect import tokens
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Json, User
from jira_sandbox.world import World

FRAME_LIFE = 900


def signed_url(world: World, site: Site, viewer: User, url: str, *, context: dict[str, str]) -> str:
    """The address of an iframe: ``url`` of a module with its ``{project.id}`` and the like filled from ``context``.

    Carries the parameters Jira adds and a token for ``viewer`` that is good for this address for 15 minutes.
    """
    app = site.app
    for name, value in context.items():
        url = url.replace(f"${{{name}}}", quote(value, safe="")).replace(f"{{{name}}}", quote(value, safe=""))
    target = urlsplit(url)
    query = [
        *parse_qsl(target.query, keep_blank_values=True),
        ("xdm_e", site.base_url),
        ("xdm_c", f"channel-{app.key}__{target.path.strip('/').replace('/', '-')}"),
        ("cp", ""),
        ("xdm_deprecated_addon_key_do_not_use", app.key),
        ("lic", "none"),
        ("cv", "1001.0.0-SNAPSHOT"),
    ]
    claims = _claims(world, site, viewer, context)
    token = tokens.sign_hs256(
        {**claims, "qsh": tokens.query_string_hash("GET", target.path, query)}, app.shared_secret
    )
    return f"{app.base_url}{target.path}?{urlencode([*query, ('jwt', token)], quote_via=quote)}"


def page_token(world: World, site: Site, viewer: User, *, context: dict[str, str]) -> str:
    """What ``AP.context.getToken`` gives a page: a token for its own calls home, bound to no address."""
    claims = {**_claims(world, site, viewer, context), "qsh": tokens.PAGE_HASH}
    return tokens.sign_hs256(claims, site.app.shared_secret)


def _claims(world: World, site: Site, viewer: User, context: dict[str, str]) -> tokens.Claims:
    issued = int(world.clock().timestamp())
    return {
        "iss": site.app.client_key,
        "sub": viewer.account_id,
        "iat": issued,
        "exp": issued + FRAME_LIFE,
        "context": {"jira": _nested(context)},
    }


def _nested(context: dict[str, str]) -> dict[str, Json]:
    """``{"project.id": "1"}`` as ``{"project": {"id": "1"}}``, the form of the token's context."""
    nested: dict[str, dict[str, str]] = {}
    for name, value in context.items():
        thing, _, attribute = name.partition(".")
        nested.setdefault(thing, {})[attribute] = value
    return dict(nested)
