"""What an app's account may do: everyday work everywhere, administer only with a scope that says so."""

from jira_sandbox.state.permissions import EVERYDAY, LEADING, OF_EVERYBODY, TRUSTED
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import AppInstallation, Space


def let_in(site: Site, app: AppInstallation, space: Space) -> None:
    """Give the app's account its rights in a space and a part in every role there."""
    site.grant(app.user, *EVERYDAY, *OF_EVERYBODY, *TRUSTED, space=space)
    if app.scopes & {"PROJECT_ADMIN", "ADMIN"}:
        site.grant(app.user, *LEADING, space=space)
    for members in space.roles.values():
        members.add(app.user.account_id)


def let_in_everywhere(site: Site, app: AppInstallation) -> None:
    """Give the app's account its rights on the site; with the scope ADMIN it administers Jira.

    Fewer scopes than before leave fewer rights.
    """
    shut_out(site, app)
    for space in site.spaces.values():
        let_in(site, app, space)
    if "ADMIN" in app.scopes:
        site.grant(app.user, "ADMINISTER")
    site.admit(app.user)


def shut_out(site: Site, app: AppInstallation) -> None:
    """Take from the app's account all that ``let_in_everywhere`` gave it."""
    for space in site.spaces.values():
        site.revoke(app.user, *EVERYDAY, *OF_EVERYBODY, *TRUSTED, *LEADING, space=space)
    site.revoke(app.user, "ADMINISTER")
    site.expel(app.user)
