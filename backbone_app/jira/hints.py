"""What is left of a delivery that nobody signed: that it may be worth to read something.

Anybody could have sent it who has come to know the address. So nothing in it is believed, and nothing of it
kept but ids: what happened, to what, when and by whom the site itself has to say when it is read. A deletion
that is told is no exception: it becomes a reason to look whether the thing is still there.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Final

import orjson

from backbone_app.jira import bodies, webhooks

COMMENT_UPDATED: Final = "comment_updated"


@dataclass(frozen=True, slots=True)
class Hint:
    """A delivery that asks for a read and shows nothing; ``key`` names it, the same across repetitions.

    The key is no text of the sender's: those name rows that Jira never sent as well.
    """

    body: bytes = field(repr=False)
    key: str


def hint(body: bytes, *, identifier: str | None) -> Hint:
    """Reduce a delivery to ids; raises MalformedDelivery for what Jira would never send."""
    key = hashlib.sha256(bodies.key(body, identifier).encode()).hexdigest()
    return Hint(orjson.dumps(_reduced(webhooks.parse(body, identifier=None))), f"hint:{key}")


def _reduced(told: webhooks.Delivery) -> dict[str, object]:
    """Write what Jira would send of a change that it does not explain."""
    if told.comment is not None:
        comment = {"id": told.comment.id}
        return {"webhookEvent": COMMENT_UPDATED, "issue": {"id": told.item_id}, "comment": comment}
    space = {"project": {"id": told.space}}
    return {"webhookEvent": webhooks.UPDATED, "issue": {"id": told.item_id, "fields": space}}
