"""The judge of tokens bites: who asks for them when, what is borne after that, what broke for a reason."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from tests.simulation.clock import START
from tests.simulation.judging.isolation import strangers
from tests.simulation.judging.scope import trespasses
from tests.simulation.judging.tokens import misused
from tests.simulation.witness import Break, Call, Given, Witness

SITE, OTHER = "https://jira.initech.example", "https://jira.globex.example"
FIRST, SECOND = (
    Given(address=SITE, access="a1", refresh="r1"),
    Given(address=SITE, access="a2", refresh="r2", by=0, at=100.0),
)


def test_one_asks_for_tokens_at_a_time() -> None:
    once, lost = renews(100.0), renews(100.0, heard="ReadTimeout")
    at_once = ["asks for tokens while live-0.1's call 0"]

    assert found(once, renews(101.5, by="live-1.1"), lasts=1.0) == []
    assert found(once, renews(100.5, by="live-1.1"), lasts=1.0) == at_once
    assert found(lost, renews(116.0, by="live-1.1"), lasts=15.0) == []
    assert found(lost, renews(112.0, by="live-1.1"), lasts=15.0) == at_once
    assert found(once, renews(100.5, by="live-1.1", to=OTHER), lasts=1.0) == []


def test_who_held_a_link_for_too_long_has_it_no_more() -> None:
    late, early = (renews(at, by="live-1.1") for at in (146.0, 144.0))

    assert found(renews(100.0), late, lasts=90.0) == []
    assert found(renews(100.0), early, lasts=90.0) == ["asks for tokens while live-0.1's call 0"]


def test_who_is_told_when_to_ask_for_tokens_again_has_the_others_wait() -> None:
    told, later = renews(100.0, heard="429", wait=30), calls_on(140.0, "a1")

    assert found(told, renews(131.0, by="live-1.1"), later) == []
    assert found(told, renews(120.0, by="live-1.1"), later) == [
        "comes 20.0 s after live-0.1's call 0",
    ]
    assert found(told, renews(120.0, by="live-1.1")) == []  # who was told did not live to tell


def test_nobody_bears_what_newer_tokens_are_in_use_for() -> None:
    renewed, first_use = renews(100.0), calls_on(102.0, "a2")
    tokens = [FIRST, SECOND]

    assert found(renewed, first_use, calls_on(103.0, "a1", knew=101.0), given=tokens) == []
    assert found(renewed, first_use, calls_on(103.0, "a1"), given=tokens) == ["bears what newer tokens"]
    assert found(renewed, first_use, renews(103.0, by="live-1.1"), given=tokens) == [
        "bears what newer tokens",
    ]
    assert found(renewed, calls_on(103.0, "a1"), given=tokens) == []


@pytest.mark.parametrize("late", ["a1", "a2"])
def test_nobody_goes_over_a_link_that_is_known_to_be_broken(late: str) -> None:
    broken, tokens = Break(since=110.0, until=300.0), [FIRST, replace(SECOND, at=200.0)]
    refused = renews(109.0, heard="400")

    seen = [
        found(refused, calls_on(250.0, late, knew=knew), given=tokens, breaks=[broken], taken=[105.0])
        for knew in (109.0, 250.0, 301.0)
    ]

    assert seen == [[], ["goes over a link that was known"] if late == "a1" else [], []]


def test_a_broken_link_is_not_asked_for_tokens() -> None:
    broken, again = Break(since=110.0), renews(120.0, heard="400")

    judged = found(renews(109.0, heard="400"), again, given=[FIRST], breaks=[broken], taken=[105.0])

    assert judged == ["goes over a link that was known"]


def test_a_link_breaks_where_it_was_taken_back() -> None:
    refused, broken = renews(109.0, heard="400"), [Break(since=110.0)]

    assert found(refused, given=[FIRST], breaks=broken, taken=[105.0]) == []
    assert found(refused, given=[FIRST], breaks=broken, taken=[112.0]) == ["nobody had taken anything back"]
    assert found(refused, given=[replace(FIRST, at=107.0)], breaks=broken, taken=[105.0]) == [
        "nobody had taken anything back"
    ]


def test_a_link_breaks_where_new_tokens_could_not_be_kept() -> None:
    refused, broken, kept = renews(160.0, heard="400", by="live-1.1"), [Break(since=161.0)], [FIRST, SECOND]
    lost, killed = renews(100.0, heard="500"), renews(100.0)
    lives_on = calls_on(170.0, "a3")

    assert found(lost, refused, lives_on, given=kept, breaks=broken) == []
    assert found(killed, refused, given=kept, breaks=broken) == []
    assert found(killed, refused, lives_on, given=kept, breaks=broken, lasts=46.0) == []
    assert found(killed, refused, lives_on, given=kept, breaks=broken) == ["nobody had taken anything back"]


def test_a_link_breaks_where_new_tokens_are_refused_too() -> None:
    broken = [Break(since=600.0)]

    assert found(given=[FIRST], breaks=broken, spoilt=[100.0, 590.0]) == []
    assert found(given=[FIRST], breaks=broken, taken=[590.0]) == []
    assert found(given=[FIRST], breaks=broken, spoilt=[590.0]) == ["nobody had taken anything back"]


def test_each_office_is_asked_with_what_it_gave() -> None:
    offices = {SITE: ["r1", "r2"], OTHER: ["r3"]}
    signed = replace(renews(100.0), authorization="Bearer a1")

    assert judged_alone(renews(100.0), offices) == []
    assert judged_alone(renews(100.0, of="r2"), offices) == []
    assert judged_alone(renews(100.0, of="r3"), offices) == [f"to {SITE} bears what was not given there"]
    assert judged_alone(signed, offices) == [f"to {SITE} bears what was not given there"]
    assert judged_alone(renews(100.0), {OTHER: ["r1"]}) == [
        f"asks {SITE} for tokens, which gives none to anybody"
    ]


def test_asking_for_tokens_is_no_trespass_and_asking_elsewhere_is_one() -> None:
    elsewhere = replace(renews(100.0), path="/rest/oauth2/latest/tokens")

    assert list(trespasses([renews(100.0)], name=str)) == []
    assert len(list(trespasses([elsewhere], name=str))) == 1


def found(
    *calls: Call,
    given: list[Given] | None = None,
    breaks: list[Break] | None = None,
    taken: list[float] | None = None,
    spoilt: list[float] | None = None,
    lasts: float = 0.1,
) -> list[str]:
    """What is wrong with these calls, in their order: the words behind the call that is blamed.

    ``lasts``: how long after its effect the worker of the first one had the answer.
    """
    numbered = [replace(call, number=number) for number, call in enumerate(calls)]
    seen = Witness(
        calls=numbered,
        given=given or [],
        breaks=breaks or [],
        taken=taken or [],
        spoilt=spoilt or [],
        ended={call.number: call.at + (0.1 if call.number else lasts) for call in numbered},
    )
    said = [each.partition(") ")[2] or each.partition(", and ")[2] for each in misused(seen)]
    return [
        each.partition(" (")[0].partition(" were in use")[0].partition(" to be broken")[0] for each in said
    ]


def renews(
    at: float,
    *,
    of: str = "r1",
    by: str = "live-0.1",
    to: str = SITE,
    heard: str = "200",
    wait: float = 0.0,
) -> Call:
    """A worker takes the link, looks at it and asks for new tokens, all at once."""
    return Call(
        number=0,
        asked=START + timedelta(seconds=at),
        answered=START + timedelta(seconds=at),
        worker=by,
        method="POST",
        origin=to,
        path="/rest/oauth2/latest/token",
        body=urlencode({"grant_type": "refresh_token", "refresh_token": of}).encode(),
        heard=heard,
        at=at,
        began=at,
        knew=at,
        claimed=at,
        wait=wait,
    )


def calls_on(at: float, token: str, *, knew: float | None = None) -> Call:
    """The first worker makes an ordinary call with a token, having looked at the link at once, or before."""
    return replace(
        renews(at),
        method="GET",
        path="/rest/api/2/myself",
        body=b"",
        authorization=f"Bearer {token}",
        knew=at if knew is None else knew,
    )


def judged_alone(call: Call, offices: dict[str, list[str]]) -> list[str]:
    """What is wrong with a call for tokens, behind its name."""
    return [each.partition(") ")[2] for each in strangers([call], {}, {}, offices=offices)]
