"""Personal access tokens, which people make for their scripts; each is as good as the person.

https://confluence.atlassian.com/enterprise/using-personal-access-tokens-1026032365.html
"""

import base64
from datetime import datetime, timedelta

from jira_sandbox.meters import Cost
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.provider import PersonalToken
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Json, User
from jira_sandbox.wire import Refusal, Response, answer

LONGEST_NAME = 255
MOST_DAYS = 365
"""What ``expirationDuration`` may be at most, as Jira comes."""
PATH = "/rest/pat/latest/tokens"


def make(site: Site, person: User, *, name: str, days: int | None = None) -> PersonalToken:
    """Make a token for ``person`` that ends after so many days, or never."""
    number, now = site.next_id("personal token"), site.clock()
    secret = base64.b64encode(f"{number}:{site.provider.secret('personal tokens')}".encode())[:44].decode()
    site.personal_tokens[number] = PersonalToken(
        id=number,
        account_id=person.account_id,
        name=name,
        secret=secret,
        created=now,
        expires=now + timedelta(days=days) if days else None,
    )
    return site.personal_tokens[number]


def create(call: Call) -> Response:
    """Make a token for the caller; only this answer tells the token itself."""
    _must_have_them(call.site)
    body = call.body()
    name, days = body.get("name"), body.get("expirationDuration")
    if not isinstance(name, str) or not 0 < len(name.strip()) <= LONGEST_NAME:
        raise Refusal(400, errors={"name": f"A token needs a name, at most {LONGEST_NAME} characters long."})
    if days is not None and (type(days) is not int or not 0 < days <= MOST_DAYS):
        raise Refusal(400, errors={"expirationDuration": f"It must be 1 to {MOST_DAYS} days."})
    made = make(call.site, call.actor, name=name.strip(), days=days)
    return answer(201, _shown(made) | {"rawToken": made.secret})


def listed(call: Call) -> Response:
    """List the caller's tokens, the oldest first."""
    _must_have_them(call.site)
    shown = [_shown(each) for each in call.site.personal_tokens.values() if _is_own(call, each)]
    return answer(200, shown, objects=len(shown))


def delete(call: Call) -> Response:
    """Take a token of the caller's back: whoever has it is nobody from now on."""
    _must_have_them(call.site)
    number = call.names["tokenId"]
    found = call.site.personal_tokens.get(int(number)) if number.isdecimal() else None
    if found is None or not _is_own(call, found):
        raise Refusal(404, "The token does not exist.")
    del call.site.personal_tokens[found.id]
    return answer(204)


def _must_have_them(site: Site) -> None:
    if not site.edition.has_access_tokens:
        raise Refusal(404, "null for uri")


def _is_own(call: Call, token: PersonalToken) -> bool:
    return token.account_id == call.actor.account_id


def _shown(token: PersonalToken) -> dict[str, Json]:
    moments = {"createdAt": token.created, "expiringAt": token.expires, "lastAccessedAt": token.used}
    told = {name: _moment(when) for name, when in moments.items() if when}
    return {"id": token.id, "name": token.name, **told}


def _moment(when: datetime) -> str:
    return f"{when:%Y-%m-%dT%H:%M:%S}.{when.microsecond // 1000:03d}Z"


ROUTES = (
    Route("GET", PATH, listed, scope="INACCESSIBLE", cost=Cost.IDENTITY),
    Route("POST", PATH, create, scope="INACCESSIBLE", cost=Cost.WRITE),
    Route("DELETE", f"{PATH}/{{tokenId}}", delete, scope="INACCESSIBLE", cost=Cost.WRITE),
)
"""No application may: what it made would outlive its scope and its leave."""
