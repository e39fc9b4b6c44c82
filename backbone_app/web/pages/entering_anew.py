"""The form for what an application link shows over there by now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from backbone_app.errors import InvalidInput
from backbone_app.services import linking
from backbone_app.services.tenants import Caller
from backbone_app.web.forms import CredentialsForm

ENTERED: Final = "Application link entered"
"""The title of the flag that says so."""


@dataclass(frozen=True, slots=True)
class EnteringAnew:
    """A request about one application link of the caller's site.

    ``page`` is the template that shows the form, ``place`` what its addresses are made of besides.
    """

    request: HttpRequest
    caller: Caller
    space: str
    application: UUID
    page: str
    place: Mapping[str, object]
    now: datetime

    def show(self, form: CredentialsForm) -> HttpResponse:
        """Show the form."""
        found = linking.to_enter_anew(self.caller, self.space, self.application, now=self.now)
        context = {"space": self.space, "application": found, "form": form, **self.place}
        return render(self.request, f"pages/{self.page}.html", context)

    def take(self) -> HttpResponse | None:
        """Keep what was entered; the page with an objection beside its field, None where it was kept."""
        form = CredentialsForm(self.request.POST)
        if not form.is_valid():
            return self.show(form)
        try:
            linking.enter_anew(self.caller, self.space, self.application, **form.cleaned_data, now=self.now)
        except InvalidInput as problem:
            form.add_error(problem.field, str(problem))
            return self.show(form)
        return None
