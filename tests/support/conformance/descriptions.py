"""The two descriptions: of Jira Cloud, and of Jira Data Center 10.3, by which all its versions are judged."""

from jira_sandbox.state.site import Site
from tests.support.conformance import known_errors, shapes, shapes_of_data_center
from tests.support.conformance.description import Description
from tests.support.shared import SHARED

SPECS = SHARED / "specs"
DOCUMENTS = SPECS / "adf-schema-57.7.22.full.json"
CLOUD = Description(
    product="Jira Cloud",
    file=SPECS / "jira-cloud-v3.swagger-v3.v3.json",
    known=known_errors.CLOUD,
    refine=shapes.refine,
)
DATA_CENTER = Description(
    product="Jira Data Center",
    file=SPECS / "jira-dc-10.3.openapi.json",
    known=known_errors.DATA_CENTER,
    refine=shapes_of_data_center.refine,
    prefix="/rest",
)


def are_here() -> bool:
    """Whether the descriptions are there; without them nothing is checked."""
    return CLOUD.is_here and DATA_CENTER.is_here and DOCUMENTS.exists()


def of(site: Site) -> Description:
    """The description that the site is held to."""
    return CLOUD if site.edition.is_cloud else DATA_CENTER
