"""How ``atlassian-python-api`` is asked for the same on the Cloud and on Data Center.

Its own types would have every answer be None at times; so the client is taken as anything.
"""

from typing import Any, ClassVar

from atlassian import Jira

from jira_sandbox.state.site import Site
from tests.clients.kinds import Kind


def client(kind: Kind, site: Site, name: str, secret: str = "") -> Jira:
    """Sign somebody in, by default with what is right."""
    told = secret or kind.secret(site, name)
    by_password = {"username": name, "password": told}
    shown: dict[str, Any] = {"token": told} if kind.way == "token" else by_password
    return Jira(url=site.base_url, cloud=kind.edition.is_cloud, api_version=kind.api, **shown)


class OnCloud:
    """People have account ids, tokens lead from page to page."""

    id: ClassVar = "accountId"
    lead: ClassVar = "leadAccountId"
    types: ClassVar = "issueTypes"
    fields: ClassVar = "fields"

    def user(self, jira: Any, who: str) -> Any:
        return jira.user(account_id=who)

    def people(self, jira: Any, typed: str) -> Any:
        return jira.user_find_by_user_string(query=typed)

    def unwatch(self, jira: Any, issue: str, who: str) -> None:
        jira.issue_delete_watcher(issue, account_id=who)

    def two_pages(self, jira: Any, query: str, size: int) -> list[Any]:
        first = jira.enhanced_jql(query, fields="summary", limit=size)
        token = first["nextPageToken"]
        second = jira.enhanced_jql(query, fields="summary", limit=size, nextPageToken=token)
        return [*first["issues"], *second["issues"]]

    def found(self, jira: Any, query: str) -> list[Any]:
        return list(jira.enhanced_jql_get_list_of_tickets(query, fields="summary"))

    def history(self, jira: Any, issue: str) -> list[Any]:
        return list(jira.get_issue_changelog(issue)["values"])

    def latest_first(self, steps: list[Any]) -> list[Any]:
        return steps


class OnDataCenter:
    """People have user names, pages have numbers."""

    id: ClassVar = "name"
    lead: ClassVar = "leadUserName"
    types: ClassVar = "values"
    fields: ClassVar = "values"

    def user(self, jira: Any, who: str) -> Any:
        return jira.user(username=who)

    def people(self, jira: Any, typed: str) -> Any:
        return jira.user_find_by_user_string(username=typed)

    def unwatch(self, jira: Any, issue: str, who: str) -> None:
        jira.issue_delete_watcher(issue, user=who)

    def two_pages(self, jira: Any, query: str, size: int) -> list[Any]:
        first = jira.jql(query, fields="summary", limit=size)
        second = jira.jql(query, fields="summary", limit=size, start=size)
        return [*first["issues"], *second["issues"]]

    def found(self, jira: Any, query: str) -> list[Any]:
        return list(jira.jql_get_list_of_tickets(query, fields="summary"))

    def history(self, jira: Any, issue: str) -> list[Any]:
        return list(jira.get_issue_changelog(issue)["histories"])

    def latest_first(self, steps: list[Any]) -> list[Any]:
        return steps[::-1]


Dialect = OnCloud | OnDataCenter


def dialect_of(kind: Kind) -> Dialect:
    """How to ask a site of that kind."""
    return OnCloud() if kind.edition.is_cloud else OnDataCenter()
