"""What a site says of our own app there: that it is installed, and its licence."""

from dataclasses import dataclass
from urllib.parse import quote

from backbone_app.jira.client import JiraClient


@dataclass(frozen=True, slots=True)
class OwnApp:
    """Our app as a site knows it, under ``key``; a free app, and one without a licence, is not licensed.

    An evaluation is a licence too.
    """

    key: str
    is_licensed: bool
    is_evaluation: bool


def own_app(client: JiraClient, key: str) -> OwnApp:
    """Ask a site for our app; Jira answers nobody but the app itself, by its signature.

    Resource and members are those of Atlassian's License API for Connect apps. Raises the client's errors.
    """
    answer = client.call("GET", f"/rest/atlassian-connect/1/addons/{quote(key, safe='')}")
    told = answer if isinstance(answer, dict) else {}
    licence = told.get("license")
    held = licence if isinstance(licence, dict) else {}
    return OwnApp(
        key=str(told.get("key", "")),
        is_licensed=held.get("active") is True,
        is_evaluation=held.get("evaluation") is True,
    )
