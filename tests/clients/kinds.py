"""The sites that clients are run against: the Cloud, and each Data Center by every way in that it has."""

from dataclasses import dataclass
from typing import Final, Literal

from jira_sandbox.datacenter import personaltokens
from jira_sandbox.state import editions
from jira_sandbox.state.editions import Edition
from jira_sandbox.state.site import Site

Way = Literal["password", "token"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a site runs, how its people say who they are, and the API of a client that speaks several."""

    edition: Edition = editions.CLOUD
    way: Way = "password"
    api: Literal["2", "3"] = "2"

    def __str__(self) -> str:
        return f"cloud-v{self.api}" if self.edition.is_cloud else f"{self.edition.name}-{self.way}"

    @property
    def hidden(self) -> int:
        """What is answered for a work item that is there, to who may not see it."""
        return 404 if self.edition.is_cloud else 403

    @property
    def address(self) -> str:
        """Where the site is before it has a port: Data Center under a context path."""
        return "http://later" if self.edition.is_cloud else "http://later/jira"

    def secret(self, site: Site, name: str) -> str:
        """What somebody of that user name shows: the password, or a token made for this."""
        if self.way == "password":
            return f"secret-{name}"
        return personaltokens.make(site, site.user(name), name="for a client").secret


def _ways(edition: Edition) -> tuple[Way, ...]:
    return ("password", "token") if edition.takes_passwords else ("token",)


CLOUD: Final = Kind()
CLOUD_V3: Final = Kind(api="3")
DATA_CENTERS: Final = tuple(
    Kind(edition=each, way=way)
    for each in editions.DATA_CENTER.values()
    if each.has_access_tokens
    for way in _ways(each)
)
REFUSES: Final = "the client itself raises an error unless the site is one of the Cloud"
DELETES: Final = "the client sends DELETE version/{id}; Data Center has removeAndSwap, which no method sends"
LEFT_OUT: Final = {
    ("test_jira", "test_a_task_hangs_below_an_epic"): "an epic is no parent but the value of a custom field",
    ("test_jira", "test_count"): REFUSES,
    ("test_jira", "test_delete_a_version"): DELETES,
    ("test_atlassian_python_api", "test_count"): REFUSES,
    ("test_atlassian_python_api", "test_history_of_several"): REFUSES,
    ("test_atlassian_python_api", "test_matching_queries"): REFUSES,
    ("test_atlassian_python_api", "test_delete_a_version"): DELETES,
    ("test_atlassian_python_api", "test_a_search_that_is_no_more"): "only the Cloud has taken it away",
}
"""By module and test: the scenarios that Data Center is spared, with why."""


def allowed(module: str, test: str, kinds: tuple[Kind, ...]) -> list[Kind]:
    """Which of the kinds a scenario is for."""
    return [each for each in kinds if each.edition.is_cloud or (module, test) not in LEFT_OUT]
