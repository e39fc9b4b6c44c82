"""The people of loaded work items: invented ones, who can do nothing, in the place of the real."""

import hashlib
from dataclasses import dataclass

from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Json, User

_MARK = "loaded:"
"""So begin the account ids of invented people."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays whom on a site; ``fallback`` plays those of whom a document says nothing."""

    site: Site
    fallback: User

    def player(self, raw: Json) -> User:
        """Give the person here for one a document names: the same one each time, invented at first."""
        name = self._known_as(raw)
        if not name:
            return self.fallback
        if name in self.site.users:
            return self.site.users[name]
        number = f"{_MARK}{hashlib.sha256(name.encode()).hexdigest()[:24]}"
        if number not in self.site.users:
            rank = sum(each.startswith(_MARK) for each in self.site.users) + 1
            self.site.put_user(
                User(
                    account_id=number,
                    name=f"writer{rank}",
                    display_name=f"Writer {rank}",
                    email=f"writer{rank}@{self.site.name}.example.com",
                    password=None,
                )
            )
        return self.site.users[number]

    def _known_as(self, raw: Json) -> str:
        if not isinstance(raw, dict):
            return str(raw) if isinstance(raw, str) else ""
        said = (raw.get(each) for each in ("accountId", "key", "name", "emailAddress", "displayName"))
        return next((str(each) for each in said if each), "")
