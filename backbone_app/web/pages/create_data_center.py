"""New Synchronization with a Data Center: its application link, sign-in there, space, name, overview, Create.

What can be shown again travels with the pages; a client secret does not: it is kept when it is entered.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import reswap, retarget

from backbone_app.errors import InvalidInput, NotFound
from backbone_app.services import linking
from backbone_app.services.linking import Entry, Progress, Title
from backbone_app.services.tenants import Caller
from backbone_app.web import sign_in as outside
from backbone_app.web.auth import Page, Who, own_page
from backbone_app.web.forms import ApplicationForm, SpaceForm, TitleForm
from backbone_app.web.pages.overview import show_after
from backbone_app.web.pages.steps import Steps, title_to_start_with

_STEPS: Final = Steps(
    heading="Synchronize with a Data Center Instance",
    titles=("Application link", "Sign in", "Choose the space", "Name and description", "Overview"),
    before_name="new-data-center-space",
    overview="new-data-center-overview",
    send="new-data-center-create",
)
_WAITS: Final = (2, 3, 5, 10, 20, 30)
"""Seconds between two looks at whether somebody has signed in: rarer the longer it takes."""


@dataclass(frozen=True, slots=True)
class _Wizard:
    """One request to a page behind the sign-in: over which link, and what was entered."""

    request: HttpRequest
    caller: Caller
    space: str
    link: UUID
    now: datetime

    @property
    def entered(self) -> Mapping[str, str]:
        """What the pages before carried along."""
        return self.request.POST.dict()

    def show_spaces(self, form: SpaceForm | None = None) -> HttpResponse:
        """Show the page of spaces, with messages when ``form`` was checked."""
        found = linking.spaces(self.caller, self.space, self.link, now=self.now)
        labels = [(each.id, f"{each.name} ({each.key})") for each in found]
        shown = SpaceForm(self.entered, spaces=labels) if form else self._spaces_form(labels)
        kept = self._kept("named_for", "name", "description")
        return self._page("new_remote_space", form=shown, kept=kept, has_choices=bool(found))

    def partner_form(self) -> SpaceForm:
        """Check what was entered as the partner space, as far as that can be without asking there."""
        partner = self.request.POST.get("partner", "")
        return SpaceForm(self.entered, spaces=[(partner, partner)])

    def offer(self) -> linking.Offer:
        """Look at what would be created; raises InvalidInput."""
        partner = self.request.POST.get("partner", "")
        return linking.offer(self.caller, self.space, self.link, partner_space=partner, now=self.now)

    def show_title(self, offered: linking.Offer, form: TitleForm | None = None) -> HttpResponse:
        """Show the page of name and description."""
        shown = form or title_to_start_with(self.entered, named_for=offered.partner.id, offered=offered.title)
        kept = self._kept("partner") | {"named_for": offered.partner.id}
        return self._page("new_name", form=shown, kept=kept)

    def show_overview(self, offered: linking.Offer, form: TitleForm) -> HttpResponse:
        """Show the last page; ``form`` is valid."""
        facts = {
            "Your space": f"{offered.own.name} ({offered.own.key})",
            "Partner instance": offered.address,
            "Partner space": f"{offered.partner.name} ({offered.partner.key})",
            "Immediate or review": "immediate",
        }
        kept = self._kept("partner") | {"named_for": offered.partner.id} | form.cleaned_data
        context = {"facts": facts, "title": form.cleaned_data, "kept": kept, "missing": offered.missing}
        return self._page("new_remote_overview", **context)

    def _spaces_form(self, labels: list[tuple[str, str]]) -> SpaceForm:
        return SpaceForm(initial=self.entered, spaces=labels)

    def _kept(self, *names: str) -> dict[str, str]:
        return {"link": str(self.link)} | {name: self.request.POST.get(name, "") for name in names}

    def _page(self, name: str, **context: object) -> HttpResponse:
        return _page(self.request, self.space, name, **context)


@require_POST  # the callback URL that the page shows is kept for whoever opens it
@own_page(Who.SPACE_ADMIN, Page.NEW)
def link_application(request: HttpRequest, caller: Caller, space: str) -> HttpResponse:
    """Show the first page, or take its entry and show the second one."""
    now = timezone.now()
    if "application" not in request.POST:
        return _first_page(request, caller, space, ApplicationForm(), now=now)
    form = ApplicationForm(request.POST)
    application = _application(form, caller, space, now=now)
    if application is None:
        return _first_page(request, caller, space, form, now=now)
    return _ask(request, caller, space, application, is_copied=False, now=now)


@require_POST
@own_page(Who.SPACE_ADMIN, Page.NEW)
def sign_in(request: HttpRequest, caller: Caller, space: str) -> HttpResponse:
    """Show the second page once more, with a link of its own."""
    return _ask(request, caller, space, _named(request, "application"), is_copied=False, now=timezone.now())


@require_POST
@own_page(Who.SPACE_ADMIN, Page.NEW)
def copy_link(request: HttpRequest, caller: Caller, space: str) -> HttpResponse:
    """Make a link to be sent to somebody, and show it."""
    return _ask(request, caller, space, _named(request, "application"), is_copied=True, now=timezone.now())


@require_GET
@own_page(Who.SPACE_ADMIN, Page.NEW)
def wait(request: HttpRequest, caller: Caller, space: str, attempt: UUID) -> HttpResponse:
    """Tell a page that waits how far the sign-in has come; once somebody has, show the third page."""
    now = timezone.now()
    found = linking.progress(caller, space, attempt, now=now)
    if found.link is not None:
        page = _Wizard(request, caller, space, found.link, now).show_spaces()
        return reswap(retarget(page, "#content"), "innerHTML")
    turn = request.GET.get("turn", "0")
    number = int(turn) + 1 if turn.isascii() and turn.isdecimal() and len(turn) < 3 else 0
    return render(request, "partials/waiting.html", {"space": space, **_waiting(found, number)})


@require_POST
@own_page(Who.SPACE_ADMIN, Page.NEW)
def choose_space(request: HttpRequest, caller: Caller, space: str) -> HttpResponse:
    """Show the third page on the way back, or take its entry and show the fourth one."""
    wizard = _wizard(request, caller, space)
    if "back" in request.POST:
        return wizard.show_spaces()
    if not request.POST.get("partner"):
        return wizard.show_spaces(wizard.partner_form())
    return wizard.show_title(wizard.offer())


@require_POST
@own_page(Who.SPACE_ADMIN, Page.NEW)
def check_overview(request: HttpRequest, caller: Caller, space: str) -> HttpResponse:
    """Take the entry of the fourth page and show the last one."""
    wizard = _wizard(request, caller, space)
    offered, form = wizard.offer(), TitleForm(request.POST)
    return wizard.show_overview(offered, form) if form.is_valid() else wizard.show_title(offered, form)


@require_POST
@own_page(Who.SPACE_ADMIN, Page.NEW)
def create(request: HttpRequest, caller: Caller, space: str) -> HttpResponse:
    """Create the synchronization that the last page shows."""
    wizard, form = _wizard(request, caller, space), TitleForm(request.POST)
    if not form.is_valid():
        return wizard.show_title(wizard.offer(), form)
    now, partner = wizard.now, request.POST.get("partner", "")
    linking.create(
        caller, space, wizard.link, partner_space=partner, title=Title(**form.cleaned_data), now=now
    )
    explained = "The two spaces are connected. Start the synchronization to keep them in step."
    return show_after(request, caller, space, done="Synchronization created", explained=explained, now=now)


def _application(form: ApplicationForm, caller: Caller, space: str, *, now: datetime) -> UUID | None:
    """Keep what was entered, or take what was chosen; an objection of the service goes beside the field."""
    chosen = form.data.get("application", "")
    if form.is_valid() and form.data.get("begun"):
        entered = form.cleaned_data
        if chosen != ApplicationForm.NEW:
            return _identifier(chosen)
        entry = Entry(entered["base_url"], entered["client_id"], entered["client_secret"])
        try:
            return linking.enter(caller, space, _identifier(form.data["begun"]), entry, now=now).id
        except InvalidInput as problem:
            form.add_error(problem.field, str(problem))
    return None


def _first_page(
    request: HttpRequest, caller: Caller, space: str, form: ApplicationForm, *, now: datetime
) -> HttpResponse:
    known = linking.known(caller, space, now=now)
    begun = linking.begin(caller, space, now=now)
    chosen = form.data.get("application") or (str(known[0].id) if known else ApplicationForm.NEW)
    context = {"form": form, "known": known, "begun": begun, "chosen": chosen}
    return _page(request, space, "new_application", **context)


def _ask(
    request: HttpRequest, caller: Caller, space: str, application: UUID, *, is_copied: bool, now: datetime
) -> HttpResponse:
    """Make a link to sign in with, and show the second page with it."""
    token = outside.new_token()
    asked = linking.ask(caller, space, application, token, is_copied=is_copied, now=now)
    context = {
        **_waiting(asked, 0),
        "application": application,
        "address": outside.address(token),
    }
    return _page(request, space, "new_sign_in", **context)


def _waiting(found: Progress, turn: int) -> dict[str, object]:
    seconds = _WAITS[min(turn, len(_WAITS) - 1)]
    return {"found": found, "turn": turn, "seconds": seconds}


def _wizard(request: HttpRequest, caller: Caller, space: str) -> _Wizard:
    return _Wizard(request, caller, space, _named(request, "link"), timezone.now())


def _named(request: HttpRequest, name: str) -> UUID:
    return _identifier(request.POST.get(name, ""))


def _identifier(text: str) -> UUID:
    """Read an id that a page of ours carries; raises NotFound for what is none."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("link") from None


def _page(request: HttpRequest, space: str, name: str, **context: object) -> HttpResponse:
    return render(request, f"pages/{name}.html", {"space": space, "steps": _STEPS, **context})
