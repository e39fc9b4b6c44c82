"""What is counted shows in the text; what was not declared is counted as "other", whoever made it up."""

import ast
import re
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.values import MutexValue

from backbone_app import metrics
from backbone_app.jira import limits, webhooks
from backbone_app.metrics import families, labels, named
from backbone_app.models.intent import IntentKind
from backbone_app.models.link import LinkStatus
from backbone_app.models.site import Licence, SiteStatus
from backbone_app.queue import Job, Lane
from backbone_app.services.syncing import work
from tests.support.figures import samples

ROOT = Path(__file__).resolve().parents[2]
FAMILIES: tuple[metrics.Counter | metrics.Measure | metrics.Gauge, ...] = (
    *metrics.COUNTERS,
    *metrics.MEASURES,
    *metrics.GAUGES,
)
OPERATION = re.compile(r"^\| `([A-Z]+) (/rest/\S+)`", re.MULTILINE)


def sources() -> Iterator[ast.AST]:
    for path in (ROOT / "backbone_app").rglob("*.py"):
        yield from ast.walk(ast.parse(path.read_text()))


def test_what_is_counted_shows_with_its_labels() -> None:
    before = samples().get(("auth_rejections_total", ("expired",)), 0.0)

    metrics.REJECTIONS.up(case="expired")

    assert samples()["auth_rejections_total", ("expired",)] == before + 1


def test_a_value_that_was_not_declared_is_counted_as_other() -> None:
    before = samples().get(("auth_rejections_total", ("other",)), 0.0)

    metrics.REJECTIONS.up(case="<script>")

    found = samples()
    assert found["auth_rejections_total", ("other",)] == before + 1
    assert ("auth_rejections_total", ("<script>",)) not in found


def test_a_label_that_was_not_declared_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="not the labels"):
        metrics.REJECTIONS.up(site="acme")


@pytest.mark.parametrize("trouble", [PermissionError(), ValueError("mmap closed or invalid"), struct.error()])
def test_what_cannot_be_counted_fails_nothing(trouble: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise trouble

    monkeypatch.setattr(MutexValue, "inc", refuse)

    metrics.DRIFT.up()
    metrics.REJECTIONS.up(case="expired")
    metrics.PROPAGATION.took(1.0)
    with metrics.WEBHOOK_ACK.timed():
        answered = True

    assert answered


@pytest.mark.parametrize(
    ("started", "counts"),
    [
        ("/opt/backbone/.venv/bin/gunicorn backbone_app.wsgi", True),
        ("manage.py run_workers --lanes live", True),
        ("/opt/backbone/manage.py run_lane live", True),
        ("manage.py serve_metrics", True),
        ("manage.py erase_person -", False),
        ("manage.py doctor", False),
        ("manage.py", False),
    ],
)
def test_a_command_that_ends_soon_leaves_no_files_of_its_user_behind(started: str, counts: bool) -> None:
    assert families.is_service(started.split()) is counts


def test_readings_that_say_the_same_are_one_sample() -> None:
    shown = samples([named.FAILURES.shows(2, code="made up"), named.FAILURES.shows(3, code="also made up")])

    assert shown["sync_failures", ("other",)] == 5


def test_a_duration_below_nothing_counts_as_nothing() -> None:
    before = samples().get(("sync_propagation_seconds_sum", ()), 0.0)

    metrics.PROPAGATION.took(-5.0)

    assert samples()["sync_propagation_seconds_sum", ()] == before


def test_names_and_units_are_prometheus_own() -> None:
    assert all(one.name.endswith("_total") for one in metrics.COUNTERS)
    assert all(one.name.endswith("_seconds") for one in metrics.MEASURES)
    assert not [one.name for one in metrics.GAUGES if one.name.endswith("_total")]
    assert len({one.name for one in FAMILIES}) == len(FAMILIES) > 35


def test_no_family_can_have_more_than_some_thousand_samples() -> None:
    sizes = {}
    for one in FAMILIES:
        sizes[one.name] = 1
        for allowed in one.allowed.values():
            sizes[one.name] *= len(allowed) + 1
    calls = sizes.pop("jira_requests_total")  # an endpoint answers with a handful of its codes

    assert max(sizes.values()) < 400
    assert calls < 60_000


def test_every_case_of_a_refusal_is_declared() -> None:
    said = {
        str(node.args[0].value)
        for node in sources()
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"NotAuthenticated", "_reject"}
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }

    assert said - labels.AUTH_CASES == set()
    assert len(said) > 20


def test_every_operation_of_jiras_that_we_use_is_declared() -> None:
    table = OPERATION.findall((ROOT / "docs" / "jira-operations.md").read_text())

    counted = {limits.describe(method, _example(path), write=False).endpoint for method, path in table}

    assert counted - labels.ENDPOINTS == set()
    assert len(counted) > 20


def _example(path: str) -> str:
    """The path of a call: a property by a name, anything else by an id."""
    return re.sub(r"\{(\w+)\}", lambda found: "some.name" if found[1] in KEYS else "10001", path)


KEYS = {"propertyKey", "addonKey"}


def test_the_closed_sets_are_those_of_the_tables() -> None:
    assert webhooks.USED <= labels.EVENTS
    assert {job.rpartition(".")[2] for job in Job} == labels.JOB_NAMES
    assert set(Lane) == labels.LANES
    assert set(SiteStatus) == labels.SITE_STATES
    assert set(LinkStatus) == labels.LINK_STATES
    assert {each.value or "unknown" for each in Licence} == labels.LICENCES
    assert set(IntentKind) == labels.WRITE_KINDS
    assert set(limits.SCOPES) <= labels.LIMIT_REASONS
    assert {work.JustChanged.code, work.StillChanging.code, work.NotYet.code} <= labels.ROUND_RESULTS
