"""Which accounts exist on a site, and what they are called: asked in bulk, remembered for an hour.

An account id is the same on every Cloud site, so a mention can be kept where
the person has access; a Data Center has users of its own. Names are looked up
when they are shown, never stored.
"""

import hashlib
from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from django.core.cache import cache

from backbone_app.jira import read
from backbone_app.jira.client import JiraClient

REMEMBERED: Final = 3600


def known(client: JiraClient, site_id: UUID, accounts: Collection[str], *, of: JiraClient) -> frozenset[str]:
    """Tell which of ``accounts``, those of another site, the site knows; raises the client's errors.

    No call for those remembered, nor between the Cloud and a Data Center, where nobody is the same.
    """
    if not accounts or client.dialect.is_cloud is not of.dialect.is_cloud:
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


def names_for(
    client: JiraClient, site_id: UUID, accounts: Collection[str], *, to: JiraClient
) -> Mapping[str, str]:
    """Give the names of a Cloud site's people to whoever writes to a Data Center; raises the client's errors.

    Nothing anywhere else: a document has the names in it, and a user name of a Data Center's can be read.
    """
    if not client.dialect.is_cloud or to.dialect.is_cloud:
        return {}
    return names(client, site_id, accounts)


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
