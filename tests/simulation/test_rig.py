"""A killed worker leaves what a killed process leaves; all clocks of a life are one; same seed, same life."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.simulation import faults
from tests.simulation.hosts import LIVED, Host
from tests.simulation.orders import Order, Result
from tests.simulation.plan import Schedule

KILLED = "tests.simulation.experiments.killed"
SPOILED = "tests.simulation.experiments.spoiled"
CLOCKS = "tests.simulation.experiments.read_clocks"
MACHINE = "tests.simulation.experiments.clock_of_the_machine"
BECALMED = "tests.simulation.experiments.becalmed"
LINGERED = "tests.simulation.experiments.lingered"
MISLED = "tests.simulation.experiments.misled"
DEAF = "tests.simulation.experiments.deaf"
UNWOKEN = "tests.simulation.experiments.unwoken"
CLOSING = "tests.simulation.experiments.killed_when_closing"
BYTES = "tests.simulation.experiments.draw_bytes"
TWO_SITES = "tests.simulation.experiments.first_of_two"
HAPPENINGS = "tests.simulation.experiments.happenings"


@pytest.mark.parametrize("fatal", ["write", "commit"])
def test_who_is_killed_before_the_commit_has_written_nothing(host: Host, fatal: str) -> None:
    will = host.ask(KILLED, fatal)

    assert (will.rows, will.told) == ([], ["crash"])


def test_who_is_killed_after_the_commit_has_written_and_no_hook_is_run(host: Host) -> None:
    will = host.ask(KILLED, "committed")

    assert (will.rows, will.told) == (["inside"], ["crash"])


def test_who_is_not_killed_writes_all_and_passes_each_point(host: Host) -> None:
    will = host.ask(KILLED, "nowhere")

    assert (will.rows, will.told) == (["inside", "finally"], ["hook"])
    assert will.points == ["write", "commit (goes on)", "committed", "write", "wrote"]


def test_who_is_killed_after_its_answer_went_out_has_answered(host: Host) -> None:
    answer = host.ask(CLOSING)

    assert answer == 200


def test_what_the_app_said_yes_to_and_has_kept_nothing_of_is_found(host: Host, short: int) -> None:
    violations = host.ask(DEAF, short)

    assert any(each.startswith("lost: the app said yes to jira:issue_updated of") for each in violations)


def test_a_pair_that_is_due_and_nobody_was_woken_for_is_found(host: Host, short: int) -> None:
    violations = host.ask(UNWOKEN, short)

    assert any(each.endswith("is due, and nobody was woken for it") for each in violations)


def test_all_clocks_of_a_life_are_one(host: Host) -> None:
    clocks = host.ask(CLOCKS)

    assert set(clocks) == {datetime(2026, 11, 22, 2, 32, 3, 456_000, tzinfo=UTC)}


def test_outside_a_life_the_clock_is_the_machines(host: Host) -> None:
    host.ask(CLOCKS)

    assert abs(host.ask(MACHINE) - datetime.now(UTC)) < timedelta(minutes=1)


def test_what_looks_random_is_the_seeds(host: Host) -> None:
    drawn = [host.ask(BYTES, seed) for seed in (1, 2, 1)]

    assert drawn[0] == drawn[2] != drawn[1]


def test_the_same_seed_lives_the_same_life_whoever_lived_in_between(host: Host, short: int) -> None:
    first: Result = host.ask(LIVED, Order(short, is_kept=True))
    other: Result = host.ask(LIVED, Order(short + 1, schedule=Schedule()))
    again: Result = host.ask(LIVED, Order(short, is_kept=True))

    assert again.lines == first.lines
    assert again.digest == first.digest != other.digest


def test_what_befalls_a_site_and_what_is_committed_under_a_claim_is_counted(host: Host) -> None:
    lived: Result = host.ask(LIVED, Order(9, ("F12",)))

    assert lived.struck["F12"] > 0
    assert lived.fenced > 0


@pytest.mark.parametrize(("kind", "address"), [("dc-8.22", "/jira/rest/api/2"), ("3lo", "/ex/jira/")])
def test_a_linked_site_is_written_to_and_its_news_are_taken_in(host: Host, kind: str, address: str) -> None:
    seed: int = host.ask(TWO_SITES)

    lived: Result = host.ask(LIVED, Order(seed, (), is_kept=True, kind=kind))

    assert (lived.kind, lived.violations) == (kind, ())
    assert any(f" POST {address}" in line and line.endswith("/issue → 201") for line in lived.lines)
    assert any("delivers jira:issue_created of 2" in line for line in lived.lines)
    assert any("POST /rest/api/" in line and line.endswith("/issue → 201") for line in lived.lines)


@pytest.mark.parametrize("kind", ["dc-10.3", "3lo"])
def test_a_link_that_was_taken_back_is_mended_and_used_again(host: Host, kind: str) -> None:
    lived: Result = host.ask(LIVED, Order(0, ("F10",), is_kept=True, kind=kind))

    mended = next(at for at, line in enumerate(lived.lines) if "admins" in line and "works again" in line)
    assert (lived.kind, lived.violations) == (kind, ())
    assert any("disaster" in line and "TakenBack" in line for line in lived.lines[:mended])
    assert any("/rest/api/" in line and line.endswith("→ 200") for line in lived.lines[mended:])


def test_a_data_center_whose_tokens_run_out_delivers_to_the_webhook_that_the_app_made(host: Host) -> None:
    lived: Result = host.ask(LIVED, Order(0, ("F10",), is_kept=True, kind="dc-8.22"))

    assert lived.violations == ()
    made = next(at for at, line in enumerate(lived.lines) if "/rest/webhooks/1.0/webhook → 201" in line)
    assert not any("delivers" in line and " of 2" in line for line in lived.lines[:made])
    assert any("delivers" in line and " of 2" in line for line in lived.lines[made:])


def test_tokens_are_befallen_by_a_chance_of_their_own_beside_all_else_or_alone() -> None:
    drawn = [(faults.drawn(seed), seed) for seed in range(1000)]
    befallen = [(others, faults.with_tokens(seed, others, faults.FAULTS)) for others, seed in drawn]
    having = [(others, found) for others, found in befallen if faults.TOKENS in found]

    assert not any(faults.TOKENS in others for others, _ in befallen)
    assert all(found == others for others, found in befallen if faults.TOKENS not in found)
    assert all(found - {faults.TOKENS} in (others, frozenset()) for others, found in having)
    assert 350 < len(having) < 450
    assert all(faults.with_tokens(seed, others, faults.OTHERS) == others for others, seed in drawn)
    assert faults.with_tokens(0, frozenset(), [faults.TOKENS]) == {faults.TOKENS}


def test_what_the_second_site_is_leaves_a_script_as_it_is(host: Host) -> None:
    seed: int = host.ask(TWO_SITES)

    scripts = [host.ask(HAPPENINGS, seed, kind) for kind in ("home", "dc-11", "3lo")]

    assert scripts[0] == scripts[1] == scripts[2] != []


def test_a_schedule_of_all_that_came_about_lives_the_same_life(host: Host, short: int) -> None:
    drawn: Result = host.ask(LIVED, Order(short))
    schedule = Schedule.read(str(drawn.schedule))

    replayed: Result = host.ask(LIVED, Order(short, schedule=schedule))

    assert drawn.schedule.points
    assert (replayed.digest, replayed.schedule) == (drawn.digest, drawn.schedule)


def test_a_schedule_of_nothing_lives_a_life_without_interventions(host: Host, short: int) -> None:
    calm: Result = host.ask(LIVED, Order(short, schedule=Schedule()))

    assert (calm.schedule, calm.changes, calm.violations) == (Schedule(), 0, ())


def test_faults_are_not_over_before_people_have_ended_what_they_began(host: Host, short: int) -> None:
    calm = host.ask(LINGERED, short)

    assert calm == [False]


def test_a_long_outage_is_calm_but_when_it_is_new_and_when_it_is_about_to_end(host: Host, short: int) -> None:
    faulty = host.ask(BECALMED, short)

    assert {0, 5} <= faulty
    assert not faulty & set(range(15, 75))
    assert max(faulty) in range(80, 91)


def test_nothing_is_judged_before_a_check_goes_by_the_right_time(host: Host, short: int) -> None:
    violations = host.ask(MISLED, short)

    assert violations == ()


def test_a_wrong_value_is_reported_with_a_timeline_to_read(host: Host, short: int) -> None:
    told = host.ask(SPOILED, short)

    assert "VIOLATION I1" in told
    assert "spoiled behind everybody's back" in told
    assert "POST /rest/api/3/issue → 201" in told
    assert " commit" not in told
