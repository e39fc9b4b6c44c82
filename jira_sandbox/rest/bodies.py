"""What the bodies of writes say."""

from jira_sandbox import richtext
from jira_sandbox.acts.wishes import Wish
from jira_sandbox.fields import LENGTH, TOO_LONG, is_rich, wrong
from jira_sandbox.pictures import held_by_id
from jira_sandbox.routing import Call
from jira_sandbox.state.values import Issue, Json
from jira_sandbox.wire import Refusal

_TEXTS = {"comment": "body", "worklog": "comment"}
"""What holds the rich text of that which is no field."""


def wish(call: Call) -> Wish:
    """Read fields, verbs, properties and the words for the history; Refusal 400 if one is misshapen.

    Rich text of API v2 comes as wiki text and leaves as a document.
    """
    return wish_in(call, call.body())


def wish_in(call: Call, body: dict[str, Json]) -> Wish:
    """Read one wish of a body that may hold several; as ``wish``."""
    wanted, verbs = member(body, "fields"), member(body, "update")
    if call.api == 2:
        wanted = {name: _rich(call, name, raw) for name, raw in wanted.items()}
        verbs = {name: _rich_verbs(call, name, raw) for name, raw in verbs.items()}
    return Wish(
        fields=wanted,
        update=verbs,
        properties=properties(body.get("properties") or []),
        history_metadata=member(body, "historyMetadata") or None,
    )


def document(call: Call, name: str, text: str) -> Json:
    """Translate the wiki text of a field; None when it is empty, Refusal 400 when it is too long.

    Mentions get the names of this site's people, images the ids of the work item's files. Data Center keeps
    the text as it is.
    """
    if len(text) > LENGTH:
        raise wrong(name, TOO_LONG)
    names = {user.account_id: user.display_name for user in call.site.users.values()}
    if not call.site.edition.is_cloud:
        return richtext.written(text, names)
    written = richtext.from_wiki(text, names)
    return held_by_id(written, _work_item(call))


def _work_item(call: Call) -> Issue | None:
    try:
        return call.site.issue(call.names.get("issueIdOrKey", ""))
    except LookupError:
        return None


def member(body: dict[str, Json], name: str) -> dict[str, Json]:
    """Read the object called ``name``, empty when absent; Refusal 400 if it is something else."""
    value = body.get(name) or {}
    if not isinstance(value, dict):
        raise Refusal(400, errors={name: "data was not an object"})
    return value


def entries(body: dict[str, Json], name: str) -> list[Json]:
    """Read the list called ``name``, empty when absent; Refusal 400 if it is something else."""
    listed = body.get(name) or []
    if not isinstance(listed, list):
        raise Refusal(400, errors={name: "data was not an array"})
    return listed


def texts(body: dict[str, Json], name: str) -> list[str]:
    """Read the list of texts called ``name``, empty when absent; Refusal 400 if it is something else."""
    listed = body.get(name) or []
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        raise Refusal(400, errors={name: "data was not an array of strings"})
    return listed


def properties(listed: Json) -> dict[str, Json]:
    """Read ``[{"key", "value"}, …]``; Refusal 400 if it is something else."""
    found: dict[str, Json] = {}
    for each in listed if isinstance(listed, list) else [listed]:
        if not isinstance(each, dict) or not isinstance(each.get("key"), str) or "value" not in each:
            raise Refusal(400, errors={"properties": "Each property must have a key and a value."})
        found[each["key"]] = each["value"]
    return found


def _rich(call: Call, name: str, raw: Json) -> Json:
    if raw is None or not is_rich(call.site, name):
        return raw
    if not isinstance(raw, str):
        raise wrong(name, "Operation value must be a string")
    return document(call, name, raw)


def _rich_verbs(call: Call, name: str, raw: Json) -> Json:
    if not isinstance(raw, list) or not all(isinstance(each, dict) for each in raw):
        return raw
    return [{verb: _rich_operand(call, name, operand) for verb, operand in each.items()} for each in raw]


def _rich_operand(call: Call, name: str, operand: Json) -> Json:
    """Translate a text, or the text within a comment or logged work."""
    within = _TEXTS.get(name)
    if within is None or not isinstance(operand, dict) or not isinstance(operand.get(within), str):
        return _rich(call, name, operand)
    return operand | {within: document(call, name, operand[within])}
