"""What a call is for Jira's limits, what it costs, and what a refusal asks for."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone_app.jira.limits import Asked, Call, Scope, asked, describe, points

NOW = datetime(2026, 11, 22, 8, 45, tzinfo=UTC)
UUID = "0b2f3c1e-7f1c-4a7e-9a55-2f1f8f2f7c11"


# --- what a call is ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "template", "item"),
    [
        ("/rest/api/3/issue/10001", "/rest/api/3/issue/{id}", "10001"),
        ("/rest/api/3/issue/ALPHA-12", "/rest/api/3/issue/{id}", "ALPHA-12"),
        ("/rest/api/2/issue/10001/comment/55", "/rest/api/2/issue/{id}/comment/{id}", "10001"),
        ("/rest/api/3/issue/7/properties/backbone", "/rest/api/3/issue/{id}/properties/backbone", "7"),
        ("/rest/api/3/issue/bulkfetch", "/rest/api/3/issue/bulkfetch", ""),
        ("/rest/api/3/issue", "/rest/api/3/issue", ""),
        ("/rest/api/3/project/ALPHA/statuses", "/rest/api/3/project/{id}/statuses", ""),
        (f"/rest/api/3/things/{UUID}", "/rest/api/3/things/{id}", ""),
        ("/rest/api/3/comment/-1/x", "/rest/api/3/comment/{id}/x", ""),
        ("/x/3", "/x/{id}", ""),
    ],
)
def test_an_endpoint_is_its_path_without_ids(path: str, template: str, item: str) -> None:
    assert describe("PUT", path, write=True) == Call("PUT", template, item, write=True)


@pytest.mark.parametrize(
    ("method", "path", "rate"),
    [
        ("GET", "/rest/api/3/issue/1", 150),
        ("GET", "/rest/api/3/issue/1/changelog", 200),
        ("GET", "/rest/api/3/attachment/content/1", 300),
        ("GET", "/rest/api/3/myself", 100),
        ("POST", "/rest/api/3/issue", 100),
        ("PUT", "/rest/api/3/issue/1", 50),
        ("DELETE", "/rest/api/3/issue/1", 50),
        ("PATCH", "/rest/api/3/issue/1", 50),
        ("GET", "/rest/api/2/issue/1", 150),
        ("GET", "/rest/api/2/issue/1/changelog", 200),
        ("GET", "/rest/api/2/myself", 100),
    ],
)
def test_each_endpoint_has_its_rate(method: str, path: str, rate: int) -> None:
    assert describe(method, path, write=False).rate == rate


@pytest.mark.parametrize(
    ("method", "path", "write", "answer", "cost"),
    [
        ("GET", "/rest/api/3/issue/1", False, {"id": "1", "fields": {}}, 2),
        ("PUT", "/rest/api/3/issue/1", True, {"id": "1"}, 1),
        ("PUT", "/rest/api/3/issue/1", True, None, 1),
        ("POST", "/rest/api/3/issue/bulk", True, {"issues": [{}] * 50, "errors": []}, 50),
        ("POST", "/rest/api/2/issue/bulk", True, {"issues": [{}] * 50, "errors": []}, 50),
        ("POST", "/rest/api/3/search/jql", False, {"issues": []}, 1),
        ("POST", "/rest/api/3/search/jql", False, {"issues": [{}] * 30}, 31),
        ("GET", "/rest/api/3/group/member", False, {"values": [{}] * 8}, 17),
        ("GET", "/rest/api/3/myself", False, {"accountId": "x"}, 3),
        ("GET", "/rest/api/3/users/search", False, [{}, {}], 5),
        ("POST", "/rest/api/3/permissions/check", False, {"projectPermissions": [{}, {}]}, 5),
        ("GET", "/rest/api/3/priority", False, [{}] * 5, 6),
        ("GET", "/rest/api/3/issue/1/transitions", False, "odd", 1),
        ("GET", "/rest/api/3/issue/1/comment", False, {"comments": "odd"}, 2),
    ],
)
def test_points_are_counted_as_jira_counts_them(
    method: str, path: str, write: bool, answer: object, cost: int
) -> None:
    assert points(describe(method, path, write=write), answer) == cost


# --- what a refusal asks for -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "scope", "told"),
    [
        ("jira-quota-global-based", Scope.APP, "jira-quota-global-based"),
        ("jira-quota-tenant-based", Scope.SITE, "jira-quota-tenant-based"),
        ("jira-burst-based", Scope.ENDPOINT, "jira-burst-based"),
        (" JIRA-Per-Issue-On-Write ", Scope.ITEM, "jira-per-issue-on-write"),
        ("jira-cost-based", Scope.SITE, "jira-cost-based"),
        ("x" * 300, Scope.SITE, "x" * 64),
        ("", Scope.SITE, "http-429"),
    ],
)
def test_the_reason_tells_what_to_pause_and_an_unknown_one_means_the_site(
    reason: str, scope: Scope, told: str
) -> None:
    headers = {"retry-after": "7", "ratelimit-reason": reason}

    assert asked(429, headers, now=NOW) == Asked(scope, told, 7)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("17", 17),
        (" 2.5 ", 2.5),
        ("0", 1),
        ("-1", 1),
        ("1000000000", 3600),
        ("1e9", 3600),
        ("1e999", 3600),
        ("9" * 400, 3600),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 1),
        ("Fri, 01 Jan 2999 00:00:00 GMT", 3600),
        ("Thu, 99999999999999999999 Jan 2020 00:00:00 GMT", None),
        ("nan", None),
        ("Infinity", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_wait_is_read_in_every_form_and_bounded(said: str, seconds: float | None) -> None:
    found = asked(429, {"retry-after": said}, now=NOW)

    assert found is not None
    assert found.retry_after == seconds


@pytest.mark.parametrize(
    ("reset", "seconds"),
    [
        ("2026-11-22T08:50:00Z", 300),
        ("2026-11-22T08:50:00", 300),
        ("2026-11-22T11:00:00Z", 3600),
        ("2026-11-22T07:00:00Z", 1),
        ("tomorrow", 900),
        ("", 900),
    ],
)
def test_a_quota_without_a_wait_lasts_until_its_reset_or_the_full_hour(reset: str, seconds: float) -> None:
    quotas = ("jira-quota-tenant-based", "jira-quota-global-based")

    found = [asked(429, {"ratelimit-reason": one, "x-ratelimit-reset": reset}, now=NOW) for one in quotas]

    assert [one.retry_after for one in found if one] == [seconds, seconds]


def test_without_a_quota_a_reset_says_nothing_about_the_wait() -> None:
    headers = {"ratelimit-reason": "jira-burst-based", "x-ratelimit-reset": "2026-11-22T08:50:00Z"}

    found = asked(429, headers, now=NOW)

    assert found == Asked(Scope.ENDPOINT, "jira-burst-based", None)


@pytest.mark.parametrize(
    ("method", "path", "write", "reserved"),
    [
        ("GET", "/rest/api/3/issue/7", False, 2),
        ("PUT", "/rest/api/3/issue/7", True, 1),
        ("POST", "/rest/api/3/search/jql", False, 101),
        ("POST", "/rest/api/3/issue/bulkfetch", False, 101),
        ("GET", "/rest/api/2/issue/7", False, 2),
        ("POST", "/rest/api/2/search/jql", False, 101),
        ("POST", "/rest/api/2/issue/bulkfetch", False, 101),
    ],
)
def test_of_a_bulk_read_a_full_page_has_to_be_left(
    method: str, path: str, reserved: int, *, write: bool
) -> None:
    assert describe(method, path, write=write).reserved == reserved


@pytest.mark.parametrize("ahead", [timedelta(minutes=-10), timedelta(minutes=10)], ids=["behind", "ahead"])
def test_a_time_that_a_site_names_is_read_by_the_clock_that_wrote_it(ahead: timedelta) -> None:
    theirs = NOW + ahead
    date = {"date": format_datetime(theirs, usegmt=True)}
    wait = {"retry-after": format_datetime(theirs + timedelta(seconds=60), usegmt=True)}
    reset = (theirs + timedelta(seconds=60)).isoformat()
    quota = {"ratelimit-reason": "jira-quota-tenant-based", "x-ratelimit-reset": reset}

    found = [asked(429, date | named, now=NOW) for named in (wait, quota)]

    assert [one.retry_after for one in found if one] == [60, 60]


def test_a_503_asks_for_a_wait_only_where_it_names_one() -> None:
    assert asked(503, {}, now=NOW) is None
    assert asked(503, {"retry-after": "30"}, now=NOW) == Asked(Scope.SITE, "http-503", 30)
    assert asked(400, {"retry-after": "30"}, now=NOW) is None


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_whatever_a_site_says_the_wait_is_between_a_second_and_an_hour(
    wait: str, reason: str, at: str
) -> None:
    headers = {"retry-after": wait, "ratelimit-reason": reason, "x-ratelimit-reset": at}

    found = asked(429, headers, now=NOW)

    assert found is not None
    assert found.retry_after is None or 1 <= found.retry_after <= 3600
