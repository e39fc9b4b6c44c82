"""The browser of somebody who was sent a link: the app's page outside Jira, another site's own, and back."""

from urllib.parse import urljoin

import requests

from jira_sandbox.demo.people import SECONDS
from jira_sandbox.demo.trouble import NotOffered, Refused
from jira_sandbox.demo.visitor import Page
from jira_sandbox.state.site import Site

FURTHER = "0; url="
"""What a page says in ``Refresh`` that goes on by itself, before the address."""


class Guest:
    """A person who is signed in on a site with one of its accounts; ``page`` is what the browser shows."""

    def __init__(self, site: Site, name: str) -> None:
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.post(f"{site.base_url}/signin", data={"account": name}, timeout=SECONDS)
        self.page = Page("")
        self._address = site.base_url

    def open(self, address: str) -> None:
        """Go to an address, and on to wherever its page leads by itself."""
        self._show(self._session.get(address, timeout=SECONDS))

    def press(self, words: str, **filled_in: str) -> None:
        """Press the button of a form, with values filled into it."""
        button = self.page.button(words)
        if button.form is None:
            raise NotOffered(f"{words!r} leads nowhere")
        values = {**button.form.values, **filled_in}
        if "name" in button.attributes:
            values[button.attributes["name"]] = button.attributes["value"]
        target = urljoin(self._address, button.form.attributes["action"])
        self._show(self._session.post(target, data=values, timeout=SECONDS))

    def _show(self, answer: requests.Response) -> None:
        if not answer.ok:
            raise Refused("what was opened outside Jira", answer.status_code, answer.text)
        self.page, self._address = Page(answer.text), answer.url
        if further := answer.headers.get("Refresh"):
            self.open(further.removeprefix(FURTHER))
