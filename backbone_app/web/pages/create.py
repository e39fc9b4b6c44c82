"""New Synchronization on one instance: choose the space, name and description, overview, Send Request.

Nothing is stored before the last step: each page carries what was entered on
the others, so Back and Next keep it, and each step checks all of it again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from backbone_app.services import requests
from backbone_app.services.requests import SpaceChoice, SpaceChoices
from backbone_app.services.tenants import Caller
from backbone_app.web.auth import Page, Who, own_page
from backbone_app.web.forms import SpaceForm, TitleForm
from backbone_app.web.pages.overview import show_after
from backbone_app.web.pages.steps import Steps, title_to_start_with

_STEPS: Final = Steps(
    heading="Synchronize with another space on this instance",
    titles=("Choose the space", "Name and description", "Overview"),
    before_name="new-space",
    overview="new-overview",
    send="new-send",
)


@dataclass(frozen=True, slots=True)
class _Wizard:
    """One request to a page of the wizard: who asks, what was entered, what can be chosen."""

    request: HttpRequest
    space: str
    choices: SpaceChoices
    entered: Mapping[str, str]

    def partner_form(self) -> SpaceForm:
        """Check what was entered as the partner space."""
        return SpaceForm(self.entered, spaces=self._labels())

    def partner(self) -> SpaceChoice | None:
        """Give the partner space that was chosen; None where it cannot be."""
        return next((each for each in self.choices.others if each.id == self.entered.get("partner")), None)

    def show_spaces(self, form: SpaceForm | None = None) -> HttpResponse:
        """Show the first page, with messages when ``form`` was checked."""
        shown = form or SpaceForm(initial=dict(self.entered), spaces=self._labels())
        return self._page("new_space", form=shown, kept=self.entered, has_choices=bool(self.choices.others))

    def show_title(self, partner: SpaceChoice, form: TitleForm) -> HttpResponse:
        """Show the second page."""
        return self._page("new_name", form=form, kept=_kept(partner))

    def show_overview(self, partner: SpaceChoice, form: TitleForm) -> HttpResponse:
        """Show the third page; ``form`` is valid."""
        own, title = self.choices.own, form.cleaned_data
        facts = {
            "Your space": f"{own.name} ({own.key})",
            "Partner space": f"{partner.name} ({partner.key})",
        }
        kept = _kept(partner) | title
        return self._page("new_overview", facts=facts, title=title, partner=partner.name, kept=kept)

    def _labels(self) -> list[tuple[str, str]]:
        return [(each.id, f"{each.name} ({each.key})") for each in self.choices.others]

    def _page(self, name: str, **context: object) -> HttpResponse:
        return render(self.request, f"pages/{name}.html", {"space": self.space, "steps": _STEPS, **context})


@require_GET
@own_page(Who.SPACE_ADMIN, Page.NEW)
def kinds(request: HttpRequest, caller: Caller, space: str) -> HttpResponse:
    """List the ways to create a synchronization."""
    requests.require_admin(caller, space, now=timezone.now())
    return render(request, "pages/new.html", {"space": space})


@require_http_methods(["GET", "POST"])
@own_page(Who.SPACE_ADMIN, Page.NEW)
def choose_space(request: HttpRequest, caller: Caller, space: str) -> HttpResponse:
    """Show the first page (GET, or POST on the way back), or take its entry and show the second one."""
    wizard = _wizard(request, caller, space)
    if request.method == "GET" or "back" in request.POST:
        return wizard.show_spaces()
    partner = wizard.partner()
    if partner is None:
        return wizard.show_spaces(wizard.partner_form())
    return wizard.show_title(partner, _first_title(wizard, partner))


@require_POST
@own_page(Who.SPACE_ADMIN, Page.NEW)
def check_overview(request: HttpRequest, caller: Caller, space: str) -> HttpResponse:
    """Take the entry of the second page and show the third one."""
    wizard = _wizard(request, caller, space)
    partner, form = wizard.partner(), TitleForm(request.POST)
    if partner is None:
        return wizard.show_spaces(wizard.partner_form())
    if not form.is_valid():
        return wizard.show_title(partner, form)
    return wizard.show_overview(partner, form)


@require_POST
@own_page(Who.SPACE_ADMIN, Page.NEW)
def send_request(request: HttpRequest, caller: Caller, space: str) -> HttpResponse:
    """Send the request that the third page shows."""
    wizard = _wizard(request, caller, space)
    partner, form = wizard.partner(), TitleForm(request.POST)
    if partner is None:
        return wizard.show_spaces(wizard.partner_form())
    if not form.is_valid():
        return wizard.show_title(partner, form)
    now = timezone.now()
    requests.send(caller, space, partner_space=partner.id, **form.cleaned_data, now=now)
    explained = f"A space admin of {partner.name} can accept it now."
    return show_after(request, caller, space, done="Request sent", explained=explained, now=now)


def _wizard(request: HttpRequest, caller: Caller, space: str) -> _Wizard:
    choices = requests.spaces_to_choose(caller, space, now=timezone.now())
    return _Wizard(request, space, choices, request.POST.dict())


def _first_title(wizard: _Wizard, partner: SpaceChoice) -> TitleForm:
    offered = requests.defaults(wizard.choices.own, partner)
    return title_to_start_with(wizard.entered, named_for=partner.id, offered=offered)


def _kept(partner: SpaceChoice) -> dict[str, str]:
    return {"partner": partner.id, "named_for": partner.id}
