"""A request to a space of another site; the two sites are alike down to their ids."""

import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest

from backbone_app.core.configuration import from_document
from backbone_app.errors import InvalidInput, NotAllowed, NotFound, Outdated, RemoteUnreachable
from backbone_app.models import PublishedConfiguration, Synchronization, SynchronizationSide
from backbone_app.services import requests, synchronizations
from backbone_app.services.requests import Addressee
from backbone_app.services.tenants import Caller
from jira_sandbox.misfortunes import Misfortune
from tests.support.app import INITECH, Jira
from tests.support.sandbox import VirtualClock

ALPHA, BETA = "10000", "10001"


def caller(jira: Jira, name: str = "alice") -> Caller:
    """A person of the site, as the edge proves them."""
    row = jira.row
    return Caller(site_id=row.id, account=jira.account(name), base_url=row.base_url)


@pytest.fixture
def send(jira: Jira, other_jira: Jira, clock: VirtualClock) -> Callable[..., uuid.UUID]:
    """Alice asks from ALPHA on acme for a space on initech."""

    def sent(**changes: str) -> uuid.UUID:
        entered = {
            "base_url": INITECH,
            "space_key": "BETA",
            "mode": "immediate",
            "name": "Ours",
            "description": "What for",
        }
        return requests.send_across(caller(jira), ALPHA, **{**entered, **changes}, now=clock())

    return sent


Send = Callable[..., uuid.UUID]


def test_each_half_belongs_to_its_site_and_the_left_one_keeps_only_what_was_typed(
    send: Send, jira: Jira, other_jira: Jira
) -> None:
    sent = send(space_key=" beta ")

    row = Synchronization.objects.get(pk=sent)
    left, right = row.sides.order_by("side")
    assert (left.site, left.space, left.space_name, left.asked_key) == (jira.row, ALPHA, "Alpha", "BETA")
    assert (right.site, right.space, right.space_name, right.asked_key) == (other_jira.row, BETA, "Beta", "")
    assert (left.acted_by, right.acted_by) == (jira.account("alice"), "")
    assert (row.state, row.mode) == ("requested", "immediate")


@pytest.mark.parametrize(
    ("field", "said", "changed"),
    [
        ("base_url", "With http anybody on the way", {"base_url": "http://initech.atlassian.net"}),
        ("base_url", "not the base URL of a Jira Cloud site", {"base_url": "https://initech.example"}),
        ("base_url", "not the base URL of a Jira Cloud site", {"base_url": f"{INITECH}/jira/software"}),
        (
            "base_url",
            "not the base URL of a Jira Cloud site",
            {"base_url": "https://initech.atlassian.net.evil"},
        ),
        ("base_url", "not the base URL of a Jira Cloud site", {"base_url": "file:///etc/passwd"}),
        ("base_url", "not the base URL of a Jira Cloud site", {"base_url": ""}),
        ("base_url", "the instance you are on", {"base_url": "https://ACME.atlassian.net/"}),
        ("base_url", "is not enabled on https://nobody", {"base_url": "https://nobody.atlassian.net"}),
        ("space_key", "no space key", {"space_key": "10001"}),
        ("space_key", "no space key", {"space_key": "../BETA"}),
        ("space_key", "no space key", {"space_key": ""}),
        ("space_key", "no space key", {"space_key": "\N{LATIN SMALL LETTER SHARP S}"}),
        ("mode", "Only immediate", {"mode": "review"}),
        ("name", "Enter a name", {"name": " "}),
    ],
)
def test_what_cannot_be_used_is_named_and_no_site_is_asked(
    send: Send, jira: Jira, field: str, said: str, changed: dict[str, str]
) -> None:
    with pytest.raises(InvalidInput, match=said) as refused:
        send(**changed)

    assert refused.value.field == field
    assert not Synchronization.objects.exists()
    assert jira.world.meters.calls(route="GET /rest/api/3/project/{}") == 0


@pytest.mark.parametrize(
    "typed", ["https://initech.atlassian.net/", " HTTPS://Initech.Atlassian.NET ", "initech.atlassian.net"]
)
def test_the_base_url_may_be_typed_in_several_ways(
    jira: Jira, other_jira: Jira, clock: VirtualClock, typed: str
) -> None:
    found = requests.addressee(caller(jira), ALPHA, base_url=typed, space_key="beta", now=clock())

    assert found == Addressee(INITECH, "BETA", has_app=True)


@pytest.mark.parametrize("leave", [Jira.disable, Jira.uninstall])
def test_a_site_where_the_app_is_not_enabled_is_no_addressee(
    send: Send, jira: Jira, other_jira: Jira, clock: VirtualClock, leave: Callable[[Jira], None]
) -> None:
    leave(other_jira)

    found = requests.addressee(caller(jira), ALPHA, base_url=INITECH, space_key="BETA", now=clock())
    with pytest.raises(InvalidInput):
        send()

    assert not found.has_app
    assert not Synchronization.objects.exists()


def test_only_an_admin_of_the_asking_space_may_ask(jira: Jira, other_jira: Jira, clock: VirtualClock) -> None:
    bob = caller(jira, "bob")
    typed = {"base_url": INITECH, "space_key": "BETA"}

    with pytest.raises(NotAllowed):
        requests.addressee(bob, ALPHA, **typed, now=clock())
    with pytest.raises(NotAllowed):
        requests.send_across(bob, ALPHA, **typed, mode="immediate", name="x", description="", now=clock())

    assert not Synchronization.objects.exists()


def test_the_sender_is_shown_the_same_whether_the_space_exists_is_hidden_or_does_not(
    send: Send, jira: Jira, other_jira: Jira, clock: VirtualClock
) -> None:
    hidden = other_jira.site.space("GAMMA")
    other_jira.site.revoke(other_jira.app.user, "BROWSE_PROJECTS", space=hidden)
    shown, rows = [], []
    for key in ("BETA", "GAMMA", "NOWHERE"):
        sent = send(space_key=key)
        (row,) = synchronizations.overview(caller(jira), ALPHA, now=clock())
        view = requests.view(caller(jira), ALPHA, sent, now=clock())
        with pytest.raises(Outdated) as refused:
            send(space_key=key.lower())
        same = {"id": uuid.UUID(int=0), "partner": replace(view.partner, key="KEY")}
        shown.append((replace(view, **same), str(refused.value).replace(key, "KEY")))
        rows.append(replace(row, **same))
        assert (view.partner.key, view.partner.name, view.partner.base_url) == (key, "", INITECH)
        requests.withdraw(caller(jira), ALPHA, sent, now=clock())

    assert shown[0] == shown[1] == shown[2]
    assert rows[0] == rows[1] == rows[2]


def test_a_space_made_later_does_not_change_the_answer_to_a_second_request(
    send: Send, other_jira: Jira, clock: VirtualClock
) -> None:
    sent = send(space_key="LATER")
    site, dana = other_jira.site, other_jira.site.user("dana")
    made = site.add_space(key="LATER", name="Later", lead=dana, type_names=["Task"], screen=set())
    for user in (dana, other_jira.app.user):
        site.grant(user, "BROWSE_PROJECTS", "ADMINISTER_PROJECTS", space=made)

    with pytest.raises(Outdated, match=r"Alpha and LATER on initech\.atlassian\.net already have"):
        send(space_key="LATER")

    assert synchronizations.overview(caller(other_jira, "dana"), made.id, now=clock()) == ()
    clock.advance(days=30)
    assert send(space_key="LATER") != sent
    assert len(synchronizations.overview(caller(other_jira, "dana"), made.id, now=clock())) == 1


def test_a_partner_site_that_does_not_answer_is_said_and_nothing_is_stored(send: Send, jira: Jira) -> None:
    jira.world.misfortunes.add(
        Misfortune(match=("GET", "project/BETA"), times=1, kind="refuse_before_effect", status=503)
    )

    with pytest.raises(RemoteUnreachable, match="initech"):
        send()

    assert not Synchronization.objects.exists()


def test_acceptance_reads_each_site_with_its_own_client(
    send: Send, jira: Jira, other_jira: Jira, clock: VirtualClock
) -> None:
    only = other_jira.site.work_type("Bug").id
    other_jira.site.space("BETA").type_ids = [only]
    sent = send()

    requests.accept(caller(other_jira, "bob"), BETA, sent, now=clock())

    offered = from_document(PublishedConfiguration.objects.get().document)
    row = Synchronization.objects.get()
    assert [each.left_name for each in offered.types] == ["Bug"]
    assert row.state == "stopped"
    assert row.spaces == "|".join(sorted([f"{jira.row.id}:{ALPHA}", f"{other_jira.row.id}:{BETA}"]))


def test_once_accepted_each_side_is_told_the_others_name(
    send: Send, jira: Jira, other_jira: Jira, clock: VirtualClock
) -> None:
    other_jira.site.space("BETA").name = "Bravo"
    sent = send()
    (before,) = synchronizations.overview(caller(jira), ALPHA, now=clock())

    requests.accept(caller(other_jira, "bob"), BETA, sent, now=clock())

    (left,) = synchronizations.overview(caller(jira), ALPHA, now=clock())
    (right,) = synchronizations.overview(caller(other_jira, "bob"), BETA, now=clock())
    assert (before.partner.label, left.partner.label, right.partner.label) == (
        "BETA",
        "Bravo (BETA)",
        "Alpha (ALPHA)",
    )
    assert (left.partner.base_url, right.partner.base_url) == (INITECH, jira.site.base_url)


def test_the_senders_right_is_asked_again_on_the_sending_site(
    send: Send, jira: Jira, other_jira: Jira, clock: VirtualClock
) -> None:
    sent = send()
    jira.site.revoke(jira.site.user("alice"), "ADMINISTER_PROJECTS", space=jira.site.space("ALPHA"))
    assert jira.account("alice") == other_jira.account("alice"), "who administers ALPHA of initech as before"

    with pytest.raises(NotAllowed, match="Whoever sent this request no longer has"):
        requests.accept(caller(other_jira, "bob"), BETA, sent, now=clock())

    assert Synchronization.objects.get().state == "requested"


@pytest.mark.parametrize("leave", [Jira.disable, Jira.uninstall])
def test_a_request_of_a_site_that_the_app_has_left_cannot_be_accepted(
    send: Send, jira: Jira, other_jira: Jira, clock: VirtualClock, leave: Callable[[Jira], None]
) -> None:
    sent = send()
    leave(jira)

    with pytest.raises(Outdated, match="no longer enabled on the site that sent this request"):
        requests.accept(caller(other_jira, "bob"), BETA, sent, now=clock())

    assert Synchronization.objects.get().state == "requested"


def test_case_59_only_the_space_that_was_asked_finds_the_request(
    send: Send, jira: Jira, other_jira: Jira, clock: VirtualClock
) -> None:
    sent = send()

    with pytest.raises(Outdated):
        requests.accept(caller(jira), ALPHA, sent, now=clock())
    for who, space in (
        (caller(jira, "bob"), BETA),
        (caller(other_jira), ALPHA),
        (caller(other_jira, "dana"), "10002"),
    ):
        with pytest.raises(NotFound):
            requests.accept(who, space, sent, now=clock())
        with pytest.raises(NotFound):
            requests.view(who, space, sent, now=clock())

    assert Synchronization.objects.get().state == "requested"


def test_nobody_can_answer_for_a_space_that_does_not_exist(
    send: Send, other_jira: Jira, clock: VirtualClock
) -> None:
    sent = send(space_key="NOWHERE")

    for space in (ALPHA, BETA, ""):
        with pytest.raises((NotFound, NotAllowed)):
            requests.accept(caller(other_jira, "dana"), space, sent, now=clock())

    assert Synchronization.objects.get().state == "requested"


def test_case_60_of_two_acceptances_on_the_other_site_exactly_one_counts(
    send: Send, jira: Jira, other_jira: Jira, clock: VirtualClock
) -> None:
    sent, dana = send(), caller(other_jira, "dana")
    jira.world.hooks.before("GET", "createmeta", lambda _: requests.accept(dana, BETA, sent, now=clock()))

    with pytest.raises(Outdated, match="Somebody else was faster"):
        requests.accept(caller(other_jira, "bob"), BETA, sent, now=clock())

    assert SynchronizationSide.objects.get(side="right").acted_by == other_jira.account("dana")
    assert PublishedConfiguration.objects.count() == 1


def test_a_withdrawal_on_one_site_wins_over_an_acceptance_under_way_on_the_other(
    send: Send, jira: Jira, other_jira: Jira, clock: VirtualClock
) -> None:
    sent, alice = send(), caller(jira)
    jira.world.hooks.before("GET", "createmeta", lambda _: requests.withdraw(alice, ALPHA, sent, now=clock()))

    with pytest.raises(Outdated, match="Somebody else was faster"):
        requests.accept(caller(other_jira, "bob"), BETA, sent, now=clock())

    assert not Synchronization.objects.exists()


def ask_back(jira: Jira, other_jira: Jira, clock: VirtualClock) -> uuid.UUID:
    """Bob asks from BETA on initech for ALPHA on acme."""
    return requests.send_across(
        caller(other_jira, "bob"),
        BETA,
        base_url=jira.site.base_url,
        space_key="ALPHA",
        mode="immediate",
        name="Back",
        description="",
        now=clock(),
    )


def test_whoever_was_asked_answers_instead_of_asking_back(
    send: Send, jira: Jira, other_jira: Jira, clock: VirtualClock
) -> None:
    send()

    with pytest.raises(Outdated, match=r"Beta and ALPHA on acme\.atlassian\.net already have"):
        ask_back(jira, other_jira, clock)

    assert Synchronization.objects.count() == 1


def test_of_two_requests_that_crossed_one_can_be_accepted(
    send: Send, jira: Jira, other_jira: Jira, clock: VirtualClock
) -> None:
    sent = send()
    SynchronizationSide.objects.filter(side="left").update(space_key="FORMER")  # it is called ALPHA since
    crossing = ask_back(jira, other_jira, clock)
    requests.accept(caller(other_jira, "bob"), BETA, sent, now=clock())

    with pytest.raises(Outdated, match="These two spaces already have a synchronization"):
        requests.accept(caller(jira), ALPHA, crossing, now=clock())

    assert PublishedConfiguration.objects.count() == 1
    assert Synchronization.objects.get(pk=crossing).state == "requested"


def test_a_second_request_to_a_partner_already_connected_is_refused(
    send: Send, jira: Jira, other_jira: Jira, clock: VirtualClock
) -> None:
    requests.accept(caller(other_jira, "bob"), BETA, send(), now=clock())

    with pytest.raises(Outdated, match="already have a synchronization"):
        send()

    assert Synchronization.objects.count() == 1


def test_a_declined_request_tells_the_sender_the_message_and_still_no_name(
    send: Send, jira: Jira, other_jira: Jira, clock: VirtualClock
) -> None:
    sent = send()
    requests.decline(caller(other_jira, "bob"), BETA, sent, message=" Not now ", now=clock())

    seen = requests.view(caller(jira), ALPHA, sent, now=clock())

    assert (seen.status, seen.message, seen.partner.label) == ("DECLINED", "Not now", "BETA")
    assert send() != sent


def test_either_side_starts_stops_and_deletes_for_both(
    send: Send, jira: Jira, other_jira: Jira, clock: VirtualClock
) -> None:
    sent, alice, bob = send(), caller(jira), caller(other_jira, "bob")
    requests.accept(bob, BETA, sent, now=clock())

    def statuses() -> set[str]:
        seen = (
            *synchronizations.overview(alice, ALPHA, now=clock()),
            *synchronizations.overview(bob, BETA, now=clock()),
        )
        return {each.status for each in seen}

    synchronizations.start(alice, ALPHA, sent, now=clock())
    assert statuses() == {"RUNNING"}
    synchronizations.stop(bob, BETA, sent, now=clock())
    assert statuses() == {"STOPPED"}
    synchronizations.delete(bob, BETA, sent, now=clock())
    assert statuses() == set()
