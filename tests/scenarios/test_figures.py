"""The figures of a busy run say much, and nothing of anybody; the net is shown to catch what would."""

from backbone_app import metrics
from backbone_app.services import telemetry
from jira_sandbox.world import World
from tests.scenarios.test_canaries import BIRD, PLANTED, SUMMARY, nothing_leaks, tell_the_story, world
from tests.support.canaries import birds_of, net_over
from tests.support.figures import parsed
from tests.support.two_sites import Across, across

__all__ = ["across", "nothing_leaks", "world"]


COUNTED = {
    *("sync_webhooks_received_total", "sync_webhook_ack_seconds_count", "sync_echo_suppressed_total"),
    *("sync_propagation_seconds_sum", "sync_overhead_seconds_sum", "sync_writes_total", "sync_rounds_total"),
    *("sync_conflicts_total", "sync_jobs_total", "sync_job_seconds_count", "jira_requests_total"),
    *("jira_request_seconds_sum", "jira_points_spent_total", "jira_points_budget_remaining"),
    *("sync_inbox_depth", "sync_synchronizations", "sync_sites"),
    *("sync_tables_readable", "secrets_by_key_id"),
}
"""What the story does, and the figures have to show."""


def test_the_figures_of_a_busy_run_say_much_and_of_nobody(across: Across, world: World) -> None:
    with net_over() as net:
        tell_the_story(across)
        readings = telemetry.readings(across.acme.clock())
    text = metrics.exposition(readings).decode()
    shown = {name: value for (name, _), value in parsed(text).items() if value}

    families = {one.name for one in metrics.COUNTERS} | {one.name for one in metrics.GAUGES}
    families |= {f"{one.name}_count" for one in metrics.MEASURES}
    assert sorted(COUNTED - shown.keys()) == []
    assert len(families & shown.keys()) > 20
    assert len(parsed(text)) < 2500
    assert [bird for bird in birds_of(world, ours=PLANTED) if bird.text in text] == []
    assert net.undeclared == ()


def test_the_net_catches_what_is_planted_in_the_figures(world: World) -> None:
    with net_over() as net:
        metrics.REJECTIONS._family.labels(case=SUMMARY).inc()
    metrics.REJECTIONS._family.remove(SUMMARY)

    assert net.found([BIRD]) == ["a text of a work item in the figures"]


def test_the_net_catches_a_value_of_a_label_that_nobody_has_declared(world: World) -> None:
    with net_over() as net:
        metrics.REJECTIONS.up(case="made up")

    assert net.found([]) == ["an undeclared value of a label in auth_rejections_total"]
