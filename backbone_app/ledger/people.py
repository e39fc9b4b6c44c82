"""Which accounts exist on a site, and what they are called: asked in bulk, remembered for an hour.

An account id is the same on every Cloud site, so a mention can be kept where
the person has access. Names are looked up when they are shown, never stored.
"""

import hashlib
from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from django.core.cache import cache

from backbone_app.jira import read
from backbone_app.jira.client import JiraClient

REMEMBERED: Final = 3600


def known(client: JiraClient, site_id: UUID, accounts: Collection[str]) -> frozenset[str]:
    """Tell which of ``accounts`` the site knows; raises the client's errors for those not remembered."""
    if not accounts:
        return frozenset()
    keys = {f"person:{site_id}:{account}": account for account in accounts}
    answers = {keys[key]: bool(answer) for key, answer in cache.get_many(keys).items()}
    unknown = [account for account in accounts if account not in answers]
    if unknown:
        found = read.known_accounts(client, unknown)
        answers |= {account: account in found for account in unknown}
        cache.set_many({key: answers[account] for key, account in keys.items()}, REMEMBERED)
    return frozenset(account for account, exists in answers.items() if exists)


def names(client: JiraClient, site_id: UUID, accounts: Collection[str]) -> Mapping[str, str]:
    """Give the names of the accounts that the site knows, by account id; raises the client's errors."""
    keys = {_name_key(site_id, account): account for account in accounts if account}
    answers: dict[str, str] = {keys[key]: name for key, name in cache.get_many(keys).items()}
    unknown = [account for account in keys.values() if account not in answers]
    if unknown:
        found = read.names(client, unknown)
        answers |= {account: found.get(account, "") for account in unknown}
        cache.set_many({key: answers[account] for key, account in keys.items()}, REMEMBERED)
    return {account: name for account, name in answers.items() if name}


def forget(site_ids: Collection[UUID], accounts: Collection[str]) -> None:
    """Drop what this process remembers of these people.

    Every process remembers by itself: the others may show a name for ``REMEMBERED`` longer, an hour at most.
    """
    places = [(site_id, account) for site_id in site_ids for account in accounts]
    cache.delete_many(
        [_name_key(*place) for place in places]
        + [f"person:{site_id}:{account}" for site_id, account in places]
    )


def _name_key(site_id: UUID, account: str) -> str:
    """Name one answer; hashed, since the cache restricts its keys."""
    return f"name:{site_id}:{hashlib.sha256(account.encode()).hexdigest()}"
