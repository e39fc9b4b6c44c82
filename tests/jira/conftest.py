"""A door that may call this machine, closed after each test."""

from collections.abc import Iterator

import pytest

from backbone_app.jira.egress import Door, EgressPolicy

POLICY = EgressPolicy(
    cloud_hosts=(".atlassian.net",), service_hosts=("keys.example",), allow_loopback_http=True
)


@pytest.fixture
def door() -> Iterator[Door]:
    opened = Door(POLICY, max_bytes=200_000)
    yield opened
    opened.close()
