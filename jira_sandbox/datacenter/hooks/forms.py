"""What a registration asks for, in the form up to 9 and in that from 10 on; Refusal 400 names all faults."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from jira_sandbox import jql
from jira_sandbox.datacenter.hooks.known import EVENTS
from jira_sandbox.routing import Call
from jira_sandbox.state.hooks import HookSettings
from jira_sandbox.state.values import Json
from jira_sandbox.wire import Refusal

SECTION = "issue-related-events-section"
"""The part of the older form's filters that holds the JQL."""
SCOPE = "global"
_FLAGS = {"true": True, "false": False}


def older(call: Call, before: HookSettings) -> HookSettings:
    """Read the form with ``filters``; from 10 on they are taken and not heeded, whatever they are.

    What it does not name stays as it was. https://jira.atlassian.com/browse/JRASERVER-78733
    """
    form = _Form(call)
    settings = replace(
        form.common(before),
        exclude_body=form.flag("excludeBody", before=before.exclude_body),
        active=form.flag("enabled", before=before.active),
    )
    if call.site.edition.registration == "filters" and "filters" in form.body:
        settings = replace(settings, filter=form.query("filters", form.member("filters", SECTION)))
    return form.checked(settings)


def newer(call: Call, before: HookSettings) -> HookSettings:
    """Read the form with a ``configuration``; one that is given takes the place of all of the former.

    ``filters`` of the older form are taken here too, and not heeded. That ``FILTERS`` is JQL as such is how
    clients send it; nothing of Atlassian's says so.
    """
    form = _Form(call)
    settings = replace(
        form.common(before),
        active=form.flag("active", before=before.active),
        verifies_tls=form.flag("sslVerificationRequired", before=before.verifies_tls),
    )
    if form.body.get("scopeType", SCOPE) not in (SCOPE, None):
        form.faults["scopeType"] = f"The scope type must be '{SCOPE}'."
    if "configuration" in form.body:
        settings = replace(
            settings,
            secret=form.member("configuration", "SECRET"),
            exclude_body=_FLAGS.get(form.member("configuration", "EXCLUDE_BODY").lower(), False),
            filter=form.query("configuration", form.member("configuration", "FILTERS")),
        )
    return form.checked(settings)


class _Form:
    """A body on its way to settings; ``faults`` are told together, by the name of the member."""

    def __init__(self, call: Call) -> None:
        self.body = call.body()
        self.faults: dict[str, str] = {}
        self._call = call

    def common(self, before: HookSettings) -> HookSettings:
        """Take what both forms name alike."""
        return replace(
            before,
            name=self._text("name", before.name),
            url=self._address(before.url),
            events=self._events(before.events),
        )

    def checked(self, settings: HookSettings) -> HookSettings:
        """Give ``settings``; Refusal 400 if there were faults."""
        if self.faults:
            raise Refusal(400, errors=self.faults)
        return settings

    def flag(self, name: str, *, before: bool) -> bool:
        """Read true or false, of which some clients make a text."""
        value = self.body.get(name, before)
        if isinstance(value, str):
            value = _FLAGS.get(value.lower())
        if not isinstance(value, bool):
            self.faults[name] = f"The {name} must be true or false."
        return bool(value)

    def member(self, name: str, key: str) -> str:
        """Read one text out of an object of texts; empty if there is none."""
        value: Any = self.body.get(name)
        if value is None:
            return ""
        if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
            self.faults[name] = f"The {name} must be an object of texts."
            return ""
        return str(value.get(key, ""))

    def query(self, name: str, text: str) -> str:
        """Check JQL as for who registers it."""
        try:
            query = jql.parse(text)
            wrong = jql.faults(jql.Asking(self._call.site, self._call.actor, self._call.site.now()), query)
        except Refusal as refusal:
            wrong = refusal.messages
        if wrong:
            self.faults[name] = " ".join(wrong)
        return text

    def _text(self, name: str, before: str) -> str:
        value: Json = self.body.get(name, before)
        if not isinstance(value, str) or not value.strip():
            self.faults[name] = f"The {name} must be specified."
        return str(value)

    def _address(self, before: str) -> str:
        text = self._text("url", before)
        if "url" not in self.faults and not _is_address(text):
            self.faults["url"] = f"'{text}' is not a whole address of http or https."
        return text

    def _events(self, before: tuple[str, ...]) -> tuple[str, ...]:
        value: Any = self.body.get("events", list(before))
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self.faults["events"] = "The events must be a list of texts."
            return ()
        strange = [each for each in value if each not in EVENTS]
        if strange:
            self.faults["events"] = f"Unknown events: {', '.join(strange)}."
        return tuple(dict.fromkeys(value))


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
