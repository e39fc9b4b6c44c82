"""Our pages as a person meets them: read what is shown, fill in forms, press what can be pressed.

Addresses and values come from the page itself (``hx-get``, ``hx-post``, ``hx-vals``,
form fields), so that a test follows the same path as htmx does.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse

from tests.support.app import Visitor

VOID = {"br", "input", "link", "meta"}


@dataclass(slots=True, eq=False)
class Element:
    """One element of a page."""

    tag: str
    attributes: Mapping[str, str]
    parent: "Element | None" = None
    children: list["Element | str"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What it says, blanks collapsed."""
        parts = (child if isinstance(child, str) else child.text for child in self.children)
        return " ".join(" ".join(parts).split())

    @property
    def label(self) -> str:
        """What a button is called: a choice is called by its heading."""
        heading = self.all("strong")
        return self.attributes.get("aria-label") or (heading[0].text if heading else self.text)

    def walk(self) -> Iterator["Element"]:
        """Give every element inside, in the order of the page."""
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.walk()

    def all(self, tag: str, **attributes: str) -> list["Element"]:
        """Elements of this tag whose attributes hold these values; ``class_`` looks for one class."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [each for each in self.walk() if each.tag == tag and each.has(wanted)]

    def one(self, tag: str, **attributes: str) -> "Element":
        """The only element of this kind."""
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} elements {tag} {attributes} in: {self.text}"
        return found[0]

    def has(self, wanted: Mapping[str, str]) -> bool:
        """Whether the attributes are as wanted."""
        return all(
            value in self.attributes.get(name, "").split()
            if name == "class"
            else self.attributes.get(name) == value
            for name, value in wanted.items()
        )

    def up(self, tag: str) -> "Element | None":
        """The nearest element of this tag around it."""
        return self.parent if self.parent is None or self.parent.tag == tag else self.parent.up(tag)


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.at = Element("page", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.at)
        self.at.children.append(element)
        if tag not in VOID:
            self.at = element

    def handle_endtag(self, tag: str) -> None:
        assert self.at.tag == tag, f"</{tag}> closes <{self.at.tag}>"
        assert self.at.parent is not None
        self.at = self.at.parent

    def handle_data(self, data: str) -> None:
        self.at.children.append(data)


def parse(response: HttpResponse) -> Element:
    """Read a page, or a part of one; a wrongly nested tag fails."""
    builder = _Builder()
    builder.feed(response.content.decode())
    assert builder.at is builder.root, f"<{builder.at.tag}> is not closed"
    return builder.root


def values(form: Element) -> dict[str, str]:
    """What a form would send as it stands."""
    sent = {
        each.attributes["name"]: each.attributes.get(
            "value", "on" if each.attributes.get("type") == "checkbox" else ""
        )
        for each in form.all("input")
        if "name" in each.attributes
        and (each.attributes.get("type") not in {"radio", "checkbox"} or "checked" in each.attributes)
    }
    sent |= {
        each.attributes["name"]: "".join(map(str, each.children)).removeprefix("\n")
        for each in form.all("textarea")
    }
    for select in form.all("select"):
        chosen = [each for each in select.all("option") if "selected" in each.attributes]
        sent[select.attributes["name"]] = (chosen or select.all("option"))[0].attributes["value"]
    return sent


@dataclass(slots=True)
class Reader:
    """A person who reads our pages of one space; ``page`` is what they see now."""

    visitor: Visitor
    space: str
    page: Element = field(init=False)
    last: HttpResponse = field(init=False)

    def __post_init__(self) -> None:
        self.reload()

    def reload(self) -> Element:
        """Open the overview anew."""
        return self.show(self.visitor.get(f"/spaces/{self.space}/overview"))

    def show(self, response: HttpResponse) -> Element:
        """Take an answer as the page."""
        assert response.status_code == 200, response.content.decode()
        self.last, self.page = response, parse(response)
        return self.page

    def press(self, label: str, **entries: str) -> Element:
        """Press the button with this label after filling in the form around it."""
        return self.show(self.send(label, **entries))

    def send(self, label: str, **entries: str) -> HttpResponse:
        """Do what ``press`` does, but keep the page: for answers that are refusals."""
        buttons = [each for each in self.page.all("button") if each.label == label]
        assert len(buttons) == 1, f"{len(buttons)} buttons {label!r} in: {self.page.text}"
        button, form = buttons[0], buttons[0].up("form")
        if "hx-get" in button.attributes:
            return self.visitor.get(button.attributes["hx-get"])
        entered = {**(values(form) if form else {}), **entries}
        entered |= json.loads(button.attributes.get("hx-vals", "{}"))
        if "name" in button.attributes:
            entered[button.attributes["name"]] = button.attributes["value"]
        target = button.attributes.get("hx-post") or (form.attributes["hx-post"] if form else "")
        return self.visitor.post(target, **entered)

    def status(self) -> str:
        """The state that the only line of the overview shows."""
        return self.page.one("span", class_="lozenge").text

    def flag(self) -> dict[str, Any]:
        """The flag that Jira is asked to show."""
        flag = json.loads(self.last["HX-Trigger"])["app:flag"]
        assert isinstance(flag, dict)
        return flag
