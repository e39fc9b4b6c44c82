"""What the doctor says of installations that Forge told of."""

from datetime import timedelta

import pytest

from backbone_app.models import ForgeInstallation
from backbone_app.services.doctor import sites
from tests.support.rows import NOW, make_site


@pytest.mark.django_db
def test_an_installation_that_jira_never_called_for_is_told_of_and_one_that_works_is_not() -> None:
    told = NOW - timedelta(minutes=11)
    ForgeInstallation.objects.create(
        installation="joined", site=make_site("acme"), cloud_id="a", seen_at=told
    )
    assert list(sites.unmatched(NOW)) == []
    ForgeInstallation.objects.create(installation="alone", cloud_id="b", seen_at=told)

    (finding,) = sites.unmatched(NOW)

    assert "1 were told of by Forge" in repr(finding)
