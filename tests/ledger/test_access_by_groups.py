"""A site that is restricted to groups: who gets in, at what price, and what everybody else is told."""

from dataclasses import replace
from datetime import timedelta

import pytest

from backbone_app import gateway
from backbone_app.errors import HeldOff, NotAllowed, RemoteUnreachable
from backbone_app.ledger import access
from backbone_app.models import Pause, Site
from jira_sandbox.misfortunes import Misfortune
from tests.support.desk import GROUPS, Desk


@pytest.fixture
def staff(desk: Desk) -> set[str]:
    """The members of the one group whose members may; alice and bob are in it, and dana is."""
    desk.restrict_to("staff")
    return desk.jira.site.group("staff").members


def test_an_admin_of_the_space_who_is_in_the_group_may(desk: Desk, staff: set[str]) -> None:
    desk.ask("alice")
    desk.know("alice")

    assert (desk.questions, desk.questions_of_groups) == (1, 1)


def test_an_admin_of_the_space_who_is_not_is_told_the_group_and_whom_to_ask(
    desk: Desk, staff: set[str]
) -> None:
    staff.remove(desk.jira.account("alice"))

    with pytest.raises(NotAllowed) as refused:
        desk.ask("alice")

    assert "only members of the group “staff”" in str(refused.value)
    assert "Ask a Jira admin to add you to it" in str(refused.value)


def test_all_groups_are_named(desk: Desk) -> None:
    desk.restrict_to("staff", "jira-administrators")
    desk.jira.site.group("staff").members.clear()

    with pytest.raises(NotAllowed, match="the groups “jira-administrators” and “staff”"):
        desk.ask("alice")


def test_one_of_the_groups_is_enough(desk: Desk) -> None:
    desk.restrict_to("staff", "jira-administrators")

    desk.ask("alice")


def test_being_in_the_group_is_not_enough_without_administer_space(desk: Desk, staff: set[str]) -> None:
    with pytest.raises(NotAllowed, match="Administer Space"):
        desk.ask("carol")

    assert desk.questions_of_groups == 0


def test_a_system_admin_needs_no_group_and_only_one_question_is_asked(desk: Desk, staff: set[str]) -> None:
    staff.clear()

    desk.ask("dana")

    assert (desk.questions, desk.questions_of_groups) == (1, 0)


def test_a_system_admin_needs_administer_space_all_the_same(desk: Desk, staff: set[str]) -> None:
    site = desk.jira.site
    site.revoke(site.user("dana"), "ADMINISTER_PROJECTS", space=site.space("ALPHA"))

    with pytest.raises(NotAllowed, match="Administer Space"):
        desk.ask("dana")


def test_a_jira_admin_who_is_no_system_admin_needs_the_group_but_not_for_the_site(
    desk: Desk, staff: set[str]
) -> None:
    site = desk.jira.site
    site.revoke(site.user("dana"), "SYSTEM_ADMIN")
    staff.clear()

    with pytest.raises(NotAllowed, match="staff"):
        desk.ask("dana")

    desk.ask_of_site("dana")


def test_whoever_leaves_the_group_changes_nothing_more_and_reads_for_a_minute(
    desk: Desk, staff: set[str]
) -> None:
    desk.know("alice")
    staff.remove(desk.jira.account("alice"))

    desk.clock.advance(seconds=60)
    desk.know("alice")

    desk.clock.advance(seconds=1)
    with pytest.raises(NotAllowed):
        desk.know("alice")


def test_a_change_that_is_refused_ends_reading_at_once(desk: Desk, staff: set[str]) -> None:
    desk.know("alice")
    staff.remove(desk.jira.account("alice"))

    with pytest.raises(NotAllowed):
        desk.ask("alice")

    with pytest.raises(NotAllowed):
        desk.know("alice")


def test_whoever_joins_the_group_may_at_once(desk: Desk, staff: set[str]) -> None:
    staff.remove(desk.jira.account("alice"))
    with pytest.raises(NotAllowed):
        desk.know("alice")
    staff.add(desk.jira.account("alice"))

    desk.know("alice")


def test_a_rule_that_is_set_counts_at_once(desk: Desk) -> None:
    desk.know("alice")
    desk.restrict_to("jira-administrators")

    with pytest.raises(NotAllowed):
        desk.know("alice")


def test_a_rule_that_is_lifted_counts_at_once(desk: Desk) -> None:
    desk.restrict_to("jira-administrators")
    with pytest.raises(NotAllowed):
        desk.know("alice")
    Site.objects.update(is_restricted=False)

    desk.know("alice")

    assert desk.questions_of_groups == 1


def test_with_no_group_only_system_admins_may_and_nobodys_groups_are_asked(desk: Desk) -> None:
    desk.restrict_to()

    desk.ask("dana")
    with pytest.raises(NotAllowed, match="only Jira system admins"):
        desk.ask("alice")

    assert desk.questions_of_groups == 0


def test_a_group_that_was_deleted_lets_nobody_in(desk: Desk, staff: set[str]) -> None:
    site = desk.jira.site
    del site.groups[site.group("staff").id]

    with pytest.raises(NotAllowed, match="staff"):
        desk.ask("alice")


def test_a_group_of_the_same_name_that_is_made_later_is_another_group(desk: Desk, staff: set[str]) -> None:
    site = desk.jira.site
    old = site.groups.pop(site.group("staff").id)
    site.groups["a-new-one"] = replace(old, id="a-new-one")

    with pytest.raises(NotAllowed):
        desk.ask("alice")


def test_where_the_app_may_not_see_groups_nobody_but_system_admins_gets_in(
    desk: Desk, staff: set[str]
) -> None:
    desk.jira.world.misfortunes.add(
        Misfortune(match=("GET", GROUPS), times=1, kind="refuse_before_effect", status=403)
    )

    with pytest.raises(NotAllowed, match="Browse users and groups"):
        desk.ask("alice")


def test_somebody_whom_jira_does_not_know_any_more_is_in_no_group(desk: Desk, staff: set[str]) -> None:
    client = gateway.client(desk.jira.row, clock=desk.clock)

    assert not access.is_in_one(client, account="gone", groups=[desk.jira.site.group("staff").id])


def test_a_site_that_does_not_say_who_is_in_which_group_is_no_yes(desk: Desk, staff: set[str]) -> None:
    desk.jira.world.misfortunes.add(
        Misfortune(match=("GET", GROUPS), times=1, kind="refuse_before_effect", status=500)
    )

    with pytest.raises(RemoteUnreachable):
        desk.know("alice")


def test_a_site_that_is_not_restricted_is_asked_one_question_and_no_more(desk: Desk) -> None:
    before = desk.jira.world.meters.calls(site="acme")

    desk.ask("alice")
    desk.know("alice")

    assert desk.jira.world.meters.calls(site="acme") - before == desk.questions == 1


def test_in_a_hold_the_hour_counts_for_the_rule_that_was_in_force(desk: Desk, staff: set[str]) -> None:
    desk.know("alice")
    until = desk.clock() + timedelta(hours=2)
    Pause.objects.create(
        scope=f"site:{desk.jira.row.pk}", site=desk.jira.row, reason="r", since=desk.clock(), until=until
    )

    desk.clock.advance(minutes=59)
    desk.know("alice")

    desk.restrict_to("jira-administrators")
    with pytest.raises(HeldOff):
        desk.know("alice")


def test_who_administers_jira_is_asked_afresh_for_changes_and_known_for_a_minute(desk: Desk) -> None:
    desk.ask_of_site("dana")
    desk.ask_of_site("dana")
    desk.know_of_site("dana")
    assert desk.questions == 2

    desk.clock.advance(seconds=61)
    desk.know_of_site("dana")

    assert desk.questions == 3


def test_an_admin_of_a_space_does_not_administer_jira(desk: Desk) -> None:
    desk.know("alice")

    with pytest.raises(NotAllowed, match="Administer Jira"):
        desk.know_of_site("alice")
    with pytest.raises(NotAllowed, match="Ask a Jira admin"):
        desk.ask_of_site("alice")


def test_a_right_to_administer_jira_that_was_taken_ends_reading_with_the_first_change(desk: Desk) -> None:
    site = desk.jira.site
    desk.know_of_site("dana")
    site.revoke(site.user("dana"), "ADMINISTER")

    with pytest.raises(NotAllowed):
        desk.ask_of_site("dana")

    with pytest.raises(NotAllowed):
        desk.know_of_site("dana")
