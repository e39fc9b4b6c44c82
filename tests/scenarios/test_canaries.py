"""A story in which every secret, person and text is one of a kind, and a net that is shown to catch each."""

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import requests
import structlog
from django.conf import settings
from django.db import IntegrityError, connection
from django.db.models.signals import pre_save
from django_q.models import OrmQ, Task
from django_q.signing import SignedPackage

from backbone_app import gateway, jobs
from backbone_app.jira import read
from backbone_app.models import Delivery, JournalEntry, Site, SynchronizationSide
from backbone_app.services import requests as handshakes
from backbone_app.services.tenants import Caller
from jira_sandbox import seed
from jira_sandbox.world import World
from tests.support.addresses import paths
from tests.support.app import Jira, call_app, within_reach
from tests.support.canaries import Bird, Kind, Net, birds_of, in_tables, net_over
from tests.support.rows import NOW
from tests.support.sandbox import INITECH, VirtualClock
from tests.support.scenario import paragraphs
from tests.support.two_sites import Across, across

__all__ = ["across"]

SUMMARY, CROSSED = "canary-summary-Ipheion", "canary-summary-Scilla"
DESCRIPTION, COMMENT = "canary-description-Galanthus", "canary-comment-Muscari"
LABEL, STATUS = "canary-label-Crocus", "canary-status-Anemone"
MESSAGE, TITLE, ABOUT = "canary-message-Allium", "canary-title-Eranthis", "canary-about-Corydalis"
PLANTED = {
    Kind.TEXT: (SUMMARY, CROSSED, DESCRIPTION, COMMENT, LABEL),
    Kind.WORD: (STATUS,),
    Kind.SAID: (MESSAGE, TITLE, ABOUT),
    Kind.SPACE: ("canary-space-ALPHA", "canary-space-GOLD"),
}


@pytest.fixture(autouse=True)
def nothing_leaks() -> None:
    """Each test has a net of its own here, and some plant a leak."""


@pytest.fixture
def world(clock: VirtualClock) -> Iterator[World]:
    """Two sites where each person, each space and one status have a name of their own."""
    made = seed.standard(clock, {"acme": "https://acme.atlassian.net", "initech": INITECH})
    for site in made.sites.values():
        for user in [user for user in site.users.values() if user.account_type == "atlassian"]:
            named = f"canary-person-{user.name}-{site.name}"
            site.put_user(replace(user, display_name=named, email=f"{named}@mail.example"))
        for space in site.spaces.values():
            space.name = f"canary-space-{space.key}"
        site.statuses = [
            replace(status, name=STATUS) if status.name == "In Progress" else status
            for status in site.statuses
        ]
    with within_reach(made):
        yield made


def tell_the_story(across: Across) -> tuple[str, str]:
    """Everything that Backbone does for people, with canaries wherever somebody can write something."""
    left = across.acme.create("ALPHA", SUMMARY, description=paragraphs(DESCRIPTION), labels=[LABEL])
    across.settle()
    right = across.twin_of(left)
    across.acme.comment("alice", left, COMMENT)
    across.acme.move("alice", left, STATUS)
    across.settle()
    across.acme.edit("alice", left, summary=f"{SUMMARY} again")
    across.acme.clock.advance(seconds=10)
    across.initech.edit("gina", right, summary=CROSSED)
    across.settle()
    _decline(across)
    _look_at_pages(across, left)
    _fall_over(across, left)
    across.acme.edit("alice", left, summary=f"{SUMMARY} while nobody works")
    across.acme.jira.deliver_all()
    return left, right


def _decline(across: Across) -> None:
    jira, now = across.acme.jira, across.acme.clock()
    bob = Caller(across.acme.alice.site_id, jira.account("bob"), jira.site.base_url)
    here, there = jira.space_id("ALPHA"), jira.space_id("BETA")
    made = handshakes.send(
        across.acme.alice, here, partner_space=there, name=TITLE, description=ABOUT, now=now
    )
    handshakes.decline(bob, there, made, message=MESSAGE, now=now)


def _look_at_pages(across: Across, item: str) -> None:
    visitor, space = across.acme.jira.visitor("alice"), across.acme.jira.space_id("ALPHA")
    page = f"/spaces/{space}/synchronizations/{across.acme.synchronization_id}"
    looked = [visitor.open("ALPHA"), *map(visitor.get, (page, f"{page}/activity", f"/panel/{item}"))]
    assert [answer.status_code for answer in looked] == [200] * 4
    assert any(CROSSED in answer.content.decode() for answer in looked), "who may see it does"


def _fall_over(across: Across, item: str) -> None:
    """Let the database refuse a row as PostgreSQL does, quoting it: once in a pair, once in the drain."""

    def refuse(*_: object, **__: object) -> None:
        raise IntegrityError(f"Failing row contains ({SUMMARY}, {settings.SECRET_KEY}).")

    across.acme.edit("alice", item, summary=f"{SUMMARY} refused")
    across.acme.jira.deliver_all()
    with connection.execute_wrapper(refuse), pytest.raises(jobs.JobFailed):
        jobs.sync()
    pre_save.connect(refuse, sender=JournalEntry)
    try:
        jobs.sync()
    finally:
        pre_save.disconnect(refuse, sender=JournalEntry)
    across.acme.clock.advance(minutes=10)
    across.settle()


def ask_from_outside(jira: Jira, other: Jira, net: Net) -> None:
    """Call every address as nobody, with somebody else's token and with rubbish; keep what is answered."""
    stranger, rubbish = other.page_token("gina"), "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJhIn0.AAAA"
    for address in paths():
        for token in ("", stranger, rubbish):
            for method in ("GET", "POST"):
                headers = {"Authorization": f"JWT {token}", "Accept": "text/html"} if token else {}
                answer = call_app(method, address, headers=headers, body=b"{}")
                if answer.status_code >= 400:
                    net.keep(answer)


TOLD = {
    "pair_failed": {"pair_id", "attempt", "op_id"},
    "job_failed": {"job"},
    "auth_rejected": {"request_id"},
}
"""Lines of the story, and what each has to say of what it is about."""


def test_nothing_of_a_story_turns_up_where_it_has_no_business(
    across: Across, world: World, other_jira: Jira
) -> None:
    with net_over() as net:
        tell_the_story(across)
        ask_from_outside(across.acme.jira, other_jira, net)
    birds = birds_of(world, ours=PLANTED)

    assert net.found(birds) == []
    assert in_tables(birds) == []
    assert len(net.answers) > 200
    assert any("IntegrityError" in line for line in net.lines)
    said = [json.loads(line) for line in net.lines]
    for event, about in TOLD.items():
        told = [line for line in said if line["event"] == event]
        assert told
        assert all(line.keys() >= {"ts", "level", *about} for line in told), event
    assert len(net.tokens) > 20
    assert {bird.kind for bird in birds} == set(Kind) - {Kind.TOKEN}


def test_what_is_declared_to_be_in_a_column_is_there(across: Across, world: World) -> None:
    tell_the_story(across)

    said = set(SynchronizationSide.objects.values_list("name", "description", "message", "space_name"))
    assert any({TITLE, ABOUT, MESSAGE} & set(row) for row in said)
    assert any("canary-space-ALPHA" in row for row in said)
    assert any(bytes(sealed) for sealed in JournalEntry.objects.values_list("values_sealed", flat=True))
    assert any(bytes(sealed) for sealed in Delivery.objects.values_list("body_sealed", flat=True))


BIRD = Bird(Kind.TEXT, SUMMARY)


def in_our_log(_: Net) -> None:
    structlog.get_logger().debug("said_too_much", words=SUMMARY)


def in_a_librarys_log(_: Net) -> None:
    logging.getLogger("urllib3.connectionpool").debug("GET %s", SUMMARY)


def in_a_lanes_log(_: Net) -> None:
    logging.getLogger("django-q").debug("Processed %s", SUMMARY)


def in_an_answer(net: Net) -> None:
    answer = call_app("GET", "/nowhere")
    answer.content = SUMMARY.encode()
    net.keep(answer)


def in_a_header_of_an_answer(net: Net) -> None:
    answer = call_app("GET", "/nowhere")
    answer["X-Said"] = SUMMARY
    net.keep(answer)


def in_an_address(_: Net) -> None:
    requests.get(f"https://acme.atlassian.net/rest/api/3/search?jql={SUMMARY}")


@pytest.mark.parametrize(
    "leak",
    [in_our_log, in_a_librarys_log, in_a_lanes_log, in_an_answer, in_a_header_of_an_answer, in_an_address],
    ids=lambda leak: leak.__name__,
)
def test_the_net_catches_what_is_planted(world: World, leak: Callable[[Net], None]) -> None:
    with net_over() as net:
        leak(net)

    assert len(net.found([BIRD])) == 1


def test_the_net_catches_the_key_of_a_work_item(world: World, jira: Jira) -> None:
    key = jira.site.issue(jira.person("alice").create("ALPHA", SUMMARY)).key
    with net_over() as net:
        structlog.get_logger().debug("said_too_much", item=key)

    assert net.found([bird for bird in birds_of(world) if bird.text == key]) == [
        "a work item's key in the log"
    ]


def test_the_net_catches_a_referrer_whatever_it_says(world: World) -> None:
    with net_over() as net:
        requests.get("https://acme.atlassian.net/rest/api/3/myself", headers={"Referer": "https://a.example"})

    assert net.found([]) == ["a referrer was sent"]


def test_the_net_catches_a_token_that_came_in_and_one_that_left(jira: Jira, clock: VirtualClock) -> None:
    with net_over() as net:
        token = jira.page_token("alice")
        call_app("GET", "/api/1/items/1", headers={"Authorization": f"JWT {token}"})
        in_query = jira.request_token("GET", "/panel")
        call_app("GET", f"/panel?jwt={in_query}")
        read.account(gateway.client(jira.row, clock=clock))
        structlog.get_logger().warning("said_too_much", words=token.split(".")[2])

    assert {token, in_query} < net.tokens
    assert len(net.tokens) > 2
    assert net.found([]) == ["a token in the log"]


def in_a_column(jira: Jira) -> str:
    Site.objects.update(app_account=SUMMARY)
    return "backbone_site.app_account"


def in_a_column_that_should_be_sealed(jira: Jira) -> str:
    Site.objects.update(secret_sealed=SUMMARY.encode())
    return "backbone_site.secret_sealed"


def in_a_wake_up(jira: Jira) -> str:
    package = SignedPackage.dumps({"func": "backbone_app.jobs.sync", "args": (SUMMARY,)})
    OrmQ.objects.create(key="live", payload=package, lock=NOW)
    return "django_q_ormq.payload"


def in_the_result_of_a_task(jira: Jira) -> str:
    Task.objects.create(id="t", name="t", func="f", started=NOW, stopped=NOW, result={"said": [SUMMARY]})
    return "django_q_task.result"


def in_the_name_of_a_task(jira: Jira) -> str:
    Task.objects.create(id="t", name=SUMMARY, func="f", started=NOW, stopped=NOW)
    return "django_q_task.name"


@pytest.mark.parametrize(
    "leak",
    [
        in_a_column,
        in_a_column_that_should_be_sealed,
        in_a_wake_up,
        in_the_result_of_a_task,
        in_the_name_of_a_task,
    ],
    ids=lambda leak: leak.__name__,
)
def test_the_tables_are_looked_through_for_what_is_planted(jira: Jira, leak: Callable[[Jira], str]) -> None:
    place = leak(jira)

    found = in_tables([BIRD, Bird(Kind.TEXT, json.dumps("elsewhere"))])

    assert set(found) == {f"a text of a work item in {place}"}
    Site.objects.update(secret_sealed=b"", app_account="")
    OrmQ.objects.all().delete()
    Task.objects.all().delete()


def test_a_column_holds_what_is_declared_of_it_and_nothing_else(jira: Jira) -> None:
    account = jira.account("alice")
    Site.objects.update(app_account=account)

    assert in_tables([Bird(Kind.ACCOUNT, account)]) == []
    assert in_tables([Bird(Kind.NAME, account)]) == ["a person's name in backbone_site.app_account"]
