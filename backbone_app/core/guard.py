"""The last door before any write: refuse a plan that must not be applied.

The planner already keeps to all this. The guard shares none of its code, so
that one fault in the planner is not enough to write where nobody allowed it.
"""

from backbone_app.core.configuration import Configuration
from backbone_app.core.operations import Plan


def check(configuration: Configuration, plan: Plan) -> str | None:
    """The code of the refusal, or None when the plan may be applied.

    ``unmapped_field``, ``unmapped_type``, ``direction``, ``empty_summary``, ``two_creations``.
    """
    raise NotImplementedError
