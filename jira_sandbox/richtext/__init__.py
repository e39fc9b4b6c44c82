"""Rich text in Jira's two forms: Atlassian documents (ADF, API v3) and wiki text (API v2)."""

from jira_sandbox.richtext.document import fault, paragraphs, text_of
from jira_sandbox.richtext.from_wiki import from_wiki
from jira_sandbox.richtext.html import to_html
from jira_sandbox.richtext.to_wiki import to_wiki
from jira_sandbox.richtext.written import Written, written

__all__ = ["Written", "fault", "from_wiki", "paragraphs", "text_of", "to_html", "to_wiki", "written"]
