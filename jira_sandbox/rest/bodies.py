"""What the bodies of writes say."""

from jira_sandbox.acts.wishes import Wish
from jira_sandbox.routing import Call
from jira_sandbox.state.values import Json
from jira_sandbox.wire import Refusal


def wish(call: Call) -> Wish:
    """Read fields, verbs, properties and the words for the history; Refusal 400 if one is misshapen."""
    body = call.body()
    return Wish(
        fields=member(body, "fields"),
        update=member(body, "update"),
        properties=properties(body.get("properties") or []),
        history_metadata=member(body, "historyMetadata") or None,
    )


def member(body: dict[str, Json], name: str) -> dict[str, Json]:
    """Read the object called ``name``, empty when absent; Refusal 400 if it is something else."""
    value = body.get(name) or {}
    if not isinstance(value, dict):
        raise Refusal(400, errors={name: "data was not an object"})
    return value


def properties(listed: Json) -> dict[str, Json]:
    """Read ``[{"key", "value"}, …]``; Refusal 400 if it is something else."""
    found: dict[str, Json] = {}
    for each in listed if isinstance(listed, list) else [listed]:
        if not isinstance(each, dict) or not isinstance(each.get("key"), str) or "value" not in each:
            raise Refusal(400, errors={"properties": "Each property must have a key and a value."})
        found[each["key"]] = each["value"]
    return found
