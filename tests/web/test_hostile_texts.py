"""Texts of other people stay texts on our pages, whatever they are made of."""

from collections import Counter

from django.http import HttpResponse

from tests.support.app import Jira
from tests.support.hostile_texts import BATTERY, Scene, furnish, harmless, said, scene
from tests.support.pages import Element, parse
from tests.support.sandbox import VirtualClock

__all__ = ["scene"]

OWN = ("/spaces/", "/panel/", "/settings/", "https://acme.atlassian.net/browse/")
LEADING = ("href", "src", "action", "hx-get", "hx-post", "formaction", "data", "srcdoc")


def shown(scene: Scene) -> dict[str, HttpResponse]:
    """Every page, and what it answers to forms."""
    pages = {name: scene.alice.get(address) for name, address in scene.addresses().items()}
    return pages | scene.typed() | scene.settings()


def rewritten(name: str, scene: Scene, other: Scene) -> str:
    """What a page is called on the other site, if it is called by an id."""
    ids = {scene.request: other.request}
    ids[str(scene.story.synchronization_id)] = str(other.story.synchronization_id)
    for here, there in ids.items():
        name = name.replace(here, there)
    return name


def skeleton(page: Element) -> Counter[tuple[str, tuple[str, ...]]]:
    """What a page is made of: its elements with the names of their attributes."""
    return Counter((each.tag, tuple(sorted(each.attributes))) for each in page.walk())


def leading(page: Element) -> list[str]:
    """Where the page's elements lead to."""
    return [each.attributes[name] for each in page.walk() for name in LEADING if name in each.attributes]


def values(page: Element) -> str:
    """Everything that somebody can read on the page, or hear, or finds in a field."""
    attributes = (value for each in page.walk() for value in each.attributes.values())
    return said(" ".join((page.text, *attributes)))


def test_case_76_every_hostile_text_is_shown_as_it_was_written(scene: Scene) -> None:
    pages = {name: values(parse(answer)) for name, answer in shown(scene).items()}

    for name in ("overview", "troubles"):
        assert [text for text in BATTERY if said(text) not in pages[name]] == []
    assert [name for name, text in pages.items() if "alert(1)" not in text] == []


def test_case_76_a_page_has_the_same_elements_and_leads_to_the_same_places_whatever_it_shows(
    scene: Scene, other_jira: Jira, clock: VirtualClock
) -> None:
    plain = furnish(other_jira, clock, [harmless(text) for text in BATTERY])

    hostile, expected = shown(scene), shown(plain)
    for name, answer in hostile.items():
        other = expected[rewritten(name, scene, plain)]
        assert answer.status_code == other.status_code
        assert skeleton(parse(answer)) == skeleton(parse(other)), name
        assert [each for each in leading(parse(answer)) if not each.startswith(OWN)] == []
