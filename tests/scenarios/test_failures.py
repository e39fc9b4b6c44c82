"""Every failure: brought about in Jira, read on the page, mended by the way out that the page offers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse

from backbone_app.core.failures import RULES, Response
from backbone_app.models import Failure, Pair, PairSide, Site
from jira_sandbox.fields import plain
from jira_sandbox.misfortunes import Misfortune
from jira_sandbox.state.values import Space
from tests.support.existing import in_alpha
from tests.support.pages import Element, parse
from tests.support.post_functions import Caller, told
from tests.support.scenario import Story
from tests.support.workers import altered, elsewhere, publish

READ = ("GET", r"/issue/[0-9]+$")
EDIT = ("PUT", r"/issue/[0-9]+$")
MOVE = ("POST", r"/transitions$")
SEVERITY = "customfield_10050"


class Scene:
    """ALPHA and BETA with one pair at rest, what goes wrong, and the page that tells of it."""

    def __init__(self, story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
        self.story, self.patch = story, monkeypatch
        self.left = story.create("ALPHA", "Broken lamp", priority={"name": "Medium"}, duedate="2026-12-01")
        story.settle()
        self.right = story.twin_of(self.left)
        self.site = story.jira.site
        self.keep: Any = None

    @property
    def beta(self) -> Space:
        return self.site.space("BETA")

    @property
    def bot(self) -> Any:
        return self.site.app.user

    def strike(self, call: tuple[str, str], status: int = 0, *, kind: str = "refuse_before_effect") -> None:
        """Let the next such call go wrong."""
        self.story.jira.world.misfortunes.add(Misfortune(match=call, kind=kind, status=status))  # type: ignore[arg-type]

    def change(self, **fields: Any) -> None:
        """Let alice edit the left work item, and let it settle as far as it can."""
        self.story.edit("alice", self.left, **(fields or {"priority": {"name": "High"}}))
        self.story.settle()

    def wait(self, **duration: float) -> None:
        """Let time pass and the workers work."""
        self.story.clock.advance(**duration)
        self.story.release_leases()
        self.story.work()
        self.story.check()

    def page(self, who: str = "alice", space: str = "ALPHA") -> Element:
        """The synchronization's page."""
        return parse(self._visit(who, "get", self._address(space)))

    def panel(self) -> str:
        """What the left work item's panel says of how it stands."""
        return parse(self._visit("alice", "get", f"/panel/{self.left}")).all("p")[1].text

    def press(self, button: str, who: str = "alice", space: str = "ALPHA") -> None:
        """Press a button of the page, and let it settle."""
        wanted = [one for one in self.page(who, space).all("button") if one.text == button]
        assert wanted, f"no {button} in: {self.page(who, space).text}"
        answer = self._visit(who, "post", wanted[0].attributes["hx-post"])
        assert answer.status_code == 200, answer.content
        self.wait(seconds=1)

    def _address(self, space: str) -> str:
        return f"/spaces/{self.story.jira.space_id(space)}/synchronizations/{self.story.synchronization_id}"

    def _visit(self, who: str, method: str, path: str) -> HttpResponse:
        answer = getattr(self.story.jira.visitor(who), method)(path)
        assert isinstance(answer, HttpResponse)
        return answer

    def in_step(self) -> bool:
        """Whether both sides hold the same, as a person sees it."""
        return all(self.story.field(self.left, name) == self.story.field(self.right, name) for name in SHOWN)


SHOWN = ("summary", "labels", "duedate", "description", "priority")
Act = Callable[[Scene], object]


@pytest.fixture
def scene(story: Story, monkeypatch: pytest.MonkeyPatch) -> Scene:
    return Scene(story, monkeypatch)


@dataclass(frozen=True, slots=True)
class Case:
    """How a failure comes about, and what a person does about it besides pressing ``way_out``.

    Empty: what is tried again by itself, or with the next change, needs no button.
    """

    code: str
    happens: Act
    mend: Act
    way_out: str = "Retry"
    place: str = "the partner space"


def refuse(call: tuple[str, str], status: int, act: Act | None = None) -> Act:
    def happen(scene: Scene) -> None:
        scene.strike(call, status)
        (act or Scene.change)(scene)

    return happen


def after(before: Act, act: Act) -> Act:
    """Do one thing, then the other."""

    def happen(scene: Scene) -> None:
        before(scene)
        act(scene)

    return happen


def next_call(call: tuple[str, str], kind: str) -> Act:
    """Let the next such call go wrong."""
    return lambda scene: scene.strike(call, kind=kind)


def nothing(_scene: Scene) -> None:
    """Time or the button is enough."""


def later(**duration: float) -> Act:
    return lambda scene: scene.wait(**duration)


def move(scene: Scene) -> None:
    scene.story.move("alice", scene.left, "In Progress")
    scene.story.settle()


def off_screen(scene: Scene) -> None:
    scene.site.take_off_screen(scene.beta, "priority")
    scene.change(priority={"name": "High"}, summary="Brighter")


def priority_gone(scene: Scene) -> None:
    scene.keep = scene.site.priority("High")
    scene.story.edit("alice", scene.left, priority={"name": "High"})
    scene.site.remove_priority("High", instead="Low")
    scene.story.settle()


def too_long(scene: Scene) -> None:
    scene.story.edit("alice", scene.left, summary="A lamp that is very broken indeed")
    scene.patch.setattr(plain, "SUMMARY_LENGTH", 20)
    scene.story.settle()


def due_date_required(scene: Scene) -> None:
    scene.site.require(scene.beta, "duedate", screens=("edit",))
    scene.change(duedate=None)


def vetoed(scene: Scene) -> None:
    scene.site.veto(scene.beta, fields=["priority"], message="A script says no.")
    scene.change(priority={"name": "High"}, summary="Brighter")
    assert scene.story.holds(scene.right)["summary"] == "Brighter"


def validator(scene: Scene) -> None:
    scene.site.refuse_transition(scene.beta, "Select", "Somebody must approve first.")
    move(scene)


def no_way(scene: Scene) -> None:
    scene.keep = dict(scene.beta.workflows)
    scene.story.forbid_moves(scene.right)
    move(scene)


def way_again(scene: Scene) -> None:
    scene.beta.workflows.update(scene.keep)


def comment_denied(scene: Scene) -> None:
    scene.site.deny(scene.bot, "ADD_COMMENTS", space=scene.beta)
    scene.story.comment("alice", scene.left, "Hello")
    scene.story.settle()


def comments_full(scene: Scene) -> None:
    scene.story.comment("bob", scene.right, "Mine first")
    scene.story.settle()
    scene.story.comment("alice", scene.left, "And mine")
    scene.site.most_comments = 1
    scene.story.settle()


def configured(change: Callable[[dict[str, Any]], object]) -> Act:
    def happen(scene: Scene) -> None:
        publish(scene.story.synchronization_id, change)
        scene.change()
        Pair.objects.update(due=1, incomplete=True)
        scene.story.settle()

    return happen


def reconfigured(change: Callable[[dict[str, Any]], object]) -> Act:
    return lambda scene: publish(scene.story.synchronization_id, change)


def status_rows(*pairs: list[str]) -> Callable[[dict[str, Any]], object]:
    return lambda document: document.update(statuses_to_right=list(pairs))


def kind_of_summary(kind: str) -> Callable[[dict[str, Any]], object]:
    def change(document: dict[str, Any]) -> None:
        next(row for row in document["fields"] if row["left"] == "summary").update(kind=kind)

    return change


def unmapped_status(scene: Scene) -> None:
    reconfigured(status_rows(["To Do", "Open"]))(scene)
    move(scene)


def forgotten(scene: Scene) -> None:
    for half in scene.story.pair().sides.all():
        half.fields.filter(row="summary").delete()
    scene.change(summary="Never agreed")


def decided(scene: Scene) -> None:
    Pair.objects.update(choice="left")


def no_summary(scene: Scene) -> None:
    scene.story.edit("alice", scene.left, priority={"name": "Low"})
    (delivery,) = scene.story.hold_back(scene.left)
    scene.story.jira.deliver(altered(delivery, lambda body: body["issue"]["fields"].update(summary=None)))
    scene.story.settle()


def demand(scene: Scene) -> None:
    scene.site.require(scene.beta, SEVERITY, title="Severity")
    scene.change()


def new_item(scene: Scene) -> None:
    scene.left = scene.story.create("ALPHA", "Second lamp", priority={"name": "Low"}, duedate="2026-12-02")
    scene.story.settle()


def creation_denied(scene: Scene) -> None:
    scene.site.deny(scene.bot, "CREATE_ISSUES", space=scene.beta)
    new_item(scene)


def type_gone(scene: Scene) -> None:
    scene.keep = list(scene.beta.type_ids)
    scene.beta.type_ids.remove(scene.story.issue(scene.left).type_id)
    new_item(scene)


def hidden(scene: Scene) -> None:
    scene.site.hide_issue(scene.story.issue(scene.right), from_account=scene.bot)
    scene.change()


def deleted(scene: Scene) -> None:
    answer = scene.story.jira.person("dana").delete(f"/rest/api/3/issue/{scene.right}")
    assert answer.status == 204
    scene.story.settle()
    assert not Failure.objects.exists()
    scene.change()


def epic_now(scene: Scene) -> None:
    scene.keep = scene.story.issue(scene.left).type_id
    scene.story.issue(scene.left).type_id = scene.site.work_type("Epic").id
    scene.change()


def task_again(scene: Scene) -> None:
    scene.story.issue(scene.left).type_id = scene.keep
    scene.change(summary="A task again")


def moved(scene: Scene) -> None:
    scene.keep = scene.story.issue(scene.left).space_id
    scene.story.issue(scene.left).space_id = scene.site.space("GAMMA").id
    scene.story.edit("dana", scene.left, summary="Elsewhere")
    scene.story.settle()


def home_again(scene: Scene) -> None:
    scene.story.issue(scene.left).space_id = scene.keep
    scene.change(summary="Home again")


def archived(scene: Scene) -> None:
    scene.site.archive(scene.story.issue(scene.right))
    scene.change()


def once(scene: Scene) -> None:
    """Let alice edit, and let the workers look once."""
    scene.story.edit("alice", scene.left, priority={"name": "High"})
    scene.story.jira.deliver_all()
    scene.story.work()


def lost_secret(scene: Scene) -> None:
    """While Jira holds another secret nobody can open our page either, so it comes back before that."""
    scene.story.edit("alice", scene.left, priority={"name": "High"})
    scene.story.jira.deliver_all()
    known = scene.site.app.shared_secret
    scene.site.forget_secret()
    scene.story.work()
    scene.site.app.shared_secret = known


def scope_lost(scene: Scene) -> None:
    scene.site.take_scopes("WRITE")
    scene.change()


def space_gone(scene: Scene) -> None:
    scene.site.delete_space(scene.beta)
    new_item(scene)


def damaged(scene: Scene) -> None:
    row = Site.objects.get()
    scene.story.edit("alice", scene.left, priority={"name": "High"})
    scene.story.jira.deliver_all()
    scene.keep = bytes(row.digest_key_sealed)
    Site.objects.update(digest_key_sealed=b"damaged")
    scene.story.work()


def undamaged(scene: Scene) -> None:
    Site.objects.update(digest_key_sealed=scene.keep)


def strange_address(scene: Scene) -> None:
    scene.story.edit("alice", scene.left, priority={"name": "High"})
    scene.story.jira.deliver_all()
    scene.keep = Site.objects.get().base_url
    Site.objects.update(base_url="https://acme.example.org")
    scene.story.work()


def proper_address(scene: Scene) -> None:
    Site.objects.update(base_url=scene.keep)


def fault_of_ours(scene: Scene) -> None:
    """No Jira answers like this; whatever breaks us must look like it."""

    def break_us(_request: object) -> None:
        raise ZeroDivisionError

    scene.story.jira.world.hooks.before(*EDIT, break_us)
    scene.change()


def busy_people(scene: Scene) -> None:
    """Our edit takes so long that the pair's time is over."""

    def dawdle(_request: object) -> None:
        scene.story.clock.advance(seconds=20)

    scene.story.jira.world.hooks.before(*EDIT, dawdle)
    scene.story.edit("alice", scene.left, priority={"name": "High"})
    scene.story.move("alice", scene.left, "In Progress")
    scene.story.jira.deliver_all()
    scene.story.work()


def twin_taken(scene: Scene) -> None:
    """While the twin is being created, somebody pairs it with a work item from before the start."""
    scene.story.stop()
    old = scene.story.create("ALPHA", "Old lamp")
    scene.story.jira.deliver_all()
    scene.story.start()
    scene.story.settle()

    def take(_request: object) -> None:
        twin = scene.story.twin_of(scene.left)
        del scene.story.issue(twin).properties["backbone-twin"]  # without its mark nobody can tell
        elsewhere(lambda: in_alpha(scene.story).pair(old, twin, "own"))

    scene.story.jira.world.hooks.after("POST", r"/rest/api/3/issue$", take)
    new_item(scene)


def let_go(scene: Scene) -> None:
    called(scene, "/workflow/stop")
    scene.change()


def called(scene: Scene, path: str) -> None:
    """Let a workflow of ALPHA call one of our post functions."""
    jira, made = scene.story.jira, scene.story.synchronization_id
    assert Caller(jira).post(path, told(scene.left, jira.space_id("ALPHA"), made)) == 204


def many_gone(scene: Scene) -> None:
    for number in range(10):
        scene.story.create("ALPHA", f"Lamp {number}")
    scene.story.settle()
    scene.keep = [half.item for half in PairSide.objects.filter(side="left")]
    for item in scene.keep:
        scene.site.hide_issue(scene.story.issue(item), from_account=scene.bot)
    scene.story.check_everything()


def many_back(scene: Scene) -> None:
    for item in scene.keep:
        scene.site.show_issue(scene.story.issue(item), to_account=scene.bot)


CASES = [
    Case("remote_busy", after(next_call(EDIT, "busy"), once), later(seconds=60), ""),
    Case(
        "remote_unreachable",
        after(next_call(READ, "lose_before_effect"), Scene.change),
        later(minutes=6),
        "",
    ),
    Case(
        "outcome_unknown",
        after(next_call(EDIT, "lose_answer_after_effect"), Scene.change),
        later(minutes=10),
        "",
    ),
    Case("still_changing", busy_people, later(seconds=30), ""),
    Case(
        "edit_conflict", after(lambda s: s.site.collide(s.story.issue(s.right)), once), later(seconds=10), ""
    ),
    Case("internal_error", fault_of_ours, later(minutes=11), ""),
    Case("secret_unreadable", damaged, undamaged, "Retry all"),
    Case("egress_refused", strange_address, proper_address, "Retry all"),
    Case("field_not_on_screen", off_screen, lambda s: s.site.put_on_screen(s.beta, "priority")),
    Case("value_not_known", priority_gone, lambda s: s.site.priorities.append(s.keep)),
    Case("value_too_long", too_long, lambda s: s.change(summary="A short one"), ""),
    Case("value_required", due_date_required, lambda s: s.site.stop_requiring(s.beta, "duedate")),
    Case("field_refused", vetoed, lambda s: s.site.lift_vetoes(s.beta)),
    Case("transition_refused", validator, lambda s: s.site.refuse_transition(s.beta, "Select", "")),
    # Jira offers who may not move a work item no transition at all (no_path): only a lost race is refused.
    Case("transition_not_allowed", refuse(MOVE, 403, move), nothing),
    Case("comment_not_allowed", comment_denied, lambda s: s.site.allow(s.bot, "ADD_COMMENTS", space=s.beta)),
    Case("comment_refused", comments_full, lambda s: setattr(s.site, "most_comments", 99), place=""),
    Case("no_path", no_way, way_again),
    Case("status_not_mapped", unmapped_status, lambda s: s.story.move("alice", s.left, "To Do"), "Retry", ""),
    Case(
        "unexpected_value",
        configured(kind_of_summary("labels")),
        reconfigured(kind_of_summary("text")),
        place="",
    ),
    Case("needs_decision", forgotten, decided, "Retry all", ""),
    Case("empty_summary", no_summary, lambda s: s.change(summary="Named"), "", ""),
    Case("required_field_missing", demand, lambda s: s.site.stop_requiring(s.beta, SEVERITY)),
    # Jira tells who may not edit that each field is on no screen (field_not_on_screen); apps answer 403.
    Case("edit_not_allowed", refuse(EDIT, 403), nothing),
    Case(
        "creation_not_allowed", creation_denied, lambda s: s.site.allow(s.bot, "CREATE_ISSUES", space=s.beta)
    ),
    Case("work_type_missing", type_gone, lambda s: setattr(s.beta, "type_ids", s.keep)),
    Case("remote_missing", hidden, lambda s: s.site.show_issue(s.story.issue(s.right), to_account=s.bot)),
    Case("deleted", deleted, nothing, "Create new twin"),
    Case("twin_taken", twin_taken, nothing, "Create new twin"),
    Case("stopped_by_workflow", let_go, nothing, "Take up again", "your space"),
    Case("type_not_mapped", epic_now, task_again, "", ""),
    Case("moved_away", moved, home_again, "", "your space"),
    Case("item_archived", archived, lambda s: s.site.unarchive(s.story.issue(s.right))),
    Case("remote_refused", refuse(READ, 422), nothing),
    Case("app_not_authorized", lost_secret, nothing, "Start"),
    Case("app_forbidden", scope_lost, lambda s: s.site.give_scopes("WRITE"), "Start"),
    Case("site_moved", refuse(EDIT, 302), nothing, "Start"),
    Case("space_missing", space_gone, lambda s: s.site.restore_space(s.beta), "Start"),
    Case("many_missing", many_gone, many_back, "Start"),
]
ELSEWHERE = {
    "deleted_after_backup": "tests/scenarios/test_after_restore.py: it takes a backup and a restore",
    "link_broken": "tests/scenarios/test_links_alive.py: it takes a link",
    "not_licensed": "tests/scenarios/test_remote_licences.py: it takes a site without the app",
    "site_left": "tests/scenarios/test_leaving.py: it takes a second site",
    "guarded": "tests/core/test_guard.py: only a fault of the planner brings it about",
}


def test_no_failure_is_left_out() -> None:
    assert {case.code for case in CASES} | ELSEWHERE.keys() == RULES.keys()


@pytest.mark.parametrize("case", CASES, ids=[case.code for case in CASES])
def test_it_is_told_on_the_page_and_mended_by_its_way_out(scene: Scene, case: Case) -> None:
    case.happens(scene)

    shown = scene.page().text
    assert RULES[case.code].sentence in shown
    if RULES[case.code].response is not Response.RETRY:
        assert RULES[case.code].remedy in shown
        assert not case.place or RULES[case.code].response is Response.PAUSE or f"(in {case.place})" in shown

    case.mend(scene)
    if case.way_out:
        scene.press(case.way_out)
    scene.wait(seconds=2)

    scene.right = scene.story.twin_of(scene.left)
    assert RULES[case.code].sentence not in scene.page().text
    assert scene.in_step()
    assert not Failure.objects.exists()
    assert Pair.objects.get(sides__item=scene.left).reason == ""


def said(scene: Scene) -> list[str]:
    """What bob reads of the words of his own space's Jira."""
    paragraphs = [one.text for one in scene.page("bob", "BETA").all("p")]
    return [text for text in paragraphs if text.startswith("Jira said:")]


def test_jiras_words_are_told_again_when_the_same_thing_happens_anew(scene: Scene) -> None:
    off_screen(scene)
    first = said(scene)
    scene.site.put_on_screen(scene.beta, "priority")
    scene.press("Retry")
    between = said(scene)
    scene.wait(minutes=5)
    scene.change(priority={"name": "Low"})

    scene.site.take_off_screen(scene.beta, "priority")
    scene.change(priority={"name": "High"})

    assert (len(first), between) == (1, [])
    assert said(scene) == first


@pytest.mark.parametrize("trouble", [comment_denied, no_way], ids=["comment_denied", "no_way"])
def test_what_is_told_before_it_is_noted_is_read_with_it(scene: Scene, trouble: Act) -> None:
    trouble(scene)

    assert len(said(scene)) == 1


def test_what_is_ignored_is_said_in_the_panel_and_stays_when_something_else_is_brought_over(
    scene: Scene,
) -> None:
    off_screen(scene)
    scene.press("Ignore")
    before = scene.panel()

    scene.change(summary="Brighter still")

    assert "In step, but for what was ignored: Priority." in before
    assert scene.panel() == before
    assert scene.story.holds(scene.right)["summary"] == "Brighter still"
