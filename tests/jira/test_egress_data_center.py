"""Where a Data Center may live: any host name in public, on few ports, below a short path."""

import pytest

from backbone_app.errors import EgressRefused
from backbone_app.jira.egress import EgressPolicy, check_base_url

ANYWHERE = EgressPolicy(cloud_hosts=(".atlassian.net",), any_host=True)
CLOUD = EgressPolicy(cloud_hosts=(".atlassian.net",))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://jira.example.com", "https://jira.example.com"),
        ("https://Jira.Example.com/", "https://jira.example.com"),
        ("https://jira.example.com:443", "https://jira.example.com"),
        ("https://jira.example.com:8443/jira", "https://jira.example.com:8443/jira"),
        ("https://jira.example.com:1024/tools/jira/", "https://jira.example.com:1024/tools/jira"),
        ("https://jira.example.com:65535", "https://jira.example.com:65535"),
    ],
)
def test_a_data_center_may_have_any_host_name_a_free_port_and_a_context_path(typed: str, kept: str) -> None:
    assert check_base_url(ANYWHERE, typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "http://jira.example.com",
        "https://jira.example.com:80",
        "https://jira.example.com:22",
        "https://jira.example.com:1023",
        "https://jira.example.com:65536",
        "https://jira.example.com:0",
        "https://jira.example.com:08443x",
        "https://jira.example.com/jira?next=1",
        "https://jira.example.com/jira//x",
        "https://jira.example.com/../jira",
        "https://jira.example.com/jira/%2e%2e",
        "https://jira.example.com/a/b/c/d",
        "https://jira.example.com/" + "j" * 65,
        "https://user@jira.example.com",
        "https://jira",
        "https://localhost",
        "https://127.0.0.1",
        "https://10.0.0.8:8443",
        "https://[::1]",
        "https://2130706433",
        "https://jira.example.com.",
    ],
)
def test_every_other_address_is_refused(typed: str) -> None:
    with pytest.raises(EgressRefused):
        check_base_url(ANYWHERE, typed)


@pytest.mark.parametrize(
    "typed",
    ["https://jira.example.com", "https://acme.atlassian.net:8443", "https://acme.atlassian.net/jira"],
)
def test_none_of_it_is_allowed_to_a_cloud_site(typed: str) -> None:
    with pytest.raises(EgressRefused):
        check_base_url(CLOUD, typed)


@pytest.mark.parametrize(
    "answers", [["10.0.0.8"], ["93.184.215.14", "192.168.0.1"], ["169.254.169.254"], ["::1"], ["fd00::1"]]
)
def test_a_name_that_leads_to_us_with_one_of_its_answers_is_refused(answers: list[str]) -> None:
    with pytest.raises(EgressRefused):
        ANYWHERE.resolved("jira.example.com", lambda _: answers)


def test_a_name_that_leads_to_the_public_is_called_where_it_leads() -> None:
    assert ANYWHERE.resolved("jira.example.com", lambda _: ["93.184.215.14"]) == ("93.184.215.14",)
