"""The numbered steps of the README, done literally, by whoever is named and in a window of theirs.

What is opened stands as `address`, what is typed or chosen as `value`, what is on a page in **bold**.
"""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import Frame, Locator, Page, Response, expect

from tests.support.processes import ROOT

HEADING: Final = "## Synchronize with a Data Center"
PATIENCE_SECONDS: Final = 45.0
"""The page that waits for somebody looks rarer the longer it takes."""
_STEP: Final = re.compile(
    r"^(?P<number>\d+)\. (?P<who>[A-Z][a-z]+) (?P<does>.*?)\.$(?=\n\d+\. |\n\n)", re.MULTILINE | re.DOTALL
)
_DEED: Final = re.compile(
    r"\b(?P<verb>opens|chooses|follows|presses|enters|pastes|takes|finds) "
    r"(?:`(?P<value>[^`]+)`|\*\*(?P<name>[^*]+)\*\*|(?P<copied>what was copied))"
    r"(?: (?:as|and) \*\*(?P<label>[^*]+)\*\*)?"
)
_NAMED: Final = re.compile(r"`[^`]+`|\*\*[^*]+\*\*")


@dataclass(frozen=True, slots=True)
class Step:
    """One number of the list: who does what."""

    number: int
    who: str
    does: str

    @property
    def deeds(self) -> list[re.Match[str]]:
        """What is done, in this order; nothing that the step names is left out."""
        found = list(_DEED.finditer(self.does))
        assert sum(len(_NAMED.findall(each[0])) for each in found) == len(_NAMED.findall(self.does)), self
        return found

    @property
    def title(self) -> str:
        """What a picture of it is called."""
        last = self.deeds[-1]
        words = last["label"] or last["name"] or last["value"] or last["copied"]
        return f"{self.who} {last['verb']} {words} as step {self.number}".lower().translate(_PLAIN)


_PLAIN: Final = str.maketrans({" ": "-", "/": "-", ":": "", "`": "", "\N{EN DASH}": "-"})


def steps() -> list[Step]:
    """The list in the README."""
    section = (ROOT / "README.md").read_text().partition(f"{HEADING}\n")[2].partition("\n## ")[0]
    found = [
        Step(int(each["number"]), each["who"], " ".join(each["does"].split()))
        for each in _STEP.finditer(section)
    ]
    assert [each.number for each in found] == list(range(1, len(found) + 1))
    return found


@dataclass(slots=True)
class Company:
    """Who takes part, in front of a window each; ``places`` has this run's address for each of the README."""

    windows: Mapping[str, Page]
    places: Mapping[str, str]

    def do(self, step: Step) -> Page:
        """Do what the step says; gives the window it was done in."""
        page = self.windows[step.who]
        for deed in step.deeds:
            _DOES[deed["verb"]](self, page, deed)
        return page

    def here(self, text: str) -> str:
        """Put the addresses of this run for those of the README."""
        for there, here in self.places.items():
            text = text.replace(there, here)
        return text


def _open(company: Company, page: Page, deed: re.Match[str]) -> None:
    if deed["name"]:
        _the(page, lambda frame: frame.locator("summary").and_(_called(frame, deed["name"]))).click()
    else:
        page.goto(company.here(deed["value"]) if deed["value"] else copied(page))


def _choose(_company: Company, page: Page, deed: re.Match[str]) -> None:
    if deed["name"]:
        _the(page, lambda frame: frame.locator(".accounts").get_by_role("button", name=deed["name"])).click()
    else:
        _field(page, deed["label"]).select_option(label=deed["value"])


def _follow(_company: Company, page: Page, deed: re.Match[str]) -> None:
    _the(page, lambda frame: frame.get_by_role("link", name=deed["name"], exact=True)).click()


def _press(company: Company, page: Page, deed: re.Match[str]) -> None:
    name = company.here(deed["name"])
    button = _the(page, lambda frame: _button(frame, name))
    if name == "Copy":
        button.click()
        expect(page.frame_locator("#app").get_by_role("button", name="Copied")).to_be_visible()
        return
    with page.expect_response(_is_no_question) as answered:
        button.click()
    if further := answered.value.headers.get("refresh"):
        there = urlsplit(further.removeprefix("0; url="))
        page.wait_for_url(lambda address: urlsplit(address)[:2] == there[:2])
    for frame in page.frames[1:]:
        expect(frame.locator(".htmx-request")).to_have_count(0)


def _enter(company: Company, page: Page, deed: re.Match[str]) -> None:
    _field(page, deed["label"]).fill(company.here(deed["value"]))


def _paste(_company: Company, page: Page, deed: re.Match[str]) -> None:
    _field(page, deed["name"]).press("ControlOrMeta+v")


def _take(company: Company, page: Page, deed: re.Match[str]) -> None:
    """Enter what somebody reads off their own page under the same words."""
    for term in (deed["name"], deed["label"]):
        shown = company.windows["Dana"].locator("dt", has_text=term).locator("+ dd")
        _field(page, term).fill(shown.inner_text())


def _find(_company: Company, page: Page, deed: re.Match[str]) -> None:
    """See it, sooner or later; a list of Jira's does not change by itself."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not (found := _seen(page, lambda frame: frame.get_by_text(deed["name"], exact=True))):
        assert time.monotonic() < end, f"{deed['name']} is not there"
        if len(page.frames) == 1:
            page.reload()
    expect(found.first).to_be_visible()


_DOES: Final[Mapping[str, Callable[[Company, Page, re.Match[str]], None]]] = {
    "opens": _open,
    "chooses": _choose,
    "follows": _follow,
    "presses": _press,
    "enters": _enter,
    "pastes": _paste,
    "takes": _take,
    "finds": _find,
}


def copied(page: Page) -> str:
    """What lies in the clipboard, pasted into a page that is good for nothing else."""
    scratch = page.context.new_page()
    scratch.set_content("<input>")
    scratch.locator("input").press("ControlOrMeta+v")
    text = scratch.locator("input").input_value()
    scratch.close()
    return text


def _button(frame: Frame, name: str) -> Locator:
    """Find a button by its name, or by what is said in bold on one that says more."""
    title = frame.locator("strong").get_by_text(name, exact=True)
    return frame.get_by_role("button", name=name, exact=True).or_(
        frame.get_by_role("button").filter(has=title)
    )


def _field(page: Page, label: str) -> Locator:
    return _the(page, lambda frame: frame.get_by_label(re.compile(rf"^{label}( \*)?$")))


def _called(frame: Frame, name: str) -> Locator:
    return frame.get_by_label(name, exact=True).or_(frame.get_by_text(name, exact=True))


def _the(page: Page, seek: Callable[[Frame], Locator]) -> Locator:
    """Find the one element in whichever frame it is, or comes to be."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not (found := _seen(page, seek)):
        assert time.monotonic() < end, f"it is not there: {page.url}"
        page.wait_for_timeout(100)
    expect(found).to_have_count(1)
    return found


def _seen(page: Page, seek: Callable[[Frame], Locator]) -> Locator | None:
    return next((found for frame in page.frames if (found := seek(frame)).count()), None)


def _is_no_question(response: Response) -> bool:
    """Whether this answers what somebody did, rather than a page that looks whether there is news."""
    return response.request.method == "POST" or "/wait/" not in response.url
