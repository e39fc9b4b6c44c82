"""Somebody's browser outside Jira: at our pages for signing in, and on the way to another site and back."""

from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from django.http import HttpResponse

from backbone_app.web.sign_in import COOKIE
from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.app import call_app
from tests.support.browsing import Browser, Page
from tests.support.environment import APP


@dataclass(slots=True)
class Outside:
    """A browser that keeps our cookie, and is signed in on a site of the sandbox as one of its people."""

    world: World
    site: Site
    person: str
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, address: str) -> HttpResponse:
        """Open one of our pages; no redirect is followed."""
        return self._sent("GET", _path(address))

    def post(self, address: str, **form: str) -> HttpResponse:
        """Send a form of one of our pages."""
        return self._sent("POST", _path(address), urlencode(form).encode())

    def go_on(self, address: str) -> HttpResponse:
        """Open a link and press its button; the answer leads to the other site: see ``leads_to``."""
        (form,) = page(self.get(address)).forms
        return self.post(form.action, **form.values)

    def leave(self, address: str) -> str:
        """Do the same; gives where on the other site it leads."""
        return leads_to(self.go_on(address))

    def allow(self, there: str, *, decision: str = "allow") -> str:
        """Sign in on the other site, where the address leads, and decide; gives the way back to us."""
        target = urlsplit(there)
        browser = Browser(self.world, self.site).as_person(self.person)
        forms = browser.get(f"{target.path}?{target.query}").forms
        (form,) = (each for each in forms if each.action == target.path)
        answer = browser.send("POST", form.action, form.values | {"decision": decision})
        assert answer.status == 302, answer.body
        return answer.headers["Location"]

    def sign_in(self, address: str, *, decision: str = "allow") -> HttpResponse:
        """All of it: the link, the other site, and back to the page that tells what became of it."""
        back = self.get(self.allow(self.leave(address), decision=decision))
        return self.get(back["Location"]) if back.status_code == 303 else back

    def _sent(self, method: str, target: str, body: bytes = b"") -> HttpResponse:
        headers = {"Accept": "text/html", "Content-Type": "application/x-www-form-urlencoded"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = call_app(method, target, headers=headers, body=body)
        for morsel in SimpleCookie(answer.cookies.output(header="")).values():
            self.cookies[morsel.key] = morsel.value
        assert not self.cookies.keys() - {COOKIE}
        return answer


def leads_to(answer: HttpResponse) -> str:
    """Give the address on another site that a page of ours goes on to by itself."""
    return answer["Refresh"].removeprefix("0; url=")


def page(answer: HttpResponse) -> Page:
    """Read a page of ours."""
    found = Page(answer.status_code)
    found.feed(answer.content.decode())
    return found


def _path(address: str) -> str:
    return address.removeprefix(APP)
