"""The start page, and choosing who one is."""

from jira_sandbox.pages.visit import THEMES, Visit, go_to, page, user_cookie
from jira_sandbox.wire import Refusal, Response


def spaces(visit: Visit) -> Response:
    """Show the spaces the person may see, with what is in them."""
    rows = [
        (
            space,
            visit.site.users[space.lead].display_name,
            sum(issue.space_id == space.id for issue in visit.site.issues.values()),
        )
        for space in visit.site.spaces_seen_by(visit.person)
    ]
    return page(visit, "home.html", rows=rows)


def accounts(visit: Visit) -> Response:
    """Show the accounts to choose from."""
    return page(visit, "signin.html", next=visit.request.parameter("next", "/"))


def sign_in(visit: Visit) -> Response:
    """Be the chosen person from now on."""
    try:
        user = visit.site.user(visit.form.get("account", ""))
    except LookupError:
        raise Refusal(404, "There is no such account on this site.") from None
    if user.account_type != "atlassian" or not user.active:
        raise Refusal(403, f"{user.display_name} cannot sign in.")
    return go_to(visit.form.get("next", "/"), cookie=(user_cookie(visit.site), user.account_id))


def choose_theme(visit: Visit) -> Response:
    """Keep the theme in this browser; the app in the iframe follows it."""
    wanted = visit.form.get("theme", "")
    if wanted not in THEMES:
        raise Refusal(400, "There is no such theme.")
    return go_to(visit.form.get("next", "/"), cookie=("sandbox_theme", wanted))
