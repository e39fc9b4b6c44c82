"""A work item: how it stands in the synchronizations of its space."""

from backbone_app.services import panel
from backbone_app.services.panel import Panel
from backbone_app.web.api.answers import PanelAnswer
from backbone_app.web.api.endpoint import Call, endpoint
from backbone_app.web.auth import Who


@endpoint("GET", Who.READER, answers=PanelAnswer())
def show_item(call: Call, item: str) -> Panel:
    """Show what the panel of a work item shows, to whoever may see the work item in Jira."""
    return panel.show(call.caller, item, now=call.now)
