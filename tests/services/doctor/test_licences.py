"""What the doctor says of remote licences."""

from datetime import timedelta

import pytest
from django.conf import LazySettings

from backbone_app.core.remote_licence import public_key
from backbone_app.services.doctor import Level, licences
from tests.support.licences import TERMS, give
from tests.support.rows import NOW, make_site

pytestmark = pytest.mark.django_db


def test_licences_that_count_are_counted(settings: LazySettings) -> None:
    give(make_site("acme"), now=NOW)
    give(make_site("initech"), now=NOW)

    (finding,) = licences.believed(NOW + timedelta(days=400 + 365))

    assert (finding.level, finding.why) == (Level.OK, "2 sites have one, 2 of them expired")
    assert "0 of them" in next(iter(licences.believed(NOW))).why


def test_licences_of_a_key_that_is_gone_are_told_of(settings: LazySettings) -> None:
    give(make_site("acme"), now=NOW, terms=TERMS)
    settings.BACKBONE_LICENCE_PUBLIC_KEY = (public_key(bytes(32)),)

    (finding,) = licences.believed(NOW)

    assert finding.level is Level.WARN
    assert "The licences of 1 sites" in finding.why
    assert "Put the key back" in finding.remedy


def test_a_service_without_remote_licences_has_nothing_to_be_told(settings: LazySettings) -> None:
    settings.BACKBONE_LICENCE_PUBLIC_KEY = ()

    assert list(licences.believed(NOW)) == []
