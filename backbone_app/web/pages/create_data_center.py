"""New Synchronization with a Data Center: its application link, sign-in there, space, name, overview, Create.

What can be shown again travels with the pages; a client secret does not: it is kept when it is entered.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import reswap, retarget, trigger_client_event

from backbone_app.errors import InvalidInput, NotFound
from backbone_app.services import linking
from backbone_app.services.linking import Entry, Title
from backbone_app.services.tenants import Caller
from backbone_app.web import sign_in as outside
from backbone_app.web.auth import Page, Who, own_page
from backbone_app.web.forms import ApplicationForm, SpaceForm, TitleForm
from backbone_app.web.pages.overview import show_after
from backbone_app.web.pages.steps import ON_A_DATA_CENTER, keep, title_to_start_with
from backbone_app.web.pages.waiting import show_news, waiting

_FormOfSpaces = Callable[[list[tuple[str, str]]], SpaceForm]


@dataclass(frozen=True, slots=True)
class _Wizard:
    """One request to a page of the wizard: who asks, and what the pages before carried along."""

    request: HttpRequest
    caller: Caller
    space: str
    now: datetime

    @property
    def entered(self) -> Mapping[str, str]:
        """What was entered so far."""
        return self.request.POST.dict()

    @property
    def link(self) -> UUID:
        """The link that somebody has let us in with; raises NotFound for what is none."""
        return _identifier(self.entered.get("link", ""))

    @property
    def partner(self) -> str:
        """The space that was chosen; empty where none was."""
        return self.entered.get("partner", "")

    def show_application(self, form: ApplicationForm) -> HttpResponse:
        """Show the first page."""
        known = linking.known(self.caller, self.space, now=self.now)
        begun = linking.begin(self.caller, self.space, now=self.now)
        chosen = form.data.get("application") or (str(known[0].id) if known else ApplicationForm.NEW)
        context = {"form": form, "known": known, "begun": begun, "chosen": chosen}
        return self._page("new_application", done=0, **context)

    def ask(self, application: UUID, *, is_copied: bool) -> HttpResponse:
        """Make a link to sign in with, and show the second page with it."""
        token = outside.new_token()
        asked = linking.ask(self.caller, self.space, application, token, is_copied=is_copied, now=self.now)
        context = {"application": application, "address": outside.address(token)}
        return self._page("new_sign_in", done=1, **waiting(asked, look_at=self.look_at(asked.id)), **context)

    def look_at(self, attempt: UUID) -> str:
        """Give the address that tells how far a sign-in has come."""
        return reverse("new-data-center-wait", args=[self.space, attempt])

    def show_spaces(self, link: UUID) -> HttpResponse:
        """Show the third page."""
        return self._spaces(link, lambda labels: SpaceForm(initial=self.entered, spaces=labels))

    def ask_for_a_space(self) -> HttpResponse:
        """Show the third page again, where none was chosen."""
        return self._spaces(self.link, lambda labels: SpaceForm(self.entered, spaces=labels))

    def offer(self) -> linking.Offer:
        """Look at what would be created; raises InvalidInput."""
        return linking.offer(self.caller, self.space, self.link, partner_space=self.partner, now=self.now)

    def first_title(self, offered: linking.Offer) -> TitleForm:
        """Begin the fourth page with what was entered for this space, else with the defaults."""
        return title_to_start_with(self.entered, named_for=offered.partner.id, offered=offered.title)

    def show_title(self, offered: linking.Offer, form: TitleForm) -> HttpResponse:
        """Show the fourth page."""
        return self._page("new_name", done=3, form=form, kept=self._chosen(offered))

    def show_overview(self, offered: linking.Offer, form: TitleForm) -> HttpResponse:
        """Show the last page; ``form`` is valid."""
        facts = {
            "Your space": f"{offered.own.name} ({offered.own.key})",
            "Partner instance": offered.address,
            "Partner space": f"{offered.partner.name} ({offered.partner.key})",
        }
        kept = self._chosen(offered) | form.cleaned_data
        context = {"facts": facts, "title": form.cleaned_data, "kept": kept, "missing": offered.missing}
        return self._page("new_remote_overview", done=4, **context)

    def _spaces(self, link: UUID, form: _FormOfSpaces) -> HttpResponse:
        found = linking.spaces(self.caller, self.space, link, now=self.now)
        shown = form([(each.id, f"{each.name} ({each.key})") for each in found])
        kept = {"link": str(link)} | self._kept("application", "named_for", "name", "description")
        return self._page("new_remote_space", done=2, form=shown, kept=kept, has_choices=bool(found))

    def _chosen(self, offered: linking.Offer) -> dict[str, str]:
        return self._kept("application", "link", "partner") | {"named_for": offered.partner.id}

    def _kept(self, *names: str) -> dict[str, str]:
        return {name: self.entered.get(name, "") for name in names}

    def _page(self, name: str, *, done: int, **context: object) -> HttpResponse:
        keep(self.request, self.caller, self.space, ON_A_DATA_CENTER, done=done, now=self.now)
        shown = {"space": self.space, "steps": ON_A_DATA_CENTER, **context}
        return render(self.request, f"pages/{name}.html", shown)


@require_POST  # the callback URL that the page shows is kept for whoever opens it
@own_page(Who.SPACE_ADMIN, Page.NEW)
def link_application(request: HttpRequest, caller: Caller, space: str) -> HttpResponse:
    """Show the first page, or take its entry and show the second one; the third where a link is there."""
    wizard = _Wizard(request, caller, space, timezone.now())
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
    wizard = _Wizard(request, caller, space, timezone.now())
    if "back" in request.POST or not wizard.entered.get("link"):
        return wizard.ask(_identifier(wizard.entered.get("application", "")), is_copied=False)
    return wizard.show_spaces(wizard.link)


@require_POST
@own_page(Who.SPACE_ADMIN, Page.NEW)
def copy_link(request: HttpRequest, caller: Caller, space: str) -> HttpResponse:
    """Make a link to be sent to somebody, and show it."""
    wizard = _Wizard(request, caller, space, timezone.now())
    return wizard.ask(_identifier(wizard.entered.get("application", "")), is_copied=True)


@require_GET
@own_page(Who.SPACE_ADMIN, Page.NEW)
def wait(request: HttpRequest, caller: Caller, space: str, attempt: UUID) -> HttpResponse:
    """Tell a page that waits how far the sign-in has come; once somebody has, show the third page."""
    wizard = _Wizard(request, caller, space, timezone.now())
    found = linking.progress(caller, space, attempt, now=wizard.now)
    if found.link is not None:
        return reswap(retarget(wizard.show_spaces(found.link), "#content"), "innerHTML")
    return show_news(request, found, look_at=wizard.look_at(attempt))


@require_POST
@own_page(Who.SPACE_ADMIN, Page.NEW)
def remove_application(request: HttpRequest, caller: Caller, space: str, application: UUID) -> HttpResponse:
    """Remove an application link that nothing uses, and show the first page; it has asked before."""
    wizard = _Wizard(request, caller, space, timezone.now())
    linking.remove(caller, space, application, now=wizard.now)
    response = wizard.show_application(ApplicationForm())
    explained = "What was allowed over it has been given back. Its admin can delete it in Jira as well."
    flag = {"title": "Application link removed", "body": explained, "type": "success"}
    return trigger_client_event(response, "app:flag", flag)


@require_POST
@own_page(Who.SPACE_ADMIN, Page.NEW)
def choose_space(request: HttpRequest, caller: Caller, space: str) -> HttpResponse:
    """Show the third page on the way back, or take its entry and show the fourth one."""
    wizard = _Wizard(request, caller, space, timezone.now())
    if "back" in request.POST:
        return wizard.show_spaces(wizard.link)
    if not wizard.partner:
        return wizard.ask_for_a_space()
    offered = wizard.offer()
    return wizard.show_title(offered, wizard.first_title(offered))


@require_POST
@own_page(Who.SPACE_ADMIN, Page.NEW)
def check_overview(request: HttpRequest, caller: Caller, space: str) -> HttpResponse:
    """Show the fourth page on the way back, or take its entry and show the last one."""
    wizard = _Wizard(request, caller, space, timezone.now())
    offered, form = wizard.offer(), TitleForm(request.POST)
    if "back" in request.POST:
        return wizard.show_title(offered, wizard.first_title(offered))
    return wizard.show_overview(offered, form) if form.is_valid() else wizard.show_title(offered, form)


@require_POST
@own_page(Who.SPACE_ADMIN, Page.NEW)
def create(request: HttpRequest, caller: Caller, space: str) -> HttpResponse:
    """Create the synchronization that the last page shows."""
    wizard, form = _Wizard(request, caller, space, timezone.now()), TitleForm(request.POST)
    if not form.is_valid():
        return wizard.show_title(wizard.offer(), form)
    title, now = Title(**form.cleaned_data), wizard.now
    linking.create(caller, space, wizard.link, partner_space=wizard.partner, title=title, now=now)
    explained = "The two spaces are connected. Start the synchronization to keep them in step."
    return show_after(request, caller, space, done="Synchronization created", explained=explained, now=now)


def _application(form: ApplicationForm, wizard: _Wizard) -> UUID | None:
    """Keep what was entered, or take what was chosen; an objection of the service goes beside the field."""
    if not form.is_valid():
        return None
    entered = form.cleaned_data
    if entered["application"] != ApplicationForm.NEW:
        return _identifier(entered["application"])
    entry = Entry(entered["base_url"], entered["client_id"], entered["client_secret"])
    begun = _identifier(wizard.entered.get("begun", ""))
    try:
        return linking.enter(wizard.caller, wizard.space, begun, entry, now=wizard.now).id
    except InvalidInput as problem:
        form.add_error(problem.field, str(problem))
        return None


def _identifier(text: str) -> UUID:
    """Read an id that a page of ours carries; raises NotFound for what is none."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("link") from None
