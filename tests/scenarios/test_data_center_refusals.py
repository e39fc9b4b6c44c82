"""What a Data Center refuses is told and mended as between two Cloud sites, and statuses walk as there.

The codes and sentences are those of ``test_failures``, where each is brought about on the Cloud.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from backbone_app.core.failures import RULES, Response
from backbone_app.models import Failure, Pair
from jira_sandbox.fields import plain, rich
from jira_sandbox.misfortunes import Misfortune
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue, Space
from tests.support.beyond import Beyond, beyond, pair, world
from tests.support.beyond import some_edition as edition
from tests.support.pages import Element, parse
from tests.support.scenario import paragraphs

__all__ = ["beyond", "edition", "pair", "world"]

READ = ("GET", r"/rest/api/2/issue/[0-9]+$")
EDIT = ("PUT", r"/rest/api/2/issue/[0-9]+$")
MOVE = ("POST", r"/rest/api/2/issue/[0-9]+/transitions$")


@dataclass(slots=True)
class Scene:
    """A pair at rest, what goes wrong on the Data Center, and the page of alice, on the Cloud, that tells."""

    beyond: Beyond
    left: str
    right: str
    patch: pytest.MonkeyPatch
    keep: Any = None

    @property
    def site(self) -> Site:
        """The Data Center."""
        return self.beyond.office.site

    @property
    def gold(self) -> Space:
        """The space there."""
        return self.site.space("GOLD")

    @property
    def twin(self) -> Issue:
        """The work item there."""
        return self.site.issues[self.right]

    def deny(self, permission: str) -> None:
        """Take a permission from whoever let us in."""
        self.site.deny(self.site.user("gina"), permission, space=self.gold)

    def allow(self, permission: str) -> None:
        """Give it back."""
        self.site.allow(self.site.user("gina"), permission, space=self.gold)

    def change(self, **fields: Any) -> None:
        """Let alice edit on the Cloud, and let it settle as far as it can."""
        self.beyond.acme.edit("alice", self.left, **(fields or {"priority": {"name": "High"}}))
        self.beyond.settle()

    def move(self) -> None:
        """Let alice move the work item on the Cloud, and let it settle as far as it can."""
        self.beyond.acme.move("alice", self.left, "In Progress")
        self.beyond.settle()

    def comment(self) -> None:
        """Let alice comment on the Cloud, and let it settle as far as it can."""
        self.beyond.acme.comment("alice", self.left, "Hello")
        self.beyond.settle()

    def new(self) -> None:
        """Let alice make a work item on the Cloud: the story goes on with it."""
        self.left = self.beyond.acme.create("ALPHA", "Second lamp", priority={"name": "Low"})
        self.beyond.settle()

    def refuse(self, call: tuple[str, str], status: int) -> None:
        """Let the Data Center refuse the next such call."""
        struck = Misfortune(
            match=call, kind="refuse_before_effect", status=status, site="initech", caller="anyone"
        )
        self.beyond.office.world.misfortunes.add(struck)

    def page(self) -> Element:
        """The synchronization's page."""
        jira, made = self.beyond.acme.jira, self.beyond.acme.synchronization_id
        address = f"/spaces/{jira.space_id('ALPHA')}/synchronizations/{made}"
        return parse(jira.visitor("alice").get(address))

    def press(self, button: str) -> None:
        """Press a button of that page."""
        wanted = next(one for one in self.page().all("button") if one.text == button)
        answer = self.beyond.acme.jira.visitor("alice").post(wanted.attributes["hx-post"])
        assert answer.status_code == 200, answer.content

    def in_step(self) -> bool:
        """Whether both sides hold the same."""
        twin = self.beyond.twin_of(self.left)
        acme, office = self.beyond.acme, self.beyond.office
        dues = acme.field(self.left, "duedate"), office.field(twin, "duedate")
        statuses = acme.status(self.left), office.status(twin)
        comments = len(acme.comments(self.left)), len(office.comments(twin))
        alike = all(one == other for one, other in (dues, statuses, comments))
        return alike and acme.holds(self.left) == office.holds(twin)


Act = Callable[[Scene], object]


@pytest.fixture
def scene(beyond: Beyond, pair: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> Scene:
    """The pair, with a due date."""
    beyond.acme.edit("alice", pair[0], duedate="2026-12-01")
    beyond.settle()
    return Scene(beyond, *pair, monkeypatch)


@dataclass(frozen=True, slots=True)
class Case:
    """How a failure comes about, and what a person does about it besides pressing ``way_out``, if any."""

    name: str
    code: str
    happens: Act
    mend: Act
    way_out: str = "Retry"


def nothing(_: Scene) -> None:
    """The button is enough."""


def denied(permission: str, act: Act) -> Act:
    """Do something that the permission is needed for, without it."""

    def happen(scene: Scene) -> None:
        scene.deny(permission)
        act(scene)

    return happen


def allowed(permission: str) -> Act:
    return lambda scene: scene.allow(permission)


def refused(call: tuple[str, str], status: int, act: Act) -> Act:
    """Do something that the Data Center refuses once."""

    def happen(scene: Scene) -> None:
        scene.refuse(call, status)
        act(scene)

    return happen


def archived(scene: Scene) -> None:
    scene.site.archive(scene.twin)
    scene.change()


def gone(scene: Scene) -> None:
    """It is deleted, and nothing tells of it."""
    scene.keep = scene.site.issues.pop(scene.right)
    scene.change()


def back(scene: Scene) -> None:
    scene.site.issues[scene.right] = scene.keep


def deleted(scene: Scene) -> None:
    assert scene.beyond.office.employee("dana").delete(f"/issue/{scene.right}").status == 204
    scene.beyond.settle()
    assert not Failure.objects.exists()
    scene.change()


def hidden(scene: Scene) -> None:
    scene.site.hide_issue(scene.twin, from_account=scene.site.user("gina"))
    scene.change()


def seen_again(scene: Scene) -> None:
    scene.site.show_issue(scene.twin, to_account=scene.site.user("gina"))


def moved(scene: Scene) -> None:
    scene.keep = scene.twin.space_id
    scene.twin.space_id = scene.site.space("IRON").id
    scene.beyond.office.edit("dana", scene.right, summary="Elsewhere")
    scene.beyond.settle()


def home_again(scene: Scene) -> None:
    scene.twin.space_id = scene.keep
    scene.beyond.office.edit("dana", scene.right, summary="Home again")
    scene.beyond.settle()


def off_screen(scene: Scene) -> None:
    scene.site.take_off_screen(scene.gold, "priority")
    scene.change(priority={"name": "High"}, summary="Brighter")
    assert scene.beyond.office.holds(scene.right)["summary"] == "Brighter"


def too_long(scene: Scene) -> None:
    scene.beyond.acme.edit("alice", scene.left, summary="A lamp that is very broken indeed")
    scene.patch.setattr(plain, "SUMMARY_LENGTH", 20)
    scene.beyond.settle()


def text_too_long(scene: Scene) -> None:
    scene.beyond.acme.edit("alice", scene.left, description=paragraphs("A lamp that is very broken"))
    scene.patch.setattr(rich, "LENGTH", 20)
    scene.beyond.settle()


def priority_gone(scene: Scene) -> None:
    scene.keep = scene.site.priority("High")
    scene.site.remove_priority("High", instead="Low")
    scene.change()


def due_date_required(scene: Scene) -> None:
    scene.site.require(scene.gold, "duedate", screens=("edit",))
    scene.change(duedate=None)


def vetoed(scene: Scene) -> None:
    scene.site.veto(scene.gold, fields=["priority"], message="A script says no.")
    scene.change(priority={"name": "High"}, summary="Brighter")
    assert scene.beyond.office.holds(scene.right)["summary"] == "Brighter"


def demanded(scene: Scene) -> None:
    scene.site.require(scene.gold, "customfield_10050", title="Severity")
    scene.change()


def validated(scene: Scene) -> None:
    scene.site.refuse_transition(scene.gold, "Begin", "Somebody must approve first.")
    scene.move()


def type_gone(scene: Scene) -> None:
    scene.keep = list(scene.gold.type_ids)
    scene.gold.type_ids.remove(scene.twin.type_id)
    scene.new()


def space_gone(scene: Scene) -> None:
    scene.site.delete_space(scene.gold)
    scene.new()


CASES = [
    Case("archived", "item_archived", archived, lambda s: s.site.unarchive(s.twin)),
    Case("gone", "remote_missing", gone, back),
    Case("hidden", "remote_missing", hidden, seen_again),
    Case("deleted", "deleted", deleted, nothing, "Create new twin"),
    Case("moved", "moved_away", moved, home_again, ""),
    Case(
        "no right to edit", "field_not_on_screen", denied("EDIT_ISSUES", Scene.change), allowed("EDIT_ISSUES")
    ),
    Case("edit forbidden", "edit_not_allowed", refused(EDIT, 403, Scene.change), nothing),
    Case(
        "no right to move", "no_path", denied("TRANSITION_ISSUES", Scene.move), allowed("TRANSITION_ISSUES")
    ),
    Case("move forbidden", "transition_not_allowed", refused(MOVE, 403, Scene.move), nothing),
    Case(
        "no right to comment",
        "comment_not_allowed",
        denied("ADD_COMMENTS", Scene.comment),
        allowed("ADD_COMMENTS"),
    ),
    Case(
        "no right to create",
        "creation_not_allowed",
        denied("CREATE_ISSUES", Scene.new),
        allowed("CREATE_ISSUES"),
    ),
    Case(
        "not on the screen",
        "field_not_on_screen",
        off_screen,
        lambda s: s.site.put_on_screen(s.gold, "priority"),
    ),
    Case("summary too long", "value_too_long", too_long, lambda s: s.change(summary="A short one"), ""),
    Case(
        "text too long",
        "value_too_long",
        text_too_long,
        lambda s: s.change(description=paragraphs("A lamp")),
        "",
    ),
    Case("value not known", "value_not_known", priority_gone, lambda s: s.site.priorities.append(s.keep)),
    Case(
        "value required",
        "value_required",
        due_date_required,
        lambda s: s.site.stop_requiring(s.gold, "duedate"),
    ),
    Case("vetoed", "field_refused", vetoed, lambda s: s.site.lift_vetoes(s.gold)),
    Case(
        "other field required",
        "required_field_missing",
        demanded,
        lambda s: s.site.stop_requiring(s.gold, "customfield_10050"),
    ),
    Case(
        "validator",
        "transition_refused",
        validated,
        lambda s: s.site.refuse_transition(s.gold, "Begin", ""),
    ),
    Case("type gone", "work_type_missing", type_gone, lambda s: setattr(s.gold, "type_ids", s.keep)),
    Case("refused", "remote_refused", refused(READ, 422, Scene.change), nothing),
    Case("space gone", "space_missing", space_gone, lambda s: s.site.restore_space(s.gold), "Start"),
]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_refusal_is_told_and_mended_as_between_two_cloud_sites(scene: Scene, case: Case) -> None:
    rule = RULES[case.code]

    case.happens(scene)

    shown = scene.page().text
    assert rule.sentence in shown
    assert rule.remedy in shown
    assert rule.response is Response.PAUSE or "(in the partner space)" in shown

    case.mend(scene)
    if case.way_out:
        scene.press(case.way_out)
    scene.beyond.wait(minutes=2)

    assert rule.sentence not in scene.page().text
    assert scene.in_step()
    assert not Failure.objects.exists()
    assert Pair.objects.get(sides__item=scene.left).reason == ""
