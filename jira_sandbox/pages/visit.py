"""A visit: one request to a page, who makes it, and how it is answered."""

import html
from dataclasses import dataclass
from functools import cache
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qsl, quote, unquote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from jira_sandbox import render
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Space, User
from jira_sandbox.wire import Refusal, Request, Response
from jira_sandbox.world import World

Theme = Literal["light", "dark", "auto"]
THEMES: tuple[Theme, ...] = ("light", "dark", "auto")
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self' {leads_to}; base-uri 'none'; frame-ancestors 'none'; frame-src {frames}"
)


class SignInNeeded(Exception):
    """The page is for people; nobody is signed in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A request on its way to a page."""

    world: World
    site: Site
    request: Request

    @property
    def person(self) -> User:
        """Who is signed in; raises SignInNeeded, which leads to the accounts to choose from."""
        if self.visitor is None:
            raise SignInNeeded
        return self.visitor

    @property
    def visitor(self) -> User | None:
        """Who is signed in, if anybody; an account that may not sign in counts as nobody."""
        user = self.site.users.get(self.cookie(user_cookie(self.site)))
        return user if user and user.active and user.account_type == "atlassian" else None

    @property
    def theme(self) -> Theme:
        """The theme this browser chose; light until it does."""
        wanted = self.cookie("sandbox_theme")
        return next((theme for theme in THEMES if theme == wanted), "light")

    @property
    def form(self) -> dict[str, str]:
        """The fields of a posted form; of repeated ones the last."""
        return dict(parse_qsl(self.request.body.decode(errors="replace"), keep_blank_values=True))

    def cookie(self, name: str) -> str:
        """Give the value of a cookie, or nothing."""
        jar = SimpleCookie()
        try:
            jar.load(self.request.headers.get("cookie", ""))
        except CookieError:
            return ""
        return unquote(jar[name].value) if name in jar else ""

    def may(self, permission: str, space: Space) -> bool:
        """Whether the person signed in holds ``permission`` in ``space``."""
        return self.site.may(self.person, permission, space=space)

    def space(self, name: str) -> Space:
        """Give the space with this id or key if the person may see it; otherwise Refusal 404."""
        for space in self.site.spaces_seen_by(self.person):
            if name.upper() in {space.id, space.key}:
                return space
        raise Refusal(404, "There is no such space, or you do not have permission to see it.")


def user_cookie(site: Site) -> str:
    """Name the cookie; ports of one host share their cookies, so that it names the site."""
    return f"sandbox_user_{site.name}"


def page(
    visit: Visit,
    template: str,
    *,
    status: int = 200,
    frames: str = "'none'",
    leads_to: str = "",
    **context: object,
) -> Response:
    """Render an HTML page; ``frames`` is what it may frame, as the Content-Security-Policy says it.

    ``leads_to`` is the origin to which its forms may lead on: browsers hold redirects to the policy too.
    """
    text = (
        environment()
        .get_template(template)
        .render(
            site=visit.site,
            user=visit.visitor,
            is_jira_admin=visit.visitor is not None and visit.site.may(visit.visitor, "ADMINISTER"),
            people=[user for user in visit.site.users.values() if user.account_type == "atlassian"],
            theme=visit.theme,
            themes=THEMES,
            here=visit.request.path,
            **context,
        )
    )
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": _POLICY.format(frames=frames, leads_to=leads_to),
        "Cache-Control": "no-store",
    }
    return Response(status, headers, text.encode())


def plain(text: str, *, status: int = 200) -> Response:
    """Answer a text for scripts."""
    headers = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}
    return Response(status, headers, text.encode())


def go_to(path: str, *, cookie: tuple[str, str] | None = None) -> Response:
    """Answer "see other": ``path`` if it lies on this site, else its start; with a cookie to keep."""
    safe = path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"
    headers = {"Location": quote(safe, safe="/?&=%:-._~"), "Cache-Control": "no-store"}
    if cookie:
        name, value = cookie
        headers["Set-Cookie"] = f"{name}={quote(value, safe='')}; Path=/; HttpOnly; SameSite=Lax"
    return Response(303, headers)


@cache
def environment() -> Environment:
    """Give what renders the templates; for pages that are no site's too."""
    folder = Path(__file__).parent.parent / "templates"
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["moment"] = _moment
    environment.filters["initials"] = _initials
    environment.filters["hue"] = _hue
    return environment


def _moment(when: object) -> Markup:
    stamp = html.escape(render.moment(when))
    return Markup('<time datetime="{}">{}</time>').format(stamp, f"{when:%d %b %Y, %H:%M:%S} UTC")


def _initials(name: str) -> str:
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def _hue(name: str) -> int:
    return sum(place * byte for place, byte in enumerate(name.encode(), start=1)) % 6
