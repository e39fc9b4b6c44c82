"""Who administers what, and Jira's words for whoever does not."""

from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Space, User
from jira_sandbox.wire import Refusal

ADMINS_ONLY = "Only Jira administrators can perform this operation."


def administers(site: Site, actor: User, space: Space) -> bool:
    """Whether ``actor`` administers the space, or all of Jira."""
    return site.may(actor, "ADMINISTER") or site.may(actor, "ADMINISTER_PROJECTS", space=space)


def must_administer_jira(site: Site, actor: User, *, status: int = 403) -> None:
    """Refusal for whoever does not administer Jira; some operations answer 401 or 404 for it."""
    if not site.may(actor, "ADMINISTER"):
        raise Refusal(status, ADMINS_ONLY)


def must_be_live(space: Space, *, status: int = 400) -> None:
    """Refusal for a space that is archived, and so read-only with all it offers."""
    if space.is_archived:
        raise Refusal(status, f"Project {space.key} is archived. You can't change archived projects.")


def views(site: Site, actor: User, space: Space) -> bool:
    """Whether ``actor`` is told of the space in lists: for it, browsing or administering is enough."""
    return site.may(actor, "BROWSE_PROJECTS", space=space) or administers(site, actor, space)
