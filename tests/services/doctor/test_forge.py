"""What the doctor says of installations that Forge told of."""

from datetime import timedelta

import pytest
from django.conf import LazySettings

from backbone_app.env import Mode
from backbone_app.models import ForgeInstallation
from backbone_app.services.doctor import Level, configured, sites
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


@pytest.mark.parametrize(
    ("mode", "app_id", "levels"),
    [
        (Mode.PRODUCTION, "", [Level.WARN]),
        (Mode.PRODUCTION, "ari:cloud:ecosystem::app/1", [Level.OK]),
        (Mode.DEVELOPMENT, "", []),
    ],
)
def test_production_that_believes_no_forge_app_is_told(
    settings: LazySettings, mode: Mode, app_id: str, levels: list[Level]
) -> None:
    settings.MODE, settings.BACKBONE_FORGE_APP_ID = mode, app_id

    found = list(configured.forge_app(NOW))

    assert [one.level for one in found] == levels
    assert all(bool(one.remedy) == (one.level is Level.WARN) for one in found)
