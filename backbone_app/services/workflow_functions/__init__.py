"""The post functions that Jira's workflows can have: chosen by a Jira admin, called after a transition.

``choosing`` is what the pages of the workflow editor show, ``calls`` what a call does.
"""

from backbone_app.ledger.workflow_calls import Function
from backbone_app.services.workflow_functions.calls import called
from backbone_app.services.workflow_functions.choosing import Choice, Choices, choices

__all__ = ["Choice", "Choices", "Function", "called", "choices"]
