"""What is switched on for a whole site, and how it tracks time."""

import json
from dataclasses import replace

import pytest

from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.sandbox import ListeningApp, Person, descriptor, install

CONFIGURATION = "/rest/api/3/configuration"
TRACKING = f"{CONFIGURATION}/timetracking"
JIRA = {"key": "JIRA", "name": "JIRA provided time tracking"}
STANDARD = {
    "workingHoursPerDay": 8.0,
    "workingDaysPerWeek": 5.0,
    "timeFormat": "pretty",
    "defaultUnit": "minute",
}
ADMINISTRATORS = ["Only Jira administrators can perform this operation."]


@pytest.mark.answers(f"GET {CONFIGURATION}")
def test_the_site_says_what_is_switched_on(alice: Person, site: Site) -> None:
    answer = alice.get(CONFIGURATION)
    site.time_tracking = replace(site.time_tracking, is_on=False)
    site.attachments_on = False
    without = alice.get(CONFIGURATION).json()

    shown = answer.json()
    assert answer.status == 200
    assert (shown["timeTrackingEnabled"], shown["attachmentsEnabled"]) == (True, True)
    assert shown["timeTrackingConfiguration"] == STANDARD
    assert (without["timeTrackingEnabled"], without["attachmentsEnabled"]) == (False, False)
    assert "timeTrackingConfiguration" not in without


@pytest.mark.answers(f"GET {TRACKING}")
@pytest.mark.answers(f"PUT {TRACKING}")
@pytest.mark.answers(f"GET {TRACKING}/list")
def test_jira_tracks_time_unless_nobody_does(dana: Person, site: Site) -> None:
    chosen = dana.get(TRACKING)
    site.time_tracking = replace(site.time_tracking, is_on=False)
    nobody = dana.get(TRACKING)

    again = dana.put(TRACKING, {"key": "Jira"})

    assert (chosen.status, chosen.json()) == (200, JIRA)
    assert (nobody.status, nobody.body) == (204, b"")
    assert again.status == 204
    assert dana.get(TRACKING).json() == JIRA
    assert dana.get(f"{TRACKING}/list").json() == [JIRA]


@pytest.mark.refuses(f"PUT {TRACKING}", 400)
def test_nobody_else_tracks_time(dana: Person) -> None:
    answer = dana.put(TRACKING, {"key": "sundial"})

    assert answer.status == 400
    assert answer.json()["errors"] == {"key": "The time tracking provider is not found."}


def test_switching_it_on_is_told(world: World, site: Site, dana: Person) -> None:
    app = ListeningApp()
    hooks = [{"event": "option_timetracking_changed", "url": "/hook"}]
    install(world, site, app, wanted=descriptor(modules={"webhooks": hooks}))
    app.calls.clear()
    site.time_tracking = replace(site.time_tracking, is_on=False)

    dana.put(TRACKING, {"key": "JIRA"})
    dana.put(TRACKING, {"key": "JIRA"})

    world.deliver(app)
    (call,) = app.calls
    assert json.loads(call.body)["property"]["key"] == "jira.option.timetracking"


@pytest.mark.answers(f"GET {TRACKING}/options")
@pytest.mark.answers(f"PUT {TRACKING}/options")
def test_days_are_as_long_as_the_site_works(alice: Person, dana: Person) -> None:
    wanted = {
        "workingHoursPerDay": 7.5,
        "workingDaysPerWeek": 4,
        "timeFormat": "days",
        "defaultUnit": "hour",
    }
    issue = alice.create("ALPHA", "one")

    answer = dana.put(f"{TRACKING}/options", wanted)
    logged = alice.post(f"/rest/api/3/issue/{issue}/worklog", {"timeSpent": "1w 2"}).json()

    assert (answer.status, answer.json()) == (200, wanted)
    assert dana.get(f"{TRACKING}/options").json() == wanted
    assert (logged["timeSpentSeconds"], logged["timeSpent"]) == (32 * 3600, "4d 2h")


@pytest.mark.refuses(f"PUT {TRACKING}/options", 400)
@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"workingHoursPerDay": 25}, "workingHoursPerDay must be a number above 0 and not above 24."),
        ({"workingHoursPerDay": True}, "workingHoursPerDay must be a number above 0 and not above 24."),
        ({"workingDaysPerWeek": 0}, "workingDaysPerWeek must be a number above 0 and not above 7."),
        ({"timeFormat": "ugly"}, "timeFormat must be one of pretty, days, hours."),
        ({"defaultUnit": None}, "defaultUnit must be one of minute, hour, day, week."),
    ],
)
def test_settings_that_make_no_sense_are_refused(dana: Person, change: dict[str, object], text: str) -> None:
    answer = dana.put(f"{TRACKING}/options", STANDARD | change)

    (name,) = change
    assert (answer.status, answer.json()["errors"]) == (400, {name: text})
    assert dana.get(f"{TRACKING}/options").json() == STANDARD


@pytest.mark.refuses(f"GET {TRACKING}", 403)
@pytest.mark.refuses(f"PUT {TRACKING}", 403)
@pytest.mark.refuses(f"GET {TRACKING}/list", 403)
@pytest.mark.refuses(f"GET {TRACKING}/options", 403)
@pytest.mark.refuses(f"PUT {TRACKING}/options", 403)
def test_only_administrators_see_and_settle_it(alice: Person) -> None:
    answers = [
        alice.get(TRACKING),
        alice.put(TRACKING, {"key": "JIRA"}),
        alice.get(f"{TRACKING}/list"),
        alice.get(f"{TRACKING}/options"),
        alice.put(f"{TRACKING}/options", STANDARD),
    ]

    assert [each.status for each in answers] == [403] * 5
    assert all(each.json()["errorMessages"] == ADMINISTRATORS for each in answers)
