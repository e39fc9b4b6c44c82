"""New Synchronization with a Cloud Instance: its address and space, sign-in there, name, overview, Create.

Our app is not there: somebody lets us in, which takes an endpoint of the remote licence. Whatever keeps them
from that is said before anybody is asked.
"""

from dataclasses import dataclass, replace
from typing import ClassVar
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import reswap, retarget, trigger_client_event

from backbone_app.errors import InvalidInput
from backbone_app.services import linking, unfinished
from backbone_app.services.linking import CloudPartner
from backbone_app.services.tenants import Caller
from backbone_app.web import sign_in as outside
from backbone_app.web.auth import Page, Who, own_page
from backbone_app.web.forms import AddressForm
from backbone_app.web.pages.over_links import LinkedWizard
from backbone_app.web.pages.steps import ON_THE_CLOUD
from backbone_app.web.pages.waiting import WITHDRAWN, Asked, show_news

_WHERE = ("base_url", "space_key")
_TITLE = ("named_for", "name", "description")


@dataclass(frozen=True, slots=True)
class _Wizard(LinkedWizard):
    """The wizard for a Cloud site without our app."""

    steps: ClassVar = ON_THE_CLOUD
    carried: ClassVar = (*_WHERE, "link", "partner")

    def show_partner(self, form: AddressForm) -> HttpResponse:
        """Show the first page, with messages when ``form`` was checked."""
        known = linking.known_clouds(self.caller, self.space, now=self.now)
        context = {
            "form": form,
            "kept": self.kept(*_TITLE),
            "unused": [each for each in known if not each.in_use],
            "obstacle": linking.cloud_obstacle(self.caller, self.space, now=self.now),
        }
        return self.page("new_cloud", done=0, **context)

    def go_on(self) -> HttpResponse:
        """Take the entry of the first page, and show where it leads."""
        form = AddressForm(self.entered)
        partner = self._partner(form)
        if partner is None:
            return self.show_partner(form)
        if partner.has_app or partner.obstacle:
            kept = self.kept(*_WHERE, *_TITLE)
            return self.page("new_cloud_not_yet", done=0, partner=partner, kept=kept)
        return self._ask_by(form) if partner.link is None else self.name_it(form, partner.link)

    def ask(self, *, is_copied: bool) -> HttpResponse:
        """Make a link to sign in with, and show the second page with it."""
        token = outside.new_token()
        address = self.entered.get("base_url", "")
        found = linking.ask_for_cloud(
            self.caller, self.space, base_url=address, token=token, is_copied=is_copied, now=self.now
        )
        asked = Asked(
            found=found,
            address=outside.address(token),
            look_at=self.look_at(found.id),
            copy_at=reverse("new-cloud-copy", args=[self.space]),
            withdraw_at=reverse("new-cloud-withdraw", args=[self.space, found.id]),
            carries=self.kept(*_WHERE, *_TITLE),
        )
        return self.page("new_sign_in", done=1, **asked.context)

    def look_at(self, attempt: UUID) -> str:
        """Give the address that tells how far a sign-in has come; what people wrote has no place in it."""
        carried = urlencode(self.kept("space_key"))
        return f"{reverse('new-cloud-wait', args=[self.space, attempt])}?{carried}"

    def name_it(self, form: AddressForm, link: UUID) -> HttpResponse:
        """Show the third page, or the first one where the account that signed in sees no such space."""
        key = self.entered.get("space_key", "")
        try:
            found = linking.cloud_space(self.caller, self.space, link, space_key=key, now=self.now)
        except InvalidInput as problem:
            form.add_error(problem.field, str(problem))
            return self.show_partner(form)
        chosen = replace(self, entered={**self.entered, "link": str(link), "partner": found.id})
        return chosen.show_first_title(chosen.offer())

    def _ask_by(self, form: AddressForm) -> HttpResponse:
        """Show the second page, or the first one where there is no such site."""
        try:
            return self.ask(is_copied=False)
        except InvalidInput as problem:
            form.add_error(problem.field, str(problem))
            return self.show_partner(form)

    def _partner(self, form: AddressForm) -> CloudPartner | None:
        """Ask the service what was entered; its objection goes beside the field."""
        if not form.is_valid():
            return None
        try:
            return linking.cloud_partner(self.caller, self.space, **form.cleaned_data, now=self.now)
        except InvalidInput as problem:
            form.add_error(problem.field, str(problem))
            return None


@require_http_methods(["GET", "POST"])
@own_page(Who.SPACE_ADMIN, Page.NEW)
def choose_partner(request: HttpRequest, caller: Caller, space: str) -> HttpResponse:
    """Show the first page (GET, or POST on the way back), or take its entry and show the next one."""
    wizard = _wizard(request, caller, space)
    if request.method == "GET" or "back" in request.POST:
        return wizard.show_partner(AddressForm(initial=wizard.kept(*_WHERE)))
    return wizard.go_on()


@require_POST
@own_page(Who.SPACE_ADMIN, Page.NEW)
def sign_in(request: HttpRequest, caller: Caller, space: str) -> HttpResponse:
    """Show what comes after the first page; on the way back that is one while somebody has to sign in."""
    wizard = _wizard(request, caller, space)
    if "back" in request.POST and wizard.entered.get("link"):
        return wizard.show_partner(AddressForm(initial=wizard.kept(*_WHERE)))
    return wizard.go_on()


@require_POST
@own_page(Who.SPACE_ADMIN, Page.NEW)
def copy_link(request: HttpRequest, caller: Caller, space: str) -> HttpResponse:
    """Make a link to be sent to somebody, and show it."""
    return _wizard(request, caller, space).ask(is_copied=True)


@require_POST
@own_page(Who.SPACE_ADMIN, Page.NEW)
def withdraw_link(request: HttpRequest, caller: Caller, space: str, attempt: UUID) -> HttpResponse:
    """Take a link back that was to be sent to somebody, and show the first page; it has asked before."""
    wizard = _wizard(request, caller, space)
    linking.withdraw(caller, space, attempt, now=wizard.now)
    response = wizard.show_partner(AddressForm(initial=wizard.kept(*_WHERE)))
    return trigger_client_event(response, "app:flag", dict(WITHDRAWN))


@require_GET
@own_page(Who.SPACE_ADMIN, Page.NEW)
def wait(request: HttpRequest, caller: Caller, space: str, attempt: UUID) -> HttpResponse:
    """Tell a page that waits how far the sign-in has come; once somebody has, show the third page."""
    now = timezone.now()
    found = linking.progress(caller, space, attempt, now=now)
    entered = {"space_key": request.GET.get("space_key", ""), "base_url": found.address}
    if found.link is None:
        wizard = _Wizard(request, caller, space, entered, now)
        return show_news(request, found, look_at=wizard.look_at(attempt))
    begun = unfinished.find(caller, space, now=now)
    entered |= {name: begun.entered.get(name, "") for name in _TITLE} if begun else {}
    shown = _Wizard(request, caller, space, entered, now).name_it(AddressForm(entered), found.link)
    return reswap(retarget(shown, "#content"), "innerHTML")


@require_POST
@own_page(Who.SPACE_ADMIN, Page.NEW)
def remove_link(request: HttpRequest, caller: Caller, space: str, link: UUID) -> HttpResponse:
    """Remove a link that nothing uses, and show the first page; it has asked before."""
    wizard = _wizard(request, caller, space)
    linking.remove_cloud(caller, space, link, now=wizard.now)
    response = wizard.show_partner(AddressForm(initial=wizard.kept(*_WHERE)))
    explained = (
        "Its tokens are destroyed. Whoever signed in can remove Backbone under Connected apps as well."
    )
    flag = {"title": "Link removed", "body": explained, "type": "success"}
    return trigger_client_event(response, "app:flag", flag)


@require_POST
@own_page(Who.SPACE_ADMIN, Page.NEW)
def check_overview(request: HttpRequest, caller: Caller, space: str) -> HttpResponse:
    """Show the third page on the way back, or take its entry and show the last one."""
    return _wizard(request, caller, space).take_title()


@require_POST
@own_page(Who.SPACE_ADMIN, Page.NEW)
def create(request: HttpRequest, caller: Caller, space: str) -> HttpResponse:
    """Create the synchronization that the last page shows."""
    return _wizard(request, caller, space).create()


def _wizard(request: HttpRequest, caller: Caller, space: str) -> _Wizard:
    return _Wizard(request, caller, space, request.POST.dict(), timezone.now())
