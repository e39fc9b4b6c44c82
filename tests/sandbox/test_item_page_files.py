"""A work item's page: its files and the work logged on it."""

import pytest

from jira_sandbox.acts import issues, worklogs
from jira_sandbox.acts.wishes import Wish
from jira_sandbox.front import Request, Response
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue
from jira_sandbox.world import World
from tests.support.browsing import Browser
from tests.support.uploads import BOUNDARY, content, disposition, form, part

PAGE = "/browse/ALPHA-1"


@pytest.fixture
def browser(world: World, site: Site) -> Browser:
    """Alice's."""
    return Browser(world, site).as_person("alice")


@pytest.fixture
def frank(world: World, site: Site) -> Browser:
    """Works in ALPHA, but is of no role and no group."""
    return Browser(world, site).as_person("frank")


@pytest.fixture
def issue(world: World, site: Site) -> Issue:
    fields = {"project": {"key": "ALPHA"}, "issuetype": {"name": "Bug"}, "summary": "Tea"}
    return issues.create(world, site, site.user("alice"), Wish(fields=fields))


def choose(browser: Browser, *parts: bytes) -> Response:
    """Send the form for files, as a browser does."""
    headers = {
        "cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items()),
        "content-type": f"multipart/form-data; boundary={BOUNDARY}",
    }
    request = Request("POST", f"{PAGE}/attachments", [], headers, form(*parts))
    return browser.front.handle(browser.site.name, request)


def test_files_are_attached_and_fetched_back(browser: Browser, issue: Issue) -> None:
    sent = choose(browser, part(disposition("ta & ☕.txt"), b"tea"), part(disposition("b.txt"), b""))

    page = browser.get(PAGE)
    fetched = browser.send("GET", page.links["ta & ☕.txt"])
    assert sent.status == 303
    assert (fetched.status, content(fetched)) == (200, b"tea")
    assert [each.filename for each in issue.attachments] == ["ta & ☕.txt", "b.txt"]
    assert "3 Bytes" in page.text


def test_choosing_no_file_attaches_none(browser: Browser, issue: Issue) -> None:
    sent = choose(browser, part(disposition(""), b""))

    assert (sent.status, issue.attachments) == (303, [])


def test_a_file_that_is_refused_comes_back_with_the_reason(
    browser: Browser, site: Site, issue: Issue
) -> None:
    site.upload_limit = 1

    page = choose(browser, part(disposition("a.txt"), b"tea"))

    assert b"The file a.txt exceeds its maximum permitted size of 1 bytes." in page.body


def test_a_file_is_deleted_by_who_may(browser: Browser, frank: Browser, issue: Issue) -> None:
    choose(browser, part(disposition("a.txt"), b"tea"))
    path = f"{PAGE}/attachments/{issue.attachments[0].id}/delete"

    offered = [path in [each.action for each in who.get(PAGE).forms] for who in (browser, frank)]
    refused = frank.post(path, {})
    browser.post(path, {})

    assert offered == [True, False]
    assert refused.status == 403
    assert issue.attachments == []


def test_work_is_logged(browser: Browser, issue: Issue) -> None:
    page = browser.post(f"{PAGE}/worklogs", {"time_spent": "1h 30m", "work": "Brewed"})

    assert "worked 1h 30m" in page.text
    assert "Brewed" in page.text
    assert [each.seconds for each in issue.worklogs] == [5400]


def test_time_that_is_none_comes_back_with_the_reason(browser: Browser, issue: Issue) -> None:
    page = browser.post(f"{PAGE}/worklogs", {"time_spent": "soon", "work": "Brewed"})

    assert "Invalid time duration entered." in page.text
    assert page.form(f"{PAGE}/worklogs") == {"time_spent": "soon", "work": "Brewed"}


def test_restricted_work_is_kept_from_others(
    world: World, site: Site, frank: Browser, browser: Browser, issue: Issue
) -> None:
    developers = {"type": "role", "value": "Developers"}
    effort = worklogs.Effort(time_spent="1h", visibility=developers)

    worklogs.add(world, site, site.user("alice"), issue, effort)

    assert "worked 1h" in browser.get(PAGE).text
    assert "No work has been logged." in frank.get(PAGE).text


def test_without_the_right_there_is_no_form(frank: Browser, site: Site, issue: Issue) -> None:
    site.revoke(site.user("frank"), "CREATE_ATTACHMENTS", "WORK_ON_ISSUES", space=site.space("ALPHA"))

    actions = [each.action for each in frank.get(PAGE).forms]

    assert f"{PAGE}/attachments" not in actions
    assert f"{PAGE}/worklogs" not in actions
