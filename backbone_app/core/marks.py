"""What our marks on work items and comments tell: people can write there too, and clones take them along."""

from collections.abc import Iterable
from uuid import UUID

from backbone_app.core.values import Item


def named(written: str) -> UUID | None:
    """Read an id as we write it, None for anything else."""
    try:
        found = UUID(written)
    except ValueError:
        return None
    return found if str(found) == written else None


def age(item: str) -> tuple[int, str]:
    """Rank the ids of one site's work items, the oldest first: Jira counts up."""
    return len(item), item


def twin(items: Iterable[Item], nonce: str) -> Item | None:
    """Pick the one that was created with a nonce; a clone bears it too, and came later."""
    bearing = (one for one in items if one.mark is not None and one.mark.nonce == nonce)
    return min(bearing, key=lambda one: age(one.id), default=None)
