"""Data Center's authorize page: an application asks a person for leave, who allows it or denies it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from jira_sandbox.datacenter.oauth import asking, granting
from jira_sandbox.pages.visit import Visit, page
from jira_sandbox.state.provider import Scope
from jira_sandbox.wire import Response

_MEANINGS: Final[Mapping[Scope, str]] = MappingProxyType(
    {
        "READ": "View what you can see in Jira.",
        "WRITE": "View, create, change and delete what you can in Jira.",
        "ADMIN": "Administer Jira as far as you can, and all that you can do there.",
        "SYSTEM_ADMIN": "Administer the whole system as far as you can, and all that you can do in Jira.",
    }
)


def ask(visit: Visit) -> Response:
    """Show who asks for what, once it is known who is asked; an error goes to the client at once."""
    told = dict(visit.request.query)
    try:
        asked = asking.read(visit.site, told)
    except asking.SentBack as back:
        return _sent(back.address)
    target = urlsplit(asked.client.redirect_url)
    return page(
        visit,
        "consent.html",
        leads_to=f"{target.scheme}://{target.netloc}",
        person=visit.person,
        asked=asked,
        meaning=_MEANINGS[asked.scope],
        told=told,
    )


def decide(visit: Visit) -> Response:
    """Take the person's answer to the client."""
    person = visit.person
    try:
        asked = asking.read(visit.site, visit.form)
    except asking.SentBack as back:
        return _sent(back.address)
    if visit.form.get("decision") != "allow":
        return _sent(asked.denied())
    return _sent(asked.allowed(granting.allow(visit.site, person, asked)))


def _sent(address: str) -> Response:
    return Response(302, {"Location": address, "Cache-Control": "no-store"})
