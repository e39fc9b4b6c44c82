"""New Synchronization on one instance: choose the space, name and description, overview, Send Request.

No request is stored before the last step: each page carries what was entered on
the others, so Back and Next keep it, and each step checks all of it again.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from backbone_app.services import requests
from backbone_app.services.requests import SpaceChoice, SpaceChoices
from backbone_app.services.tenants import Caller
from backbone_app.web.auth import Page, Who, own_page
from backbone_app.web.forms import MessageForm, SpaceForm, TitleForm
from backbone_app.web.pages.overview import show_after
from backbone_app.web.pages.steps import ON_THIS_INSTANCE, keep, title_to_start_with

_CARRIED: Final = ("named_for", "name", "description", "message")


@dataclass(frozen=True, slots=True)
class _Wizard:
    """One request to a page of the wizard: who asks, when, and what can be chosen."""

    request: HttpRequest
    caller: Caller
    space: str
    choices: SpaceChoices
    now: datetime

    def partner_form(self) -> SpaceForm:
        """Check what was entered as the partner space."""
        return SpaceForm(self.request.POST, spaces=self._labels())

    def partner(self) -> SpaceChoice | None:
        """Give the partner space that was chosen; None where it cannot be."""
        chosen = self.request.POST.get("partner")
        return next((each for each in self.choices.others if each.id == chosen), None)

    def first_title(self, partner: SpaceChoice) -> TitleForm:
        """Begin the second page with what was entered for this partner, else with the defaults."""
        offered = requests.defaults(self.choices.own, partner)
        return title_to_start_with(self.request.POST.dict(), named_for=partner.id, offered=offered)

    def show_spaces(self, form: SpaceForm | None = None) -> HttpResponse:
        """Show the first page, with messages when ``form`` was checked."""
        shown = form or SpaceForm(initial=self.request.POST.dict(), spaces=self._labels())
        kept = self._entered(*_CARRIED)
        return self._page("new_space", done=0, form=shown, kept=kept, has_choices=bool(self.choices.others))

    def show_title(self, partner: SpaceChoice, form: TitleForm) -> HttpResponse:
        """Show the second page."""
        kept = _kept(partner) | self._entered("message")
        return self._page("new_name", done=1, form=form, kept=kept)

    def show_overview(self, partner: SpaceChoice, form: TitleForm, message: MessageForm) -> HttpResponse:
        """Show the third page; ``form`` is valid."""
        own, title = self.choices.own, form.cleaned_data
        facts = {
            "Your space": f"{own.name} ({own.key})",
            "Partner space": f"{partner.name} ({partner.key})",
        }
        kept = _kept(partner) | title
        return self._page(
            "new_overview",
            done=2,
            facts=facts,
            title=title,
            partner=partner.name,
            kept=kept,
            form=message,
        )

    def _labels(self) -> list[tuple[str, str]]:
        return [(each.id, f"{each.name} ({each.key})") for each in self.choices.others]

    def _entered(self, *names: str) -> dict[str, str]:
        return {name: self.request.POST.get(name, "") for name in names}

    def _page(self, name: str, *, done: int, **context: object) -> HttpResponse:
        keep(self.request, self.caller, self.space, ON_THIS_INSTANCE, done=done, now=self.now)
        shown = {"space": self.space, "steps": ON_THIS_INSTANCE, **context}
        return render(self.request, f"pages/{name}.html", shown)


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
    return wizard.show_title(partner, wizard.first_title(partner))


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
    return wizard.show_overview(partner, form, MessageForm(initial=request.POST.dict()))


@require_POST
@own_page(Who.SPACE_ADMIN, Page.NEW)
def send_request(request: HttpRequest, caller: Caller, space: str) -> HttpResponse:
    """Send the request that the third page shows, with the message that was written there."""
    wizard = _wizard(request, caller, space)
    partner, form, message = wizard.partner(), TitleForm(request.POST), MessageForm(request.POST)
    if partner is None:
        return wizard.show_spaces(wizard.partner_form())
    if not form.is_valid():
        return wizard.show_title(partner, form)
    if not message.is_valid():
        return wizard.show_overview(partner, form, message)
    entered = form.cleaned_data | message.cleaned_data
    requests.send(caller, space, partner_space=partner.id, **entered, now=wizard.now)
    explained = f"A space admin of {partner.name} can accept it now."
    return show_after(request, caller, space, done="Request sent", explained=explained, now=wizard.now)


def _wizard(request: HttpRequest, caller: Caller, space: str) -> _Wizard:
    now = timezone.now()
    return _Wizard(request, caller, space, requests.spaces_to_choose(caller, space, now=now), now)


def _kept(partner: SpaceChoice) -> dict[str, str]:
    return {"partner": partner.id, "named_for": partner.id}
