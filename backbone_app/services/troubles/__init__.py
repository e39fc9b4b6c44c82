"""What stands in the way in one synchronization, and the ways out: retry, ignore, a new twin.

Both sides see what failed where. Jira's own sentence about it is shown to the
people of the space it came from only.
"""

from backbone_app.services.troubles.acting import create_twin, ignore, retry, retry_all
from backbone_app.services.troubles.listing import PAGE, listed
from backbone_app.services.troubles.shown import Health, Item, Trouble, Troubles, Waiting

__all__ = [
    "PAGE",
    "Health",
    "Item",
    "Trouble",
    "Troubles",
    "Waiting",
    "create_twin",
    "ignore",
    "listed",
    "retry",
    "retry_all",
]
