"""Every address that does something is in the audit log, under the page its button stands on."""

import re
from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.test import Client

from backbone_app.ledger.audit import Act
from backbone_app.models import AuditEntry, Reconciliation
from backbone_app.urls import urlpatterns
from backbone_app.web.auth import Credential, Page, Statement, Who
from tests.support.app import within_reach
from tests.support.mail import NOWHERE
from tests.support.matrix.examples import EXAMPLES, Route, routes
from tests.support.matrix.roles import Cell, Role
from tests.support.matrix.scene import Scene, furnished, furnished_world
from tests.support.processes import ROOT
from tests.support.sandbox import VirtualClock

ACT_OF = {
    "accept": Act.REQUEST_ACCEPTED,
    "across": Act.REQUEST_SENT,
    "access": Act.ACCESS_CHANGED,
    "check": Act.CHECK_ASKED,
    "decide": Act.DECIDED,
    "decline": Act.REQUEST_DECLINED,
    "delete": Act.DELETED,
    "add": Act.MAIL_ADDED,
    "ask": Act.MAIL_ASKED,
    "notifications": Act.MAIL_ADDED,
    "remove": Act.MAIL_REMOVED,
    "errors/<int:failure>/ignore": Act.IGNORED,
    "errors/<int:failure>/retry": Act.RETRIED,
    "errors/<int:failure>/twin": Act.TWIN_RENEWED,
    "errors/retry": Act.RETRIED_ALL,
    "audit/download": Act.AUDIT_DOWNLOADED,
    "download": Act.PAIRS_DOWNLOADED,
    "existing/pair": Act.PAIRED,
    "licence": Act.REMOTE_LICENCE_UPLOADED,
    "licence/remove": Act.REMOTE_LICENCE_REMOVED,
    "licence/upload": Act.REMOTE_LICENCE_UPLOADED,
    "requests": Act.REQUEST_SENT,
    "resume": Act.STARTED,
    "save": Act.ACCESS_CHANGED,
    "send": Act.REQUEST_SENT,
    "start": Act.STARTED,
    "stop": Act.STOPPED,
    "withdraw": Act.REQUEST_WITHDRAWN,
    "new/data-center": Act.SIGN_IN_BEGUN,
    "data-center/sign-in": Act.SIGN_IN_BEGUN,
    "data-center/copy": Act.LINK_COPIED,
    "data-center/create": Act.CREATED,
    "new/cloud": Act.SIGN_IN_BEGUN,
    "cloud/sign-in": Act.SIGN_IN_BEGUN,
    "cloud/copy": Act.LINK_COPIED,
    "cloud/create": Act.CREATED,
    "clouds/sign-in": Act.SIGN_IN_BEGUN,
    "cloud/<uuid:link>/remove": Act.CLOUD_LINK_REMOVED,
    "links/<uuid:link>/remove": Act.CLOUD_LINK_REMOVED,
    "application-links/<uuid:application>/sign-in": Act.SIGN_IN_BEGUN,
    "sign-ins/<uuid:attempt>/withdraw": Act.LINK_WITHDRAWN,
    "links/<uuid:link>/create": Act.CREATED,
    "webhook/look": Act.WEBHOOK_ASKED,
    "data-center/<uuid:application>/remove": Act.APPLICATION_LINK_REMOVED,
    "application-links/<uuid:application>/remove": Act.APPLICATION_LINK_REMOVED,
    "mend": Act.SIGN_IN_BEGUN,
    "mend-link": Act.SIGN_IN_BEGUN,
    "data-center/<uuid:application>/anew": Act.APPLICATION_LINK_CHANGED,
    "application-links/<uuid:application>/anew": Act.APPLICATION_LINK_CHANGED,
    "mend/application": Act.APPLICATION_LINK_CHANGED,
    "mend/<uuid:attempt>/withdraw": Act.LINK_WITHDRAWN,
}
"""By how the address of a POST ends; the longest that fits counts."""
NO_ACT = {
    "settings/access/edit",
    "spaces/<str:space>/new/over",
    *(f"api/1/spaces/<str:space>/unfinished/{what}" for what in ("save", "drop")),
    *(f"spaces/<str:space>/new/{step}" for step in ("space", "overview", "instance")),
    *(f"spaces/<str:space>/new/instance/{step}" for step in ("mode", "overview")),
    *(f"spaces/<str:space>/new/data-center/{step}" for step in ("space", "overview")),
    "spaces/<str:space>/new/cloud/overview",
    "api/1/spaces/<str:space>/application-links/begin",
    "api/1/spaces/<str:space>/application-links/<uuid:application>/enter",  # nobody answers at that address
    "spaces/<str:space>/synchronizations/<uuid:sync_id>/existing",
}
"""Steps of a form that store nothing, or for their author alone what was entered there."""
PAGE_OF = {
    "partials/access_form.html": Page.SETTINGS,
    "partials/notifications.html": Page.NOTIFICATIONS,  # and of the settings, by other addresses
    "partials/row.html": Page.OVERVIEW,
    "partials/trouble_table.html": Page.SYNCHRONIZATION,
    "partials/troubles.html": Page.SYNCHRONIZATION,
    "pages/mend_application.html": Page.SYNCHRONIZATION,
    "pages/new_application_anew.html": Page.NEW,
    "pages/decide.html": Page.DECIDE,
    "pages/existing.html": Page.EXISTING,
    "pages/existing_preview.html": Page.EXISTING,
    "pages/new.html": Page.NEW,
    "pages/new_instance.html": Page.NEW,
    "pages/new_mode.html": Page.NEW,
    "pages/new_application.html": Page.NEW,
    "pages/new_cloud.html": Page.NEW,
    "pages/new_cloud_not_yet.html": Page.NEW,
    "pages/new_no_app.html": Page.NEW,
    "pages/new_remote_space.html": Page.NEW,
    "pages/new_space.html": Page.NEW,
    "pages/request.html": Page.REQUEST,
    "pages/settings_audit.html": Page.SETTINGS,
    "pages/settings_licence.html": Page.SETTINGS,
    "pages/synchronization.html": Page.SYNCHRONIZATION,
    "partials/webhook.html": Page.SYNCHRONIZATION,
}
"""What people would call the page that a template with a button is a part of."""
POSTS = re.compile(r'hx-post="([^"]*)"')
NAMED = re.compile(r"{% url '([a-z-]+)'")
TICKET = re.compile(r"/downloads/[\w-]{43}")


@pytest.fixture
def scene(clock: VirtualClock, settings: LazySettings, db: None) -> Iterator[Scene]:
    settings.BACKBONE_MAIL = NOWHERE
    with within_reach(furnished_world(clock)) as world:
        yield furnished(world, clock)


def doing() -> list[Route]:
    """Every address that a person can post to."""
    return [
        route
        for route in routes()
        if route.method == "POST" and route.stated.credential is Credential.OWN_PAGE
    ]


def act_of(pattern: str) -> Act | None:
    """What is done there; a KeyError for an address that this table does not know yet."""
    if pattern in NO_ACT:
        return None
    return ACT_OF[max((end for end in ACT_OF if pattern.endswith(f"/{end}")), key=len, default=pattern)]


def left_by(scene: Scene, route: Route) -> list[tuple[str, str, str]]:
    """Let whoever may call it do so and fetch what it offers; act, actor and page of the new entries."""
    role = Role.SYSTEM_ADMIN if route.stated.who is Who.JIRA_ADMIN else Role.SPACE_ADMIN
    cell = Cell(scene, route, EXAMPLES[route.pattern], role)
    with scene.undone():
        Reconciliation.objects.update(whole=False)  # a check of everything is due since the start
        log = AuditEntry.objects.filter(site=cell.jira.row).order_by("pk")
        before = set(log.values_list("pk", flat=True))
        _, said = cell.call()
        for address in TICKET.findall(said):
            Client().get(address)
        return list(log.exclude(pk__in=before).values_list("act", "actor", "page"))


def test_what_a_person_does_at_any_address_is_noted_with_the_page_it_states(scene: Scene) -> None:
    called = doing()
    acts = {route: act_of(route.pattern) for route in called}

    noted = {str(route): left_by(scene, route) for route in called}

    assert noted == {
        str(route): [(act, "person", route.stated.page)] if act else [] for route, act in acts.items()
    }


def test_every_button_calls_an_address_of_the_page_it_stands_on() -> None:
    folder = ROOT / "templates"
    buttons = {
        (str(file.relative_to(folder)), name)
        for file in folder.rglob("*.html")
        for target in POSTS.findall(file.read_text())
        for name in NAMED.findall(target)
    }

    stated = {(file, name): _statement(name).page for file, name in buttons}

    assert stated == {
        (file, name): Page.SETTINGS if name.startswith("settings-") else PAGE_OF[file]
        for file, name in buttons
    }
    assert len(buttons) > 20


def _statement(name: str) -> Statement:
    (view,) = [each.callback for each in urlpatterns if each.name == name]
    statement: Statement = view.statement  # type: ignore[attr-defined]  # that is what views state
    return statement
