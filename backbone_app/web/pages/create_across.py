"""New Synchronization with another Cloud instance: where it is, the mode, name, overview, Send Request.

As on one instance each page carries what was entered on the others, and each
step checks all of it again. Nothing here depends on whether the partner space
exists; that its instance has the app is no secret.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from backbone_app.errors import InvalidInput
from backbone_app.services import requests
from backbone_app.services.requests import Addressee, SpaceChoice
from backbone_app.services.tenants import Caller
from backbone_app.web.auth import Page, Who, own_page
from backbone_app.web.forms import AddressForm, MessageForm, ModeForm, TitleForm
from backbone_app.web.pages.overview import show_after
from backbone_app.web.pages.steps import ON_ANOTHER_INSTANCE, keep, title_to_start_with

_SENT: Final = "The admins of the partner space will see it if it exists."
_CARRIED: Final = ("named_for", "mode", "name", "description", "message")
"""What the first page carries that was entered on those behind it."""


@dataclass(frozen=True, slots=True)
class _Wizard:
    """One request to a page behind the first one: the own space, and an addressee that has the app."""

    request: HttpRequest
    caller: Caller
    space: str
    own: SpaceChoice
    to: Addressee
    now: datetime

    @property
    def named_for(self) -> str:
        """Whom name and description were offered for."""
        return f"{self.to.base_url} {self.to.space_key}"

    def show_mode(self, form: ModeForm) -> HttpResponse:
        """Show the second page."""
        kept = self._address() | _entered(self.request, "named_for", "name", "description", "message")
        return self._page("new_mode", done=1, form=form, kept=kept, modes=requests.MODES)

    def first_mode(self) -> ModeForm:
        """Begin the second page with what was chosen before, else with the first one there is."""
        return ModeForm(initial={"mode": self.request.POST.get("mode") or next(iter(requests.MODES))})

    def first_title(self) -> TitleForm:
        """Begin the third page with what was entered for this partner, else with the defaults."""
        offered = requests.defaults_across(self.own, self.to)
        return title_to_start_with(self.request.POST.dict(), named_for=self.named_for, offered=offered)

    def show_title(self, form: TitleForm) -> HttpResponse:
        """Show the third page."""
        kept = self._before_title() | _entered(self.request, "message")
        return self._page("new_name", done=2, form=form, kept=kept)

    def show_overview(self, mode: ModeForm, title: TitleForm, message: MessageForm) -> HttpResponse:
        """Show the fourth page; the forms of those before it are valid."""
        chosen = mode.cleaned_data["mode"]
        facts = {
            "Your space": f"{self.own.name} ({self.own.key})",
            "Partner instance": self.to.base_url,
            "Partner space": self.to.space_key,
            "Immediate or review": f"{chosen}. {requests.MODES[chosen]}",
        }
        context = {
            "facts": facts,
            "title": title.cleaned_data,
            "partner": self.to.space_key,
            "is_across": True,
            "form": message,
        }
        kept = self._before_title() | title.cleaned_data
        return self._page("new_overview", done=3, kept=kept, **context)

    def _before_title(self) -> dict[str, str]:
        return self._address() | _entered(self.request, "mode") | {"named_for": self.named_for}

    def _address(self) -> dict[str, str]:
        return {"base_url": self.to.base_url, "space_key": self.to.space_key}

    def _page(self, name: str, *, done: int, **context: object) -> HttpResponse:
        keep(self.request, self.caller, self.space, ON_ANOTHER_INSTANCE, done=done, now=self.now)
        return _page(self.request, self.space, name, **context)


@require_http_methods(["GET", "POST"])
@own_page(Who.SPACE_ADMIN, Page.NEW)
def choose_instance(request: HttpRequest, caller: Caller, space: str) -> HttpResponse:
    """Show the first page (GET, or POST on the way back), or take its entry and show the second one."""
    now = timezone.now()
    if request.method == "GET" or "back" in request.POST:
        requests.own_space(caller, space, now=now)  # refuses whoever may not go on
        return _first_page(request, caller, space, AddressForm(initial=request.POST.dict()), now=now)
    wizard = _wizard(request, caller, space, now=now)
    if isinstance(wizard, HttpResponse):
        return wizard
    return wizard.show_mode(wizard.first_mode())


@require_POST
@own_page(Who.SPACE_ADMIN, Page.NEW)
def choose_mode(request: HttpRequest, caller: Caller, space: str) -> HttpResponse:
    """Show the second page on the way back, or take its entry and show the third one."""
    wizard = _wizard(request, caller, space, now=timezone.now())
    if isinstance(wizard, HttpResponse):
        return wizard
    mode = ModeForm(request.POST)
    if "back" in request.POST:
        return wizard.show_mode(wizard.first_mode())
    if not mode.is_valid():
        return wizard.show_mode(mode)
    return wizard.show_title(wizard.first_title())


@require_POST
@own_page(Who.SPACE_ADMIN, Page.NEW)
def check_overview(request: HttpRequest, caller: Caller, space: str) -> HttpResponse:
    """Take the entry of the third page and show the fourth one."""
    wizard = _wizard(request, caller, space, now=timezone.now())
    if isinstance(wizard, HttpResponse):
        return wizard
    mode, title = ModeForm(request.POST), TitleForm(request.POST)
    message = MessageForm(initial=request.POST.dict())
    return _ask_again(wizard, mode, title) or wizard.show_overview(mode, title, message)


@require_POST
@own_page(Who.SPACE_ADMIN, Page.NEW)
def send_request(request: HttpRequest, caller: Caller, space: str) -> HttpResponse:
    """Send the request that the fourth page shows, with the message that was written there."""
    now = timezone.now()
    wizard = _wizard(request, caller, space, now=now)
    if isinstance(wizard, HttpResponse):
        return wizard
    mode, title, message = ModeForm(request.POST), TitleForm(request.POST), MessageForm(request.POST)
    if (again := _ask_again(wizard, mode, title)) is not None:
        return again
    if not message.is_valid():
        return wizard.show_overview(mode, title, message)
    to, chosen = wizard.to, mode.cleaned_data | title.cleaned_data | message.cleaned_data
    requests.send_across(caller, space, base_url=to.base_url, space_key=to.space_key, **chosen, now=now)
    return show_after(request, caller, space, done="Request sent", explained=_SENT, now=now)


def _wizard(request: HttpRequest, caller: Caller, space: str, *, now: datetime) -> _Wizard | HttpResponse:
    """Read the entry of the first page; where no request can be sent to it, give the page that says so."""
    own = requests.own_space(caller, space, now=now)
    form = AddressForm(request.POST)
    to = _addressee(form, caller, space, now=now)
    if to is None:
        return _first_page(request, caller, space, form, now=now)
    if not to.has_app:
        keep(request, caller, space, ON_ANOTHER_INSTANCE, done=0, now=now)
        kept = _entered(request, "base_url", "space_key", *_CARRIED)
        return _page(request, space, "new_no_app", to=to, kept=kept)
    return _Wizard(request, caller, space, own, to, now)


def _addressee(form: AddressForm, caller: Caller, space: str, *, now: datetime) -> Addressee | None:
    """Ask the service what was entered; its objection goes beside the field."""
    if not form.is_valid():
        return None
    try:
        return requests.addressee(caller, space, **form.cleaned_data, now=now)
    except InvalidInput as problem:
        form.add_error(problem.field, str(problem))
        return None


def _ask_again(wizard: _Wizard, mode: ModeForm, title: TitleForm) -> HttpResponse | None:
    """Show the page whose entry cannot be used; None when both can."""
    if not mode.is_valid():
        return wizard.show_mode(mode)
    return None if title.is_valid() else wizard.show_title(title)


def _first_page(
    request: HttpRequest, caller: Caller, space: str, form: AddressForm, *, now: datetime
) -> HttpResponse:
    keep(request, caller, space, ON_ANOTHER_INSTANCE, done=0, now=now)
    return _page(request, space, "new_instance", form=form, kept=_entered(request, *_CARRIED))


def _entered(request: HttpRequest, *names: str) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in names}


def _page(request: HttpRequest, space: str, name: str, **context: object) -> HttpResponse:
    return render(request, f"pages/{name}.html", {"space": space, "steps": ON_ANOTHER_INSTANCE, **context})
