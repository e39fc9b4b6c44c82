"""Application links of a Data Center: a Jira admin makes one for an external application, and deletes it.

As in https://confluence.atlassian.com/adminjiraserver/configure-an-incoming-link-1115659067.html, on pages of
their own in the place of dialogs.
"""

from jira_sandbox.datacenter.oauth import clients
from jira_sandbox.pages.visit import Visit, go_to, page
from jira_sandbox.state.provider import SCOPES
from jira_sandbox.wire import Refusal, Response

PATH = "/plugins/servlet/applinks/listApplicationLinks"
_EMPTY = {"name": "", "redirect_url": "", "scope": "READ"}


def show(visit: Visit) -> Response:
    """List the links."""
    _must_administer(visit)
    return page(visit, "applinks.html", links=list(visit.site.provider.clients.values()))


def choose(visit: Visit) -> Response:
    """Ask what the new link is to, as far as this version knows it."""
    _must_administer(visit)
    return page(visit, "newlink.html", has_provider=visit.site.edition.has_provider)


def ask(visit: Visit) -> Response:
    """Ask for an incoming link to an external application."""
    _must_administer(visit)
    clients.must_provide(visit.site)
    return _form(visit, form=_EMPTY, errors={})


def create(visit: Visit) -> Response:
    """Save the link and show its credentials; the form again when something is wrong with it."""
    _must_administer(visit)
    form = _EMPTY | {name: text.strip() for name, text in visit.form.items() if name in _EMPTY}
    try:
        client = clients.register(visit.site, **form)
    except Refusal as refusal:
        if not refusal.errors:
            raise
        return _form(visit, form=form, errors=refusal.errors)
    return go_to(f"{PATH}/{client.client_id}")


def credentials(visit: Visit, *, client: str) -> Response:
    """Show the client id and the client secret of a link."""
    _must_administer(visit)
    return page(visit, "applink.html", link=clients.find(visit.site, client))


def delete(visit: Visit, *, client: str) -> Response:
    """Delete a link."""
    _must_administer(visit)
    clients.remove(visit.site, clients.find(visit.site, client))
    return go_to(PATH)


def _form(visit: Visit, *, form: dict[str, str], errors: dict[str, str]) -> Response:
    options = [{"id": each, "name": each.replace("_", " ").capitalize()} for each in SCOPES]
    return page(visit, "incoming.html", form=form, errors=errors, options=options)


def _must_administer(visit: Visit) -> None:
    if visit.site.edition.is_cloud:
        raise Refusal(404, "There are no application links here.")
    if not visit.site.may(visit.person, "ADMINISTER"):
        raise Refusal(403, "Only Jira admins can manage application links. Ask one of them.")
