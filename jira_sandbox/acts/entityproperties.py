"""Properties of whatever has them and tells nobody of them: all but work items and apps."""

from jira_sandbox.acts.properties import unknown
from jira_sandbox.acts.wishes import checked_property
from jira_sandbox.state.values import Json
from jira_sandbox.world import World


def must_have(held: dict[str, Json], key: str) -> Json:
    """Give the value kept under ``key``; Refusal 404 if there is none."""
    if key not in held:
        raise unknown(key)
    return held[key]


def keep(world: World, held: dict[str, Json], key: str, value: Json) -> bool:
    """Set a property and tell whether it is new; Refusal 400 for too long a key or value."""
    with world.lock:
        is_new = key not in held
        held[key] = checked_property(key, value)
        return is_new


def remove(world: World, held: dict[str, Json], key: str) -> None:
    """Remove a property; Refusal 404 if there is none of that key."""
    with world.lock:
        must_have(held, key)
        del held[key]
