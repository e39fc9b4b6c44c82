"""Reading rich text: an Atlassian document in API v3. What v2 sends was translated before."""

from jira_sandbox import richtext
from jira_sandbox.fields.kinds import Place, Told, wrong
from jira_sandbox.state.values import Json

LENGTH = 32_767
TOO_LONG = f"The entered text is too long. It exceeds the allowed limit of {LENGTH:,} characters."
NO_DOCUMENT = "Operation value must be an Atlassian Document (see the Atlassian Document Format)"


def checked(field_id: str, raw: Json) -> Json:
    """Give a sound document, None for an empty one; Refusal 400 in Jira's terse words otherwise."""
    if raw is None:
        return None
    if not isinstance(raw, dict):
        raise wrong(field_id, NO_DOCUMENT)
    if richtext.fault(raw):
        raise wrong(field_id, "INVALID_INPUT", "INVALID_INPUT")
    if not raw["content"] and not isinstance(raw, richtext.Written):
        return None
    if len(richtext.to_wiki(raw)) > LENGTH:
        raise wrong(field_id, "CONTENT_LIMIT_EXCEEDED", "CONTENT_LIMIT_EXCEEDED")
    return raw


def told(_place: Place, value: Json) -> Told:
    """Tell a document in history, as wiki text."""
    return None, richtext.to_wiki(value) if value else None
