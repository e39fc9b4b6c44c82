"""A browser without scripts for the sandbox's own pages: keeps cookies, follows links, sends forms."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import parse_qsl, urlencode, urlsplit

from jira_sandbox.front import Front, Request, Response
from jira_sandbox.pages import routes
from jira_sandbox.state.site import Site
from jira_sandbox.world import World


@dataclass(slots=True)
class Form:
    """A form as it stands: where it goes and what it would send."""

    action: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Page(HTMLParser):
    """What a page shows: its text, links, forms and iframes, attributes unescaped."""

    status: int
    text: str = ""
    links: dict[str, str] = field(default_factory=dict)
    forms: list[Form] = field(default_factory=list)
    iframes: list[dict[str, str]] = field(default_factory=list)
    _link: str = ""
    _select: str = ""
    _area: str = ""

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)

    def form(self, action: str) -> dict[str, str]:
        """The values of the only form that goes to ``action``."""
        (found,) = [form.values for form in self.forms if form.action == action]
        return found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a":
            self._link = given["href"]
        elif tag == "iframe":
            self.iframes.append(given)
        elif tag == "form":
            self.forms.append(Form(given["action"]))
        elif tag == "input":
            self.forms[-1].values[given["name"]] = given["value"]
        elif tag == "textarea":
            self._area = given["name"]
            self.forms[-1].values[self._area] = ""
        elif tag == "select":
            self._select = given["name"]
        elif tag == "option" and ("selected" in given or self._select not in self.forms[-1].values):
            self.forms[-1].values[self._select] = given["value"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._link = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1].values[self._area] += data.removeprefix("\n")
        if words := " ".join(data.split()):
            self.text = f"{self.text} {words}".strip()
            if self._link:
                self.links.setdefault(words, self._link)


class Browser:
    """Somebody's browser at one site; ``as_person`` signs in the way people do."""

    def __init__(self, world: World, site: Site) -> None:
        self.front = Front(world, routes.handle)
        self.site = site
        self.cookies: dict[str, str] = {}

    @property
    def context(self) -> str:
        """The path before all others of the site; empty for most."""
        return urlsplit(self.site.base_url).path

    def as_person(self, name: str) -> "Browser":
        """Sign in as one of the site's people."""
        signed_in = self.send("POST", f"{self.context}/signin", {"account": name, "next": f"{self.context}/"})
        assert signed_in.status == 303, signed_in.body
        return self

    def send(self, method: str, address: str, form: dict[str, str] | None = None) -> Response:
        """One request, no redirect followed."""
        target = urlsplit(address)
        headers = {"cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        query = parse_qsl(target.query, keep_blank_values=True)
        request = Request(method, target.path, query, headers, urlencode(form or {}).encode())
        response = self.front.handle(self.site.name, request)
        for morsel in SimpleCookie(response.headers.get("Set-Cookie", "")).values():
            self.cookies[morsel.key] = morsel.value
        return response

    def get(self, address: str) -> Page:
        """Open a page, where it leads to."""
        return self._arrive(self.send("GET", address))

    def post(self, address: str, form: dict[str, str]) -> Page:
        """Send a form and open the page it leads to."""
        return self._arrive(self.send("POST", address, form))

    def _arrive(self, response: Response) -> Page:
        if response.status == 303:
            return self.get(response.headers["Location"])
        page = Page(response.status)
        page.feed(response.body.decode())
        return page
