"""The history of a work item: every act that changes one writes its entry here."""

from collections.abc import Iterable

from jira_sandbox.state.site import Site
from jira_sandbox.state.values import ChangelogEntry, ChangelogItem, Issue, Json, User


def record(
    site: Site, actor: User, issue: Issue, items: Iterable[ChangelogItem], metadata: Json = None
) -> ChangelogEntry:
    """Append an entry made now and move the work item's ``updated``; call it under the world's lock.

    ``metadata`` is the ``historyMetadata`` of the request, shown with the entry. Ids rise over a site.
    """
    entry = ChangelogEntry(
        id=site.next_id("changelog"),
        author=actor.account_id,
        created=site.now(),
        items=tuple(items),
        history_metadata=metadata,
    )
    issue.updated = entry.created
    issue.changelog.append(entry)
    return entry
