"""The fence bites: a worker whose claim somebody else took over may commit nothing about the pair."""

from tests.simulation.database.fencing import Fence

CLAIM = (
    'UPDATE "backbone_pair" SET "epoch" = %s, "lease_until" = %s '
    'WHERE ("backbone_pair"."epoch" = %s AND "backbone_pair"."id" = %s '
    'AND "backbone_pair"."lease_until" < %s)'
)
WRITE = 'UPDATE "backbone_fieldbase" SET "digest" = %s WHERE "backbone_fieldbase"."id" = %s'
TICK_OFF = 'DELETE FROM "django_q_ormq" WHERE "django_q_ormq"."id" = %s'


def test_who_lost_a_pair_and_commits_what_it_found_there_is_found() -> None:
    fence = _claimed()

    fence.stated("live-0.1", WRITE, ("x", 1), 1)
    fence.commits("live-0.1", {77: 7}.get)

    assert fence.found == [
        (
            "I11: live-0.1 claimed pair 77 with epoch 6, "
            'and commits UPDATE "backbone_fieldbase" when 7 is in force'
        )
    ]


def test_who_holds_a_pair_may_write() -> None:
    fence = _claimed()

    fence.stated("live-0.1", WRITE, ("x", 1), 1)
    fence.commits("live-0.1", {77: 6}.get)

    assert (fence.found, fence.checked) == ([], 1)


def test_who_claims_a_pair_as_somebody_else_has_already_is_found() -> None:
    fence = _claimed()

    fence.stated("live-1.1", CLAIM, (6, "later", 5, 77, "now"), 1)

    assert fence.found == ["I11: live-1.1 claims pair 77 with epoch 6, which is live-0.1's"]


def test_what_changed_no_row_or_was_rolled_back_or_comes_after_the_task_does_not_count() -> None:
    fence = _claimed()

    fence.stated("live-0.1", WRITE, ("x", 1), 0)
    fence.commits("live-0.1", {77: 7}.get)
    fence.stated("live-0.1", WRITE, ("x", 1), 1)
    fence.rolls_back("live-0.1")
    fence.commits("live-0.1", {77: 7}.get)
    fence.stated("live-0.1", TICK_OFF, (1,), 1)
    fence.stated("live-0.1", WRITE, ("x", 1), 1)
    fence.commits("live-0.1", {77: 7}.get)

    assert (fence.found, fence.checked) == ([], 0)


def _claimed() -> Fence:
    fence = Fence()
    fence.stated("live-0.1", CLAIM, (6, "later", 5, 77, "now"), 1)
    return fence
