"""New Synchronization with a Data Center: its application link, sign-in there, space, name, overview, Create.

What can be shown again travels with the pages; a client secret does not: it is kept when it is entered.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import reswap, retarget, trigger_client_event

from backbone_app.errors import InvalidInput
from backbone_app.services import linking
from backbone_app.services.linking import Entry
from backbone_app.services.tenants import Caller
from backbone_app.web import sign_in as outside
from backbone_app.web.auth import Page, Who, own_page
from backbone_app.web.forms import ApplicationForm, CredentialsForm, SpaceForm
from backbone_app.web.pages.entering_anew import ENTERED, EnteringAnew
from backbone_app.web.pages.over_links import LinkedWizard, identifier
from backbone_app.web.pages.steps import ON_A_DATA_CENTER
from backbone_app.web.pages.waiting import WITHDRAWN, Asked, show_news

_FormOfSpaces = Callable[[list[tuple[str, str]]], SpaceForm]


@dataclass(frozen=True, slots=True)
class _Wizard(LinkedWizard):
    """The wizard for a Data Center."""

    steps: ClassVar = ON_A_DATA_CENTER
    carried: ClassVar = ("application", "link", "partner")

    def show_application(self, form: ApplicationForm) -> HttpResponse:
        """Show the first page."""
        known = linking.known(self.caller, self.space, now=self.now)
        begun = linking.begin(self.caller, self.space, now=self.now)
        offered = [*(str(each.id) for each in known), ApplicationForm.NEW]
        entered = self.entered.get("application")
        chosen = entered if entered in offered else offered[0]  # one that was removed is not there any more
        context = {"form": form, "known": known, "begun": begun, "chosen": chosen}
        return self.page("new_application", done=0, **context)

    def ask(self, application: UUID, *, is_copied: bool) -> HttpResponse:
        """Make a link to sign in with, and show the second page with it."""
        token = outside.new_token()
        found = linking.ask(self.caller, self.space, application, token, is_copied=is_copied, now=self.now)
        asked = Asked(
            found=found,
            address=outside.address(token),
            look_at=self.look_at(found.id),
            copy_at=reverse("new-data-center-copy", args=[self.space]),
            withdraw_at=reverse("new-data-center-withdraw", args=[self.space, found.id]),
            carries={"application": str(application)},
        )
        return self.page("new_sign_in", done=1, **asked.context)

    def look_at(self, attempt: UUID) -> str:
        """Give the address that tells how far a sign-in has come."""
        return reverse("new-data-center-wait", args=[self.space, attempt])

    def show_spaces(self, link: UUID) -> HttpResponse:
        """Show the third page."""
        return self._spaces(link, lambda labels: SpaceForm(initial=self.entered, spaces=labels))

    def ask_for_a_space(self) -> HttpResponse:
        """Show the third page again, where none was chosen."""
        return self._spaces(self.link, lambda labels: SpaceForm(self.entered, spaces=labels))

    def _spaces(self, link: UUID, form: _FormOfSpaces) -> HttpResponse:
        found = linking.spaces(self.caller, self.space, link, now=self.now)
        shown = form([(each.id, f"{each.name} ({each.key})") for each in found])
        kept = {"link": str(link)} | self.kept("application", "named_for", "name", "description")
        return self.page("new_remote_space", done=2, form=shown, kept=kept, has_choices=bool(found))


@require_POST  # the callback URL that the page shows is kept for whoever opens it
@own_page(Who.SPACE_ADMIN, Page.NEW)
def link_application(request: HttpRequest, caller: Caller, space: str) -> HttpResponse:
    """Show the first page, or take its entry and show the second one; the third where a link is there."""
    wizard = _wizard(request, caller, space)
    if "application" not in request.POST or "back" in request.POST:
        return wizard.show_application(ApplicationForm())
    form = ApplicationForm(request.POST)
    application = _application(form, wizard)
    if application is None:
        return wizard.show_application(form)
    link = linking.working(caller, space, application, now=wizard.now)
    return wizard.show_spaces(link) if link else wizard.ask(application, is_copied=False)


@require_POST
@own_page(Who.SPACE_ADMIN, Page.NEW)
def sign_in(request: HttpRequest, caller: Caller, space: str) -> HttpResponse:
    """Show the second page on the way back, or take what came of it and show the third one."""
    wizard = _wizard(request, caller, space)
    if "back" in request.POST or not wizard.entered.get("link"):
        return wizard.ask(identifier(wizard.entered.get("application", "")), is_copied=False)
    return wizard.show_spaces(wizard.link)


@require_POST
@own_page(Who.SPACE_ADMIN, Page.NEW)
def copy_link(request: HttpRequest, caller: Caller, space: str) -> HttpResponse:
    """Make a link to be sent to somebody, and show it."""
    wizard = _wizard(request, caller, space)
    return wizard.ask(identifier(wizard.entered.get("application", "")), is_copied=True)


@require_POST
@own_page(Who.SPACE_ADMIN, Page.NEW)
def withdraw_link(request: HttpRequest, caller: Caller, space: str, attempt: UUID) -> HttpResponse:
    """Take a link back that was to be sent to somebody, and show the first page; it has asked before."""
    wizard = _wizard(request, caller, space)
    linking.withdraw(caller, space, attempt, now=wizard.now)
    return trigger_client_event(wizard.show_application(ApplicationForm()), "app:flag", dict(WITHDRAWN))


@require_http_methods(["GET", "POST"])
@own_page(Who.SPACE_ADMIN, Page.NEW)
def enter_anew(request: HttpRequest, caller: Caller, space: str, application: UUID) -> HttpResponse:
    """Show the form for what an application link shows over there by now (GET), or take it (POST)."""
    wizard = _wizard(request, caller, space)
    entering = EnteringAnew(request, caller, space, application, "new_application_anew", {}, wizard.now)
    if request.method == "GET":
        return entering.show(CredentialsForm())
    refused = entering.take()
    if refused is not None:
        return refused
    flag = {"title": ENTERED, "body": "Choose Next: a sign-in shows whether it fits.", "type": "success"}
    kept = replace(wizard, entered={"application": str(application)})
    return trigger_client_event(kept.show_application(ApplicationForm()), "app:flag", flag)


@require_GET
@own_page(Who.SPACE_ADMIN, Page.NEW)
def wait(request: HttpRequest, caller: Caller, space: str, attempt: UUID) -> HttpResponse:
    """Tell a page that waits how far the sign-in has come; once somebody has, show the third page."""
    wizard = _wizard(request, caller, space)
    found = linking.progress(caller, space, attempt, now=wizard.now)
    if found.link is not None:
        return reswap(retarget(wizard.show_spaces(found.link), "#content"), "innerHTML")
    return show_news(request, found, look_at=wizard.look_at(attempt))


@require_POST
@own_page(Who.SPACE_ADMIN, Page.NEW)
def remove_application(request: HttpRequest, caller: Caller, space: str, application: UUID) -> HttpResponse:
    """Remove an application link that nothing uses, and show the first page; it has asked before."""
    wizard = _wizard(request, caller, space)
    linking.remove(caller, space, application, now=wizard.now)
    response = wizard.show_application(ApplicationForm())
    explained = "What was allowed over it has been given back. Its admin can delete it in Jira as well."
    flag = {"title": "Application link removed", "body": explained, "type": "success"}
    return trigger_client_event(response, "app:flag", flag)


@require_POST
@own_page(Who.SPACE_ADMIN, Page.NEW)
def choose_space(request: HttpRequest, caller: Caller, space: str) -> HttpResponse:
    """Show the third page on the way back, or take its entry and show the fourth one."""
    wizard = _wizard(request, caller, space)
    if "back" in request.POST:
        return wizard.show_spaces(wizard.link)
    if not wizard.partner:
        return wizard.ask_for_a_space()
    return wizard.show_first_title(wizard.offer())


@require_POST
@own_page(Who.SPACE_ADMIN, Page.NEW)
def check_overview(request: HttpRequest, caller: Caller, space: str) -> HttpResponse:
    """Show the fourth page on the way back, or take its entry and show the last one."""
    return _wizard(request, caller, space).take_title()


@require_POST
@own_page(Who.SPACE_ADMIN, Page.NEW)
def create(request: HttpRequest, caller: Caller, space: str) -> HttpResponse:
    """Create the synchronization that the last page shows."""
    return _wizard(request, caller, space).create()


def _wizard(request: HttpRequest, caller: Caller, space: str) -> _Wizard:
    return _Wizard(request, caller, space, request.POST.dict(), timezone.now())


def _application(form: ApplicationForm, wizard: _Wizard) -> UUID | None:
    """Keep what was entered, or take what was chosen; an objection of the service goes beside the field."""
    if not form.is_valid():
        return None
    entered = form.cleaned_data
    if entered["application"] != ApplicationForm.NEW:
        return identifier(entered["application"])
    entry = Entry(entered["base_url"], entered["client_id"], entered["client_secret"])
    begun = identifier(wizard.entered.get("begun", ""))
    try:
        return linking.enter(wizard.caller, wizard.space, begun, entry, now=wizard.now).id
    except InvalidInput as problem:
        form.add_error(problem.field, str(problem))
        return None
