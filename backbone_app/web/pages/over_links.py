"""What the two wizards over a link have in common: from the space that is beyond it to Create.

What can be shown again travels with the pages; no secret does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from backbone_app.errors import NotFound
from backbone_app.services import linking
from backbone_app.services.linking import Title
from backbone_app.services.tenants import Caller
from backbone_app.web.forms import TitleForm
from backbone_app.web.pages.overview import show_after
from backbone_app.web.pages.steps import Steps, keep, title_to_start_with


@dataclass(frozen=True, slots=True)
class LinkedWizard:
    """One request to a page of the wizard: who asks, and what the pages before carried along.

    ``steps`` is the way, ``carried`` names what travels to its last pages.
    """

    request: HttpRequest
    caller: Caller
    space: str
    entered: Mapping[str, str]
    now: datetime

    steps: ClassVar[Steps]
    carried: ClassVar[tuple[str, ...]]

    @property
    def link(self) -> UUID:
        """The link that somebody has let us in with; raises NotFound for what is none."""
        return identifier(self.entered.get("link", ""))

    @property
    def partner(self) -> str:
        """The space that was chosen; empty where none was."""
        return self.entered.get("partner", "")

    def offer(self) -> linking.Offer:
        """Look at what would be created; raises InvalidInput."""
        return linking.offer(self.caller, self.space, self.link, partner_space=self.partner, now=self.now)

    def show_first_title(self, offered: linking.Offer) -> HttpResponse:
        """Show *Name and description* with what was entered for this space, else with the defaults."""
        form = title_to_start_with(self.entered, named_for=offered.partner.id, offered=offered.title)
        return self.show_title(offered, form)

    def show_title(self, offered: linking.Offer, form: TitleForm) -> HttpResponse:
        """Show *Name and description*."""
        done = len(self.steps.takes) - 1
        return self.page("new_name", done=done, form=form, kept=self._chosen(offered))

    def show_overview(self, offered: linking.Offer, form: TitleForm) -> HttpResponse:
        """Show the last page; ``form`` is valid."""
        facts = {
            "Your space": f"{offered.own.name} ({offered.own.key})",
            "Partner instance": offered.address,
            "Partner space": f"{offered.partner.name} ({offered.partner.key})",
        }
        kept = self._chosen(offered) | form.cleaned_data
        context = {"facts": facts, "title": form.cleaned_data, "kept": kept, "missing": offered.missing}
        return self.page("new_remote_overview", done=len(self.steps.takes), **context)

    def take_title(self) -> HttpResponse:
        """Show *Name and description* on the way back, or take its entry and show the last page."""
        offered, form = self.offer(), TitleForm(self.request.POST)
        if "back" in self.request.POST:
            return self.show_first_title(offered)
        return self.show_overview(offered, form) if form.is_valid() else self.show_title(offered, form)

    def create(self) -> HttpResponse:
        """Create the synchronization that the last page shows."""
        form = TitleForm(self.request.POST)
        if not form.is_valid():
            return self.show_title(self.offer(), form)
        title, space, now = Title(**form.cleaned_data), self.space, self.now
        linking.create(self.caller, space, self.link, partner_space=self.partner, title=title, now=now)
        told = "The two spaces are connected. Start the synchronization to keep them in step."
        done = "Synchronization created"
        return show_after(self.request, self.caller, space, done=done, explained=told, now=now)

    def kept(self, *names: str) -> dict[str, str]:
        """Give what was entered under these names, for the next page to carry."""
        return {name: self.entered.get(name, "") for name in names}

    def page(self, name: str, *, done: int, **context: object) -> HttpResponse:
        """Show a page, and keep what was entered so far."""
        keep(self.request, self.caller, self.space, self.steps, done=done, now=self.now)
        shown = {"space": self.space, "steps": self.steps, **context}
        return render(self.request, f"pages/{name}.html", shown)

    def _chosen(self, offered: linking.Offer) -> dict[str, str]:
        return self.kept(*self.carried) | {"named_for": offered.partner.id}


def identifier(text: str) -> UUID:
    """Read an id that a page of ours carries; raises NotFound for what is none."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("link") from None
