"""A person's browser, as far as the story needs one: Jira's page, the app's page in its iframe, clicks.

It sends the requests that a browser with htmx sends, and it can only press what the page shows: a button's
own address or its form's, with the form's values, and a token that Jira's page gives for each request.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from html.parser import HTMLParser
from urllib.parse import urljoin

import requests

from jira_sandbox.demo.people import SECONDS
from jira_sandbox.demo.stage import wait_for
from jira_sandbox.demo.trouble import Busy, NotOffered, Refused
from jira_sandbox.state.site import Site

Attributes = dict[str, str]


@dataclass(slots=True)
class Button:
    """Something to press: its words, its attributes, and the form it stands in (with nothing: none)."""

    attributes: Attributes
    form: "Form | None"
    words: str = ""


@dataclass(slots=True)
class Form:
    """A form: its attributes and the values its controls hold."""

    attributes: Attributes
    values: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    """What a page offers: links, buttons, forms with the values they hold, frames, and its visible text.

    ``times`` are the moments it tells, each with how much of the text stands before it; ``shown`` is what is
    there to be copied, by the ids of its fields, and ``looks`` are the addresses it asks for news.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.buttons: list[Button] = []
        self.links: list[str] = []
        self.frames: list[str] = []
        self.loads: list[str] = []
        self.text = ""
        self.times: list[tuple[int, datetime]] = []
        self.shown: dict[str, str] = {}
        self.looks: list[str] = []
        self._form: Form | None = None
        self._button: Button | None = None
        self._control_name = ""
        self._in_text = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of what can be followed, pressed or filled in."""
        attributes = {name: value or "" for name, value in attrs}
        self._note(attributes)
        match tag:
            case "a":
                self.links.append(attributes.get("href", ""))
            case "iframe":
                self.frames.append(attributes.get("src", ""))
            case "time":
                self.times.append((len(self.text), datetime.fromisoformat(attributes["datetime"])))
            case "form":
                self._form = Form(attributes)
            case "button":
                self._button = Button(attributes, self._form)
                self.buttons.append(self._button)
            case "input" | "select" | "textarea" | "option":
                self._control(tag, attributes)

    def handle_endtag(self, tag: str) -> None:
        """Leave a form or a button."""
        if tag == "form":
            self._form = None
        elif tag == "button":
            self._button = None
        elif tag == "textarea":
            self._in_text = False

    def handle_data(self, data: str) -> None:
        """Collect the words of the page, of its buttons and of its text areas."""
        self.text += data
        if self._in_text and self._form is not None:
            self._form.values[self._control_name] += data
        if self._button is not None:
            self._button.words = " ".join(f"{self._button.words} {data}".split())

    def button(self, words: str) -> Button:
        """Find the button with these words, else the first that begins with them; NotOffered for none."""
        fitting = [button for button in self.buttons if button.words.startswith(words)]
        if not fitting:
            raise NotOffered(f"the page offers no {words!r}, only {[each.words for each in self.buttons]}")
        return min(fitting, key=lambda button: button.words != words)

    def _note(self, attributes: Attributes) -> None:
        """Take note of what the page does by itself, and of what is there to be copied."""
        trigger = attributes.get("hx-trigger", "")
        if trigger == "load":
            self.loads.append(attributes["hx-get"])
        elif trigger.startswith("every "):
            self.looks.append(attributes["hx-get"])
        if "readonly" in attributes:
            self.shown[attributes["id"]] = attributes["value"]

    def _control(self, tag: str, attributes: Attributes) -> None:
        if self._form is None:
            return
        if tag != "option":
            self._control_name = attributes.get("name", "")
            self._in_text = tag == "textarea"
        if self._control_name and (tag != "option" or "selected" in attributes):
            self._form.values[self._control_name] = attributes.get("value", "")


class Visitor:
    """A person who has opened the app's page in the settings of a space; ``page`` is what it shows.

    ``authorities`` is a file of the certificates that the browser trusts (default: the usual ones).
    """

    def __init__(self, site: Site, name: str, space: str, *, authorities: str | None = None) -> None:
        self._jira = site.base_url
        self._space = space
        self._trusted = authorities or True
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = self._trusted
        self._session.post(f"{self._jira}/signin", data={"account": name}, timeout=SECONDS)
        self._address = self._launch()

    @property
    def address(self) -> str:
        """Where the app's page stands inside Jira."""
        return self._address

    def press(self, words: str, **filled_in: str) -> None:
        """Press a button, with values filled into the form it stands in."""
        button = self.page.button(words)
        form = button.form
        for attributes in (button.attributes, form.attributes if form else {}):
            for method in ("get", "post"):
                if path := attributes.get(f"hx-{method}"):
                    values = {**form.values, **filled_in} if form and method == "post" else {}
                    self._swap(method, path, values | json.loads(attributes.get("hx-vals", "{}")))
                    return
        raise NotOffered(f"{words!r} leads nowhere")

    def wait_for(self, words: str, *, within: float) -> None:
        """Look for news as the page does until it offers a button; raises NotOffered if it never does."""

        def is_offered() -> bool:
            if not any(button.words == words for button in self.page.buttons):
                self._swap("get", self.page.looks[0], {})
            return any(button.words == words for button in self.page.buttons)

        if not wait_for(is_offered, within=within):
            raise NotOffered(f"the page never offered {words!r}")

    def look_again(self) -> None:
        """Open the app's page anew."""
        self._launch()

    def tell(self, path: str, **content: object) -> None:
        """Call the app's own API as this person."""
        answer = self._ask("post", path, {}, json=content)
        if not answer.ok:
            raise Refused(f"POST {path}", answer.status_code, answer.text)

    def _launch(self) -> str:
        menu = Page(self._get(f"{self._jira}/spaces/{self._space}/settings").text)
        entry = next(link for link in menu.links if "/settings/apps/" in link)
        address = urljoin(self._jira, entry)
        frame = Page(self._get(address).text).frames[0]
        self._origin = frame
        self._swap("get", Page(self._get(frame).text).loads[0], {})
        return address

    def _swap(self, method: str, path: str, values: dict[str, str]) -> None:
        """Send what htmx sends, and show the answer."""
        response = self._ask(method, path, {"HX-Request": "true", "HX-Target": "content"}, data=values)
        if response.status_code != 200:
            kind = Busy if response.status_code == 503 else Refused
            raise kind(f"{method.upper()} {path}", response.status_code, response.text)
        self.page = Page(response.text)

    def _ask(self, method: str, path: str, headers: dict[str, str], **body: object) -> requests.Response:
        """Call the app with a token that Jira's page has just given, and without cookies."""
        token = self._get(f"{self._jira}/_host/token", space=self._space).text
        with requests.Session() as session:
            session.trust_env = False
            session.verify = self._trusted
            session.headers.update(headers | {"Authorization": f"JWT {token}"})
            target = urljoin(self._origin, path)
            return session.request(method, target, timeout=SECONDS, allow_redirects=False, **body)  # type: ignore[arg-type]

    def _get(self, address: str, **query: str) -> requests.Response:
        response = self._session.get(address, params=query, timeout=SECONDS)
        if not response.ok:
            raise Refused(f"GET {address.partition('?')[0]}", response.status_code, response.text)
        return response
