"""Ids that are read out of a mark on a work item or a comment: people can write there as well."""

from uuid import UUID


def named(written: str) -> UUID | None:
    """Read an id as we write it, None for anything else."""
    try:
        found = UUID(written)
    except ValueError:
        return None
    return found if str(found) == written else None
