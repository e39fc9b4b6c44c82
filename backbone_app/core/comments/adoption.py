"""Before an original is copied, its copy is sought: the row that tells of it may have been lost."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from backbone_app.core.canonical import digest
from backbone_app.core.comments.twins import Comment, Twin, TwinState
from backbone_app.core.values import Side

FIELD: Final = "comment"
"""The field id under which a comment's body is digested."""

Made = Mapping[str, Twin]
"""By the mark of a copy what our last write of it made."""


def adopted(
    agreed: Twin, original: Comment, copies: Sequence[Comment], made: Made, *, key: bytes
) -> Twin | None:
    """Find the copy of ``original`` among our own comments that no twin knows; None: there is none.

    ``agreed`` is the twin as it would be if the original were sent now, ``key``
    the digest key of the side where ``copies`` are. What a copy's mark says
    counts, and then whatever the original has become since is still to be sent;
    so it is where no row tells of that mark, but it names the original.
    Without that the body has to be the one that would be sent; of several the
    nearest in time.
    """
    origin, to = agreed.origin, agreed.origin.other
    for copy in copies:
        was = made.get(copy.mark)
        if was and (was.origin, was.id_on(origin)) == (origin, original.id):
            return _bound(was, to, copy, key)
    unknown = [one for one in copies if one.mark not in made]
    if named := next((one for one in unknown if one.original == original.id), None):
        if digest(key, FIELD, named.body) != agreed.digest_on(to):
            # What it was made of is forgotten: the original counts as edited since, and is sent.
            agreed = agreed.with_side(origin, comment_id=original.id, digest="", updated=None)
        return _bound(agreed, to, named, key)
    alike = [
        one for one in unknown if not one.original and digest(key, FIELD, one.body) == agreed.digest_on(to)
    ]
    nearest = min(alike, key=lambda one: (abs(one.created - original.created), one.id), default=None)
    return _bound(agreed, to, nearest, key) if nearest else None


def _bound(twin: Twin, to: Side, copy: Comment, key: bytes) -> Twin:
    body = digest(key, FIELD, copy.body)
    bound = twin.with_side(to, comment_id=copy.id, digest=body, updated=copy.updated)
    return replace(bound, state=TwinState.ACTIVE, told=False)
