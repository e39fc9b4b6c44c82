"""How the client ``jira`` is asked for the same on the Cloud and on Data Center."""

import warnings
from typing import Any, ClassVar

from jira import JIRA, Issue, User

from jira_sandbox.state.site import Site
from tests.clients.kinds import Kind


def client(kind: Kind, site: Site, name: str, secret: str = "") -> JIRA:
    """Sign somebody in, by default with what is right."""
    told = secret or kind.secret(site, name)
    shown: dict[str, Any] = {"token_auth": told} if kind.way == "token" else {"basic_auth": (name, told)}
    return JIRA(server=site.base_url, max_retries=0, **shown)


class OnCloud:
    """Tokens lead from page to page, forms come all at once, a history begins with what came last."""

    deployment: ClassVar = "Cloud"
    unseen: ClassVar = "do not have permission to see it"

    def two_pages(self, jira: JIRA, query: str, size: int) -> list[Issue]:
        first = jira.enhanced_search_issues(query, maxResults=size, fields="summary")
        second = jira.enhanced_search_issues(
            query, nextPageToken=first.nextPageToken, maxResults=size, fields="summary"
        )
        return [*first, *second]

    def found(self, jira: JIRA, query: str) -> list[Issue]:
        return list(jira.enhanced_search_issues(query, maxResults=False))

    def people(self, jira: JIRA, typed: str) -> list[User]:
        return list(jira.search_users(query=typed))

    def latest_first(self, histories: list[Any]) -> list[Any]:
        return histories

    def forms(self, jira: JIRA, space: str) -> dict[str, set[str]]:
        """What must be filled in, by work type."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            (told,) = jira.createmeta(projectKeys=space, expand="projects.issuetypes.fields")["projects"]
        return {
            each["name"]: {name for name, field in each["fields"].items() if field["required"]}
            for each in told["issuetypes"]
        }


class OnDataCenter:
    """Pages have numbers, forms come one by one, a history begins at its beginning."""

    deployment: ClassVar = "Server"
    unseen: ClassVar = "do not have the permission to see"

    def two_pages(self, jira: JIRA, query: str, size: int) -> list[Issue]:
        first = jira.search_issues(query, maxResults=size, fields="summary")
        second = jira.search_issues(query, startAt=size, maxResults=size, fields="summary")
        return [*first, *second]

    def found(self, jira: JIRA, query: str) -> list[Issue]:
        return list(jira.search_issues(query, maxResults=False))

    def people(self, jira: JIRA, typed: str) -> list[User]:
        return list(jira.search_users(user=typed))

    def latest_first(self, histories: list[Any]) -> list[Any]:
        return histories[::-1]

    def forms(self, jira: JIRA, space: str) -> dict[str, set[str]]:
        """What must be filled in, by work type."""
        return {
            kind.name: {each.fieldId for each in jira.project_issue_fields(space, kind.id) if each.required}
            for kind in jira.project_issue_types(space)
        }


Dialect = OnCloud | OnDataCenter


def dialect_of(kind: Kind) -> Dialect:
    """How to ask a site of that kind."""
    return OnCloud() if kind.edition.is_cloud else OnDataCenter()
