"""Where a delivery goes: the address of its webhook with its places filled, and with who was at work."""

from urllib.parse import quote, urlencode

from jira_sandbox.events import Event
from jira_sandbox.state.site import Site

_CHANGED_PERSON = "modifiedUser.accountId"


def filled(site: Site, url: str, event: Event) -> str:
    """Fill the places as the edition writes them (others stay), and name who brought the event about.

    They are named by ``user_id``, the user name, and ``user_key``; nobody is when nobody is known.
    """
    for name, value in _known(site, event).items():
        url = url.replace(site.edition.place(name), quote(value, safe=""))
    if event.actor is None:
        return url
    who = urlencode({"user_id": event.actor.name, "user_key": event.actor.account_id})
    return f"{url}{'&' if '?' in url else '?'}{who}"


def _known(site: Site, event: Event) -> dict[str, str]:
    known = {name: value for name, value in event.names.items() if name != _CHANGED_PERSON}
    if key := event.names.get(_CHANGED_PERSON):
        known |= {"modifiedUser.key": key, "modifiedUser.name": site.users[key].name}
    if event.issue:
        space = site.space_of(event.issue)
        known |= {"issue.id": event.issue.id, "issue.key": event.issue.key}
        known |= {"project.id": space.id, "project.key": space.key}
    return known
