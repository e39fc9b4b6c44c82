"""Real work items put into a space: what fits is taken as it is, the rest is named with the reason.

Nobody is told: the work items were there before anybody installed an app or listened.
"""

from jira_sandbox.loading.furnishing import furnish
from jira_sandbox.loading.items import Loaded, load
from jira_sandbox.loading.reading import Misfit

__all__ = ["Loaded", "Misfit", "furnish", "load"]
