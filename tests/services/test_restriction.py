"""Who may use Backbone on a site: what a Jira admin sees and sets, and what it costs."""

from dataclasses import dataclass, replace

import pytest

from backbone_app.errors import InvalidInput, NotAllowed, RemoteUnreachable
from backbone_app.models import AllowedGroup, AuditEntry
from backbone_app.services import restriction, synchronizations
from backbone_app.services.restriction import MOST_GROUPS, Draft, Group
from backbone_app.services.tenants import Caller
from jira_sandbox.misfortunes import Misfortune
from jira_sandbox.state.values import Group as JirasGroup
from tests.support.app import Jira
from tests.support.desk import CHECK, restrict
from tests.support.sandbox import VirtualClock

PICKER = "/rest/api/3/groups/picker"


@dataclass(frozen=True, slots=True)
class Office:
    """A Jira admin of acme in front of the settings: dana, or somebody who would like to be one."""

    jira: Jira
    clock: VirtualClock

    def caller(self, name: str) -> Caller:
        row = self.jira.row
        account = self.jira.account(name)
        return Caller(site_id=row.id, account=account, base_url=row.base_url, page="Global settings")

    def group(self, name: str) -> Group:
        return Group(self.jira.site.group(name).id, name)

    def save(self, *names: str, by: str = "dana", is_confirmed: bool = False) -> None:
        """Let only members of these groups in."""
        self.set(Draft(True, tuple(map(self.group, names))), by=by, is_confirmed=is_confirmed)

    def set(self, draft: Draft, *, by: str = "dana", is_confirmed: bool = False) -> None:
        restriction.save(self.caller(by), draft, is_confirmed=is_confirmed, now=self.clock())

    def shown(self, by: str = "dana") -> restriction.Restriction:
        return restriction.show(self.caller(by), now=self.clock())

    def look(self, name: str) -> None:
        """Let somebody read the overview of ALPHA."""
        synchronizations.overview(self.caller(name), self.jira.space_id("ALPHA"), now=self.clock())

    def asked(self, method: str, path: str) -> int:
        return self.jira.world.meters.calls(route=f"{method} {path}")


@pytest.fixture
def office(jira: Jira, clock: VirtualClock) -> Office:
    return Office(jira, clock)


def test_at_first_everybody_who_administers_a_space_may(office: Office) -> None:
    assert office.shown() == restriction.Restriction(is_restricted=False, groups=())

    office.look("alice")


def test_a_rule_that_is_saved_is_in_force_and_shown(office: Office) -> None:
    office.save("jira-administrators")

    shown = office.shown()
    assert (shown.is_restricted, [each.name for each in shown.groups]) == (True, ["jira-administrators"])
    with pytest.raises(NotAllowed, match="jira-administrators"):
        office.look("alice")


def test_a_rule_that_is_lifted_keeps_its_groups_for_another_time(office: Office) -> None:
    office.save("staff")
    office.set(Draft(False, (office.group("staff"),)))

    shown = office.shown()
    assert (shown.is_restricted, [each.name for each in shown.groups]) == (False, ["staff"])
    office.look("alice")


def test_saving_replaces_the_groups(office: Office) -> None:
    office.save("staff")
    office.save("jira-administrators")

    assert list(AllowedGroup.objects.values_list("name", flat=True)) == ["jira-administrators"]


def test_each_save_that_changes_something_is_in_the_audit_log_once(office: Office) -> None:
    office.save("staff")
    office.save("staff")

    (entry,) = AuditEntry.objects.filter(act="access_changed")
    assert (entry.account, entry.page) == (office.jira.account("dana"), "Global settings")
    assert entry.detail == {"is_restricted": 1, "groups": ["staff"]}


@pytest.mark.parametrize("name", ["alice", "bob", "carol"])
def test_whoever_does_not_administer_jira_sees_and_sets_nothing(office: Office, name: str) -> None:
    with pytest.raises(NotAllowed, match="Administer Jira"):
        office.shown(name)
    with pytest.raises(NotAllowed, match="Administer Jira"):
        restriction.search(office.caller(name), "staff", now=office.clock())
    with pytest.raises(NotAllowed, match="Administer Jira"):
        restriction.look_over(office.caller(name), Draft(True, ()), now=office.clock())
    with pytest.raises(NotAllowed, match="Administer Jira"):
        office.save("staff", by=name)

    assert not AuditEntry.objects.filter(act="access_changed").exists()
    assert not office.jira.row.is_restricted
    assert office.asked("GET", PICKER) == 0


def test_a_right_that_was_taken_a_second_ago_saves_nothing(office: Office) -> None:
    office.shown()
    site = office.jira.site
    site.revoke(site.user("dana"), "ADMINISTER")

    with pytest.raises(NotAllowed):
        office.save("staff")

    assert not office.jira.row.is_restricted


def test_a_jira_admin_outside_the_groups_can_take_the_rule_back(office: Office) -> None:
    site = office.jira.site
    site.revoke(site.user("dana"), "SYSTEM_ADMIN")
    site.group("staff").members.discard(office.jira.account("dana"))
    restrict(office.jira, "staff")
    with pytest.raises(NotAllowed, match="staff"):
        office.look("dana")

    office.set(Draft(False, ()))

    office.look("dana")


def test_a_rule_without_a_group_wants_to_be_confirmed(office: Office) -> None:
    with pytest.raises(InvalidInput, match="Nobody but Jira system admins") as doubt:
        office.save()
    assert doubt.value.field == "confirmed"
    assert not office.jira.row.is_restricted

    office.save(is_confirmed=True)

    assert office.jira.row.is_restricted


def test_a_rule_whose_groups_are_all_gone_wants_to_be_confirmed(office: Office) -> None:
    office.save("staff", "jira-administrators")
    staff = office.group("staff")
    del office.jira.site.groups[staff.id]

    with pytest.raises(InvalidInput, match="Nobody but Jira system admins"):
        office.set(Draft(True, (staff,)))


def test_an_admin_who_would_lock_themself_out_has_to_confirm_it(office: Office) -> None:
    site = office.jira.site
    site.revoke(site.user("dana"), "SYSTEM_ADMIN")
    site.group("staff").members.discard(office.jira.account("dana"))

    with pytest.raises(InvalidInput, match="You are in none of these groups"):
        office.save("staff")
    office.save("staff", is_confirmed=True)

    assert office.jira.row.is_restricted


def test_a_system_admin_locks_nobody_out_without_a_group(office: Office) -> None:
    office.jira.site.group("staff").members.discard(office.jira.account("dana"))

    office.save("staff")

    assert office.jira.row.is_restricted


@pytest.mark.parametrize("known", [True, False])
def test_a_group_that_jira_does_not_have_is_refused_unless_it_is_in_the_rule_already(
    office: Office, known: bool
) -> None:
    site, staff = office.jira.site, office.group("staff")
    if known:
        office.save("staff")
    del site.groups[staff.id]
    wanted = Draft(True, (staff, office.group("jira-administrators")))

    if known:
        office.set(wanted)
        assert [(each.name, each.is_gone) for each in office.shown().groups] == [
            ("jira-administrators", False),
            ("staff", True),
        ]
    else:
        with pytest.raises(InvalidInput, match="Jira has no group “staff”"):
            office.set(wanted)


def test_a_group_is_what_jira_says_and_not_what_the_page_says(office: Office) -> None:
    staff = office.group("staff")

    with pytest.raises(InvalidInput) as refused:
        office.set(Draft(True, (replace(staff, name="jira-administrators"),)))
    assert refused.value.field == "groups"

    office.set(Draft(True, (replace(staff, name="STAFF"),)))

    assert AllowedGroup.objects.get().name == "staff"


def test_of_a_name_longer_than_our_column_its_beginning_is_kept(office: Office) -> None:
    office.jira.site.groups["7"] = JirasGroup(id="7", name="g" * 300, members=set())

    office.set(Draft(True, (Group("7", "g" * 255),)), is_confirmed=True)

    assert AllowedGroup.objects.get().name == "g" * 255


def test_a_rule_has_a_bounded_number_of_groups(office: Office) -> None:
    site = office.jira.site
    for number in range(MOST_GROUPS + 1):
        site.groups[str(number)] = JirasGroup(id=str(number), name=f"many {number:02}", members=set())
    many = tuple(Group(str(number), f"many {number:02}") for number in range(MOST_GROUPS + 1))

    with pytest.raises(InvalidInput, match="20 groups"):
        office.set(Draft(True, many))

    assert not AllowedGroup.objects.exists()


def test_a_search_finds_groups_however_they_are_written_and_says_when_there_are_more(office: Office) -> None:
    site = office.jira.site
    for number in range(25):
        site.groups[str(number)] = JirasGroup(id=str(number), name=f"Many {number:02}", members=set())

    some = restriction.search(office.caller("dana"), " many ", now=office.clock())
    one = restriction.search(office.caller("dana"), "MANY 07", now=office.clock())

    assert (len(some.groups), some.is_all) == (20, False)
    assert (one.groups, one.is_all) == ((Group("7", "Many 07"),), True)


def test_a_group_that_is_behind_the_end_of_the_list_is_not_said_to_be_gone(office: Office) -> None:
    restrict(office.jira, "staff")
    for number in range(25):
        name = f"a staff {number:02}"
        office.jira.site.groups[str(number)] = JirasGroup(id=str(number), name=name, members=set())

    (staff,) = office.shown().groups

    assert not staff.is_gone


def test_looking_asks_once_a_minute_who_administers_jira(office: Office) -> None:
    office.shown()
    office.shown()
    assert office.asked("POST", CHECK) == 1

    office.clock.advance(seconds=61)
    office.shown()

    assert office.asked("POST", CHECK) == 2


def test_a_site_that_cannot_be_asked_keeps_its_rule(office: Office) -> None:
    office.jira.world.misfortunes.add(
        Misfortune(match=("GET", PICKER), times=1, kind="refuse_before_effect", status=500)
    )

    with pytest.raises(RemoteUnreachable):
        office.save("staff")

    assert not office.jira.row.is_restricted
    assert not AllowedGroup.objects.exists()
