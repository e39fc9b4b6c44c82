"""Sites come and go the way Jira tells us."""

from backbone_app.models.site import SiteStatus
from tests.support.app import Jira


def test_installing_through_the_lifecycle_leaves_an_enabled_site_that_knows_its_account(jira: Jira) -> None:
    assert jira.row.status == SiteStatus.ENABLED
    assert jira.row.client_key == jira.app.client_key
    assert jira.row.app_account == jira.app.user.account_id
